"""What Meizu can be asked: the numbers of a task or a day, the switches of a pushId."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import UsageError
from pushctl.core.message import Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Answer, Env, Grant, Question
from pushctl.core.wire import Lost, Reply, Request, Response
from pushctl.vendors.meizu import VENDOR
from pushctl.vendors.meizu.hosts import REGIONS

SECRET = "0123456789abcdef0123456789abcdef"
PUSH_ID = "TST0123456789abcdef0123456789abcdef0123456789"
ACCOUNT = Account("production", None, {"app_id": "100999"}, REGIONS["mainland"])
GRANT = Grant(Secret(SECRET, "$PUSHCTL_TOKEN"), 0, 9e9)
ENV = Env(1_769_817_600.0, bytes)  # 2026-01-31 00:00 UTC, 08:00 in China


def ask(name: str, question: Question, reply: Reply, env: Env = ENV) -> tuple[Request, Answer]:
    steps = VENDOR.asks[name](ACCOUNT, question, GRANT, env)
    request = next(steps)
    with pytest.raises(StopIteration) as end:
        steps.send(reply)
    return request, end.value.value


def answer(value: Any, code: str = "200") -> Response:
    return Response(200, (), json.dumps({"code": code, "message": "", "redirect": "", "value": value}).encode())


def test_there_is_a_trace_and_a_look_at_a_token_and_no_quota() -> None:
    assert set(VENDOR.asks) == {"trace", "token"}


def test_a_task_is_asked_for_by_its_number_and_signed_in_the_query() -> None:
    value = {
        "taskId": 45361,
        "targetNo": 10,
        "validNo": 9,
        "pushedNo": 9,
        "acceptNo ": 8,  # as Meizu's page has the name
        "displayNo": 7,
        "clickNo": 1,
    }
    request, told = ask("trace", Question({"id": "45361"}), answer(value))
    assert request.method == "GET"
    assert request.target(reveal=True) == (
        "https://server-api-push.meizu.com/garcia/api/server/push/statistics/getTaskStatistics"
        "?appId=100999&taskId=45361&sign=711d9f7ab13407f44921721b6f867961"
    )
    assert "711d9f" not in request.target(reveal=False)
    assert told.says.outcome == "accepted"
    assert told.facts == (
        ("taskId", "45361"),
        ("targetNo", "10"),
        ("validNo", "9"),
        ("pushedNo", "9"),
        ("acceptNo", "8"),
        ("displayNo", "7"),
        ("clickNo", "1"),
    )


def test_an_unknown_task_is_a_refusal_in_meizus_words() -> None:
    _, told = ask("trace", Question({"id": "1"}), answer("", "110032"))
    assert (told.says.code, told.exit_code, told.facts) == ("110032", 3, (("taskId", "1"),))


def test_a_msg_id_is_no_task_id_and_nothing_is_asked() -> None:
    with pytest.raises(UsageError) as refused:
        next(VENDOR.asks["trace"](ACCOUNT, Question({"id": "c2ee5c3bf00448cfbceb7fdf68c3c8eb"}), GRANT, ENV))
    assert refused.value.rule == "task-id"
    assert "console" in refused.value.fix


def test_without_an_id_the_app_is_asked_about_by_day_in_chinas_days() -> None:
    days = [
        {"acceptNo": 609, "clickNo": 30, "date": "2017-05-03", "pushedNo": 691287},
        {"acceptNo": 228, "clickNo": 31, "date": "2017-05-02", "pushedNo": 228463},
    ]
    request, told = ask("trace", Question(), answer(days))
    query = {name: value for name, value in request.query if name != "sign"}
    assert query == {"appId": "100999", "startTime": "20260125", "endTime": "20260131"}
    assert request.url.endswith("/statistics/dailyPushStatics")
    assert told.facts[:2] == (("startTime", "20260125"), ("endTime", "20260131"))
    assert told.facts[2] == ("2017-05-02", "pushedNo 228463, acceptNo 228, clickNo 31")
    assert [finding.rule for finding in told.findings] == ["trace-aggregate"]
    late = Env(ENV.now + 16 * 3600, bytes)  # 00:00 of the next day in China
    assert dict(ask("trace", Question(), answer([]), late)[0].query)["endTime"] == "20260201"
    assert [finding.rule for finding in ask("trace", Question(), answer([]))[1].findings] == ["trace-empty"]
    assert ask("trace", Question(), answer("", "500"))[1].findings == ()


@pytest.mark.parametrize(("switch", "rules"), [(1, []), ("1", []), (0, ["switch-off"]), ("0", ["switch-off"])])
def test_the_switches_of_a_push_id_are_told_and_an_off_one_is_remarked_on(switch: Any, rules: list[str]) -> None:
    value = {"barTypeSwitch": switch, "directTypeSwitch": 0, "pushId": PUSH_ID}
    request, told = ask("token", Question(targets=(Target("token", PUSH_ID),)), answer(value))
    assert request.target(reveal=True) == (
        "https://api-push.meizu.com/garcia/api/server/message/getRegisterSwitch"
        f"?appId=100999&pushId={PUSH_ID}&sign=347aa26185cf18f5696e578eba24a1dc"
    )
    state = "on" if str(switch) == "1" else "off"
    assert told.facts == (("barTypeSwitch", f"{switch} ({state})"), ("directTypeSwitch", "0 (off)"))
    assert [finding.rule for finding in told.findings] == rules
    assert told.exit_code == 0


def test_a_dead_push_id_is_told_as_dead() -> None:
    _, told = ask("token", Question(targets=(Target("token", "x"),)), answer("", "110003"))
    assert (told.says.code, told.says.token_dead, told.facts) == ("110003", True, ())


def test_no_token_is_no_question() -> None:
    with pytest.raises(UsageError) as refused:
        next(VENDOR.asks["token"](ACCOUNT, Question(), GRANT, ENV))
    assert refused.value.rule == "no-target"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["clickNo", "date", "barTypeSwitch"]), inner)
    ),
    max_leaves=6,
)


@given(st.sampled_from(["trace", "days", "token"]), json_values)
def test_no_answer_breaks_a_question(name: str, value: Any) -> None:
    question = Question({"id": "1"} if name == "trace" else {}, (Target("token", "x"),))
    _, told = ask("trace" if name == "days" else name, question, answer(value))
    assert told.says.outcome == "accepted"
    assert all(isinstance(fact, str) for pair in told.facts for fact in pair)


def test_no_answer_at_all_is_an_unknown_outcome() -> None:
    assert ask("trace", Question({"id": "1"}), Lost("no", "no host", "DNS"))[1].says.code == "DNS"
