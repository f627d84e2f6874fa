"""From the command line to the emulated Flyme Push and back: what lint lets pass is what the other side takes, and what
that answers is judged as what it meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import both_sides_bench
import pytest
from both_sides_bench import Send, accepted, agree, comes_to, comes_to_its_entry, each_code, each_named, fates
from hypothesis import given
from hypothesis import strategies as st
from meizu_emulator_bench import FORM, Bench

from pushctl.core.emulated import Act, Seen
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant
from pushctl.vendors.meizu import VENDOR, auth
from pushctl.vendors.meizu.emulator import EMULATOR
from pushctl.vendors.meizu.emulator_credentials import APP, file_of
from pushctl.vendors.meizu.emulator_handsets import token_of
from pushctl.vendors.meizu.emulator_scenarios import BOOK
from pushctl.vendors.meizu.emulator_tasks import FINISHED_TASK
from pushctl.vendors.meizu.hosts import REGIONS
from pushctl.vendors.meizu.lint_subject import FIELDS

ACCOUNT = Account("production", None, {"app_id": APP, "package_name": "com.example.app"}, REGIONS["mainland"])
HELLO = ("--title", "Your order", "--body", "It has been sent today")
PUSHES = {
    "notification": HELLO,
    "chat": (*HELLO, "--class", "im", "--collapse", "order-42", "--ttl", "1h", "--data", "n:=1"),
    "marketing": (*HELLO, "--class", "marketing", "--sound", "none"),
    "web page": (*HELLO, "--click", "url:https://example.com"),
    "page of the app": (*HELLO, "--click", "activity:com.example.app.Detail"),
    "not kept": (*HELLO, "--ttl", "0"),
    "payload": ("--payload", '{"noticeBarInfo": {"title": "Your order", "content": "It has been sent"}}'),
    "set": (*HELLO, "--set", "advanceInfo.suspend:=false", "--set", "noticeBarInfo.noticeBarType:=2"),
}
env, send, folder = both_sides_bench.fixtures("meizu", EMULATOR)


@pytest.mark.parametrize("kind", PUSHES)
def test_a_push_of_each_kind_is_accepted(send: Send, kind: str) -> None:
    result = accepted(send(*PUSHES[kind]))
    assert len(result["message_id"]) == 32


@each_named(BOOK)
def test_every_named_scenario_comes_to_what_it_expects(send: Send, name: str) -> None:
    comes_to(send(*HELLO, "--scenario", name), BOOK.named[name])


@each_code(BOOK)
def test_every_code_comes_to_its_entry_with_meizus_own_words(send: Send, code: str) -> None:
    result = comes_to_its_entry(send(*HELLO, "--scenario", code), BOOK.all[code])
    assert result["term"] or code == "300" or code.startswith("http/")


def test_a_silent_push_is_refused_before_anything_is_sent(pushctl: Any, env: dict[str, str]) -> None:
    ran = pushctl("send", "--sandbox", "meizu", "--silent", "--data", "a=b", env=env)
    assert ran.code == 2
    assert "2018-06-16" in ran.err


def test_several_targets_get_a_verdict_each(send: Send) -> None:
    tokens = {token_of(): "accepted", token_of("token-dead"): "refused", f"XXX{'0' * 42}": "refused"}
    document = send(*HELLO, *(f"--token={token}" for token in tokens))
    assert fates(document) == tokens
    assert len({row["message_id"] for row in document["results"]}) == 1


def test_a_message_is_deposited_once_and_its_numbers_can_be_asked_for(
    pushctl: Any, env: dict[str, str], tmp_path: Path
) -> None:
    message = tmp_path / "task.toml"
    message.write_text('title = "Your order"\nbody = "It has been sent today"\n[meizu]\ntask = true\n')
    targets = (f"--token={token_of()}", f"--token={token_of('switch-off')}", "--alias=nobody")
    ran = pushctl("send", "--sandbox", "meizu", "--message", str(message), *targets, "--json", "-v", env=env)
    document = json.loads(ran.out)
    assert {row["code"] for row in document["results"]} == {"200", "target/110010", "target/110005"}
    assert [finding["rule"] for finding in document["findings"]].count("task-id") == 1


def test_the_commonest_mistake_is_told_in_its_own_words(send: Send) -> None:
    (result,) = send(*HELLO, "--scenario", "app-key")["results"]
    assert "AppKey" in result["causes"][0]


@pytest.mark.parametrize("scenario", ["accepted", "wrong-secret"])
def test_no_secret_and_no_signature_is_shown(pushctl: Any, env: dict[str, str], scenario: str) -> None:
    told = both_sides_bench.told(pushctl, env, "meizu", *HELLO, "--scenario", scenario)
    secrets = both_sides_bench.secrets(env, "meizu", "app-*.txt")
    assert len(secrets) > 3
    for secret in secrets:
        assert secret not in told
    assert "sign=$PUSHCTL_SIGN" in told
    assert both_sides_bench.granted(pushctl, env, "meizu") in secrets


# --- questions, and the other region ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code", "bar"),
    [
        ("", 0, "1 (on)"),
        ("switch-off", 0, "0 (off)"),
        ("token-dead", 3, ""),
        ("token-bad", 3, ""),
    ],
)
def test_a_pushid_can_be_asked_about_without_a_push(
    pushctl: Any, env: dict[str, str], name: str, code: int, bar: str
) -> None:
    ran = pushctl("token", "inspect", "--sandbox", "meizu", token_of(name), env=env)
    assert ran.code == code, ran.out + ran.err
    told = " ".join(ran.out.split())
    assert (f"barTypeSwitch {bar}" in told) if bar else ("barTypeSwitch" not in told)


def test_there_is_always_a_task_and_a_day_to_trace(pushctl: Any, env: dict[str, str]) -> None:
    for which in ((str(FINISHED_TASK),), ()):
        ran = pushctl("trace", "--sandbox", "meizu", *which, env=env)
        assert (ran.code, "targetNo" in ran.out) == (0, True), ran.out + ran.err
    assert pushctl("trace", "--sandbox", "meizu", "1", env=env).code == 3


@pytest.mark.parametrize("region", ["mainland", "overseas"])
def test_a_profile_keeps_its_app_and_its_region_in_the_sandbox(
    pushctl: Any, env: dict[str, str], tmp_path: Path, region: str
) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text(
        f'vendor = "meizu"\n[credentials]\napp_secret = "env:NOWHERE"\n[app]\napp_id = "777777"\nregion = "{region}"\n'
    )
    ran = pushctl("send", "--sandbox", "meizu", "-p", str(profile), *HELLO, "-v", env=env)
    assert ran.code == 0, ran.out + ran.err
    host = "server-api-push.in.meizu.com" if region == "overseas" else "server-api-push.meizu.com"
    assert f"https://{host}/garcia/api/server/push/varnished/pushByPushId" in ran.out + ran.err


def test_aliases_have_verdicts_of_their_own(send: Send) -> None:
    document = send(*HELLO, "--alias", "sandbox", "--alias", "switch-off", "--alias", "nobody")
    assert [row["code"] for row in document["results"]] == ["200", "target/110005", "target/110005"]


# --- lint and the other side's checks --------------------------------------------------------------------------------


def _number(code: str) -> str:
    """A code without its level, which the emulated service has no name for."""
    return code.removeprefix("target/")


def signed(bench: Bench, parameters: dict[str, str]) -> bytes:
    """A form of these parameters, in the sandbox's own app."""
    secret = Secret((bench.folder / file_of("secret-own")).read_text(), "$X")
    told = {**parameters, "appId": APP}
    return urlencode({**told, "sign": auth.sign(told, secret).reveal()}).encode()


def served(folder: Path, message: Message, *, strict: bool = True) -> Act:
    bench = Bench(folder, strict=strict)
    grant = Grant(Secret((folder / file_of("secret-own")).read_text(), "$X"), 0, 9e9)
    (job,) = VENDOR.plan([(message, Target("token", token_of()))])
    made = VENDOR.request(ACCOUNT, job, grant, None, Env(bench.now, bytes))
    path = made.url.removeprefix(ACCOUNT.hosts["push"])
    return bench.serve(Seen("POST", path, (FORM,), made.body(reveal=True)))


values = st.one_of(
    st.booleans(),
    st.none(),
    st.integers(-2, 4),
    st.sampled_from([24, 72, 73, 1800, 7201]),
    st.sampled_from(["", "x", "https://a.b", "com.a.B", "1", "#206CFF", "2026-01-31 08:00:00", "order-424", "字" * 40]),
    st.just({}),
    st.just({"zzz": 1}),
    st.lists(st.integers(), max_size=1),
)
paths = st.sampled_from(
    [path.replace("callback.", "callback\\.") for path, one in FIELDS.items() if one.place == "body"]
)


@given(st.lists(st.tuples(paths, values), max_size=3))
def test_what_lint_calls_right_is_taken_and_what_is_refused_lint_had_said(
    folder: Path, pairs: list[tuple[str, Any]]
) -> None:
    assignments = tuple(Assignment(path, value) for path, value in pairs)
    message = Message(title="Your order", body="It has been sent", klass="service", assignments=assignments)
    target = Target("token", token_of())
    agree(VENDOR, ACCOUNT, message, target, lambda: served(folder, message), success="200", plain=_number)


def test_the_two_sides_know_the_same_fields(folder: Path) -> None:
    for path, field in FIELDS.items():
        if field.place == "body":
            place = path.replace("callback.", "callback\\.")
            wrong = Message(title="Hi you", body="There", assignments=(Assignment(place, [["zzz"]]),))
            act = served(folder, wrong)
            assert act.code in ("1005", "110004") or path == "clickTypeInfo.parameters", path
            assert "not a known field" not in act.note, (path, act.note)


FOREIGN = json.loads((Path(__file__).parents[1] / "cases" / "meizu" / "foreign.json").read_text("utf-8"))["pushes"]


@pytest.mark.parametrize("case", FOREIGN, ids=lambda case: f"{case['client'].split(' ')[0]}: {case['name']}")
@pytest.mark.parametrize("strict", [True, False])
def test_the_emulated_service_gets_on_with_what_others_send(folder: Path, case: dict[str, Any], strict: bool) -> None:
    """Their very bodies, for a phone, packages and a task that this service knows."""
    bench, sent = Bench(folder, strict=strict), dict(parse_qsl(case["body"], keep_blank_values=True))
    del sent["sign"]
    if "pushIds" in sent:
        sent["pushIds"] = token_of()
    if "restrictedPackageNames" in sent:
        sent["restrictedPackageNames"] = "com.example.app,com.example.app.lite"
    if "taskId" in sent:
        made = bench.call(
            "push/pushTask/getTaskId", pushType="0", messageJson='{"noticeBarInfo":{"title":"a b","content":"c"}}'
        )
        assert made.response is not None
        sent["taskId"] = str(json.loads(made.response.body)["value"]["taskId"])
    act = bench.serve(Seen("POST", case["path"], (FORM,), signed(bench, sent)))
    assert act.response is not None
    answer = json.loads(act.response.body)
    assert answer["code"] == "200", act.note
    if "alias" in sent:
        assert answer["value"] in ({}, {"110005": ["bob"]})
    elif "pushIds" in sent:
        assert answer["value"] == {}
