"""Lists, tags and everybody in the emulated vivo Push; classes, texts, hours and quotas; what can be asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from vivo_emulator_bench import LIVE, NOON, Bench, code, told

from pushctl.core.emulated import Act
from pushctl.sandbox import forge
from pushctl.vendors.vivo.emulator import EMULATOR
from pushctl.vendors.vivo.emulator_handsets import token_of

DEAD, UNKNOWN, NO_TEST = token_of("token-dead"), token_of("token-unknown"), token_of("test-device")
NIGHT = NOON + 12 * 3600


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("vivo-lists"), [EMULATOR]).credentials("vivo")


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(folder)


def task_of(act: Act) -> str:
    return str(told(act)["taskId"])


def counters(bench: Bench, task: str) -> dict[str, Any]:
    found = told(bench.statistics(task))["statistics"]
    assert [each["taskId"] for each in found] == [task]
    return {name: value for name, value in found[0].items() if value and name != "taskId"}


# --- a list in two steps ---------------------------------------------------------------------------------------------


def test_dead_ids_of_a_list_stand_beside_success(bench: Bench) -> None:
    act = bench.push_list(LIVE, DEAD, UNKNOWN, "never-given-out", requestId="my-request")
    document = told(act)
    assert list(document) == ["requestId", "result", "desc", "invalidUsers"]
    assert (document["requestId"], document["result"], act.code) == ("my-request", 0, "invalidUser/2")
    assert document["invalidUsers"] == [
        {"status": 2, "userid": DEAD},
        {"status": 1, "userid": UNKNOWN},
        {"status": 1, "userid": "never-given-out"},
    ]


def test_list_without_dead_ids(bench: Bench) -> None:
    act = bench.push_list(LIVE, token_of("slow"))
    assert told(act).keys() == {"requestId", "result", "desc"}
    assert (act.code, act.delay_s) == (None, 2.0)


def test_list_of_which_nobody_is_left_is_still_success(bench: Bench) -> None:
    document = told(bench.push_list(DEAD, UNKNOWN))
    assert (document["result"], len(document["invalidUsers"])) == (0, 2)


def test_aliases_in_a_list(bench: Bench) -> None:
    document = told(bench.push_list(regIds=None, aliases=["somebody", "token-dead"]))
    assert document["invalidUsers"] == [{"status": 2, "userid": "token-dead"}]
    assert code(bench.push_list(LIVE, LIVE, aliases=["a"])) == "0"


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"task": None}, "10151"),
        ({"task": " "}, "10151"),
        ({"task": "12139732"}, "10152"),
        ({"regIds": None}, "10150"),
        ({"regIds": []}, "10150"),
        ({"regIds": [LIVE]}, "10153"),
        ({"regIds": [LIVE] * 1001}, "10153"),
        ({"regIds": None, "aliases": ["a"]}, "10154"),
        ({"regIds": None, "aliases": ["a"] * 1001}, "10154"),
        ({"regIds": None, "aliases": ["a", "a" * 71]}, "10301"),
        ({"requestId": None}, "10352"),
        ({"requestId": "r" * 65}, "10353"),
        ({"regIds": LIVE}, "http/400"),
        ({"regIds": [LIVE, 7]}, "http/400"),
        ({"task": 7}, "http/400"),
        ({"appId": 105500001}, "10094"),
    ],
)
def test_wrong_list_is_refused(bench: Bench, changed: dict[str, Any], wanted: str) -> None:
    act = bench.push_list(**{"regIds": [LIVE, LIVE], **changed})
    assert (code(act), act.code) == (wanted, wanted)


def test_two_and_a_thousand_ids(bench: Bench) -> None:
    task = task_of(bench.save())
    assert [code(bench.push_list(*[LIVE] * number, task=task)) for number in (2, 1000)] == ["0", "0"]


def test_saved_body_is_the_apps_own_and_expires(bench: Bench) -> None:
    task = task_of(bench.save(timeToLive=3600))
    single = task_of(bench.send())
    assert code(bench.push_list(LIVE, LIVE, task=single)) == "10152"
    bench.now += 3599
    assert code(bench.push_list(LIVE, LIVE, task=task)) == "0"
    bench.now += 1
    assert code(bench.push_list(LIVE, LIVE, task=task)) == "10155"


@pytest.mark.parametrize(("changed", "wanted"), [({"title": None}, "10055"), ({"title": "测试"}, "10104")])
def test_body_is_looked_at_when_it_is_saved(bench: Bench, changed: dict[str, Any], wanted: str) -> None:
    assert code(bench.save(**changed)) == wanted


def test_saved_body_with_a_target_and_a_short_life_is_noted(bench: Bench) -> None:
    note = bench.save(regId=LIVE, timeToLive=60, profileId="p").note
    for word in ("no target", "900", "profileId"):
        assert word in note


def test_thousand_saved_bodies_a_day_and_no_more(bench: Bench) -> None:
    assert {code(bench.save()) for _ in range(1000)} == {"0"}
    assert code(bench.save()) == "10252"
    bench.now += 86_400
    assert code(bench.save()) == "0"


# --- everybody, and tags ---------------------------------------------------------------------------------------------


def test_everybody_once_a_day(bench: Bench) -> None:
    first = bench.ask("/message/all", **bench.message())
    assert told(first).keys() == {"result", "desc", "taskId"}
    assert counters(bench, task_of(first)) == {"send": 1, "receive": 1, "display": 1}
    assert code(bench.ask("/message/all", **bench.message())) == "10254"
    bench.now += 86_400
    assert code(bench.ask("/message/all", **bench.message())) == "0"


def test_tags(bench: Bench) -> None:
    assert code(bench.ask("/tag/add", name="red")) == "0"
    assert code(bench.ask("/tag/addMembers", name="red", type=1, ids=[LIVE, DEAD])) == "0"
    assert code(bench.ask("/tag/addMembers", name="blue", type=2, ids=["token-dead"])) == "0"

    def reached(**expression: Any) -> dict[str, Any]:
        return counters(bench, task_of(bench.ask("/message/tagPush", **bench.message(tagExpression=expression))))

    shown = {"send": 1, "receive": 1, "display": 1}
    assert reached(orTags=["red"]) == {**shown, "targetUnSub": 1}
    assert reached(orTags=["red", "none"], notTags=["blue"]) == shown
    assert reached(andTags=["red", "blue"]) == {"targetUnSub": 1}
    assert reached(orTags=["none"]) == {}
    assert code(bench.ask("/tag/removeMembers", name="red", type=1, ids=[LIVE])) == "0"
    assert reached(orTags=["red"], notTags=None) == {"targetUnSub": 1}


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        (None, "10601"),
        ({}, "10601"),
        ({"notTags": ["a"]}, "10601"),
        ({"orTags": []}, "10601"),
        ({"orTags": "a"}, "http/400"),
        ({"orTags": [7]}, "http/400"),
        ("a", "http/400"),
    ],
)
def test_tag_expression_that_is_none(bench: Bench, expression: Any, wanted: str) -> None:
    assert code(bench.ask("/message/tagPush", **bench.message(tagExpression=expression))) == wanted


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, "10601"),
        ({"name": "a"}, "10616"),
        ({"name": "a", "type": 3, "ids": [LIVE]}, "10616"),
        ({"name": "a", "type": 1}, "10609"),
        ({"name": "a", "type": 1, "ids": []}, "10609"),
        ({"name": "a", "type": 1, "ids": [LIVE] * 1001}, "10614"),
        ({"name": "a", "type": 1, "ids": [7]}, "http/400"),
    ],
)
def test_tag_members_that_are_none(bench: Bench, fields: dict[str, Any], wanted: str) -> None:
    for path in ("/tag/addMembers", "/tag/removeMembers"):
        assert code(bench.ask(path, **fields)) == wanted
    assert code(bench.ask("/tag/add", name=" ")) == "10601"


def test_night_does_not_use_up_the_push_to_everybody(folder: Path) -> None:
    bench = Bench(folder, scenario="night")
    assert code(bench.ask("/message/all", **bench.operational())) == "10071"
    assert code(bench.ask("/message/all", **bench.message())) == "0"


def test_journal_tells_what_the_answer_to_a_push_to_everybody_hides(bench: Bench) -> None:
    for _ in range(2):
        bench.sell()
    assert "12000" in bench.ask("/message/all", **bench.operational()).note


# --- one request, once -----------------------------------------------------------------------------------------------


def test_repeated_request_is_answered_as_before_and_sends_nothing(bench: Bench) -> None:
    first = bench.send(requestId="same")
    again = bench.send(requestId="same", title="另一个标题")
    assert told(again) == told(first)
    assert again.rule == "request-repeated"
    assert "unproved" in again.note
    assert counters(bench, task_of(first))["send"] == 1
    bench.now += 86_400
    assert task_of(bench.send(requestId="same")) != task_of(first)


def test_interfaces_do_not_share_request_ids_and_refused_requests_may_come_again(bench: Bench) -> None:
    task = task_of(bench.save(requestId="same"))
    assert task_of(bench.save(requestId="same")) == task
    assert bench.push_list(LIVE, DEAD, task=task, requestId="same").rule == "targets"
    assert bench.push_list(LIVE, DEAD, task=task, requestId="same").rule == "request-repeated"
    assert code(bench.send(requestId="same", regId=DEAD)) == "10302"
    assert bench.send(requestId="same").rule == "accepted"


def test_answer_that_was_lost_is_not_remembered(folder: Path) -> None:
    bench = Bench(folder, scenario="half-frame")
    for _ in range(2):
        assert bench.send(requestId="same").wire == "half-frame"


# --- classes and texts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("category", ["IM", "ACCOUNT", "TODO", "DEVICE_REMINDER", "ORDER", "SUBSCRIPTION"])
def test_system_categories(bench: Bench, category: str) -> None:
    for classification in (1, None):
        assert code(bench.send(category=category, classification=classification)) == "0"
    assert code(bench.send(category=category, classification=0)) == "10097"


@pytest.mark.parametrize("category", ["CONTENT", "MARKETING", "SOCIAL"])
def test_operational_categories(bench: Bench, category: str) -> None:
    for classification in (0, None):
        assert code(bench.send(category=category, classification=classification)) == "0"
    assert code(bench.send(category=category, classification=1)) == "10097"


def test_app_without_system_messages(folder: Path) -> None:
    bench = Bench(folder, scenario="no-system-messages")
    assert code(bench.send()) == "10082"
    assert code(bench.sell()) == "0"
    by_phone = Bench(folder)
    assert code(by_phone.send(regId=token_of("no-system-messages"))) == "10082"
    assert code(by_phone.send()) == "0"


@pytest.mark.parametrize(
    "text",
    ["123", "１２３", "abc", "Hello", "!!!", "?! 7", "这是测试", "测试", "订单{1}", "[图片]", "🎉", "1 2 3", "—"],
)
@pytest.mark.parametrize("name", ["title", "content"])
def test_formal_text_that_looks_like_a_test(bench: Bench, text: str, name: str) -> None:
    act = bench.send(**{name: text})
    assert (code(act), act.rule) == ("10104", f"formal {name}")
    assert code(bench.send(pushMode=1, **{name: text})) == "0"


@pytest.mark.parametrize("text", ["订单", "Hello, 你好", "Order 7", "Your parcel is on its way", "(您有新消息)"])
def test_formal_text_that_does_not(bench: Bench, text: str) -> None:
    act = bench.send(title=text)
    assert code(act) == "0"
    assert ("unproved" in act.note) == text.startswith("Your")


# --- test mode -------------------------------------------------------------------------------------------------------


def test_phone_that_is_no_test_device(bench: Bench) -> None:
    assert code(bench.send(regId=NO_TEST)) == "0"
    act = bench.send(regId=NO_TEST, pushMode=1)
    document = told(act)
    assert (document["result"], document["invalidUser"]) == (10302, {"status": 4, "userid": NO_TEST})
    assert act.code == "invalidUser/4"


def test_list_with_a_phone_that_is_no_test_device(bench: Bench) -> None:
    task = task_of(bench.save(pushMode=1, title="test"))
    assert told(bench.push_list(LIVE, NO_TEST, task=task))["invalidUsers"] == [{"status": 4, "userid": NO_TEST}]
    task = task_of(bench.save())
    assert "invalidUsers" not in told(bench.push_list(LIVE, NO_TEST, task=task))
    act = bench.push_list(LIVE, NO_TEST, task=task, pushMode=1)
    assert told(act)["invalidUsers"] == [{"status": 4, "userid": NO_TEST}]
    assert "unproved" in act.note


def test_app_under_review_sends_test_messages_only(folder: Path) -> None:
    bench = Bench(folder, scenario="under-review")
    assert [code(bench.send()), code(bench.save()), code(bench.send(pushMode=1))] == ["10045", "10045", "0"]
    assert code(bench.ask("/message/all", **bench.message(pushMode=1))) == "10045"
    task = task_of(bench.save(pushMode=1))
    assert code(bench.push_list(LIVE, LIVE, task=task)) == "0"
    by_phone = Bench(folder)
    assert code(by_phone.push_list(LIVE, token_of("under-review"))) == "10045"


# --- hours and quotas ------------------------------------------------------------------------------------------------


def test_operational_message_at_night_is_taken_and_the_journal_says_what_comes_of_it(bench: Bench) -> None:
    assert bench.sell().note == ""
    bench.now = NIGHT
    act = bench.sell()
    assert code(act) == "0"
    assert "10071" in act.note
    assert "1017" in act.note
    assert "10071" not in bench.send().note
    assert "10071" not in bench.sell(pushMode=1).note


@pytest.mark.parametrize(("hour", "open_"), [(6, False), (7, True), (22, True), (23, False), (0, False)])
def test_hours_are_those_of_china(bench: Bench, hour: int, open_: bool) -> None:
    bench.now = NOON + (hour - 12) % 24 * 3600
    assert ("10071" in bench.sell().note) != open_


def test_scenario_of_the_night_refuses_whatever_the_clock_says(folder: Path) -> None:
    bench = Bench(folder, scenario="night")
    assert [code(bench.sell()), code(bench.send()), code(bench.sell(pushMode=1))] == ["10071", "0", "0"]
    task = task_of(bench.save(classification=0, category=None, title="本周新品"))
    assert code(bench.push_list(LIVE, LIVE, task=task)) == "10071"
    assert code(bench.ask("/message/all", **bench.operational())) == "10071"


def test_third_operational_message_of_a_day_is_held_back_on_the_device(bench: Bench) -> None:
    acts = [bench.sell() for _ in range(3)]
    assert [code(act) for act in acts] == ["0", "0", "0"]
    assert [act.note for act in acts[:2]] == ["", ""]
    assert "12000" in acts[2].note
    assert counters(bench, task_of(acts[2])) == {"controlled": 1}
    assert bench.send().note == ""
    bench.now += 86_400
    assert bench.sell().note == ""


def test_news_have_five_a_day(bench: Bench) -> None:
    notes = [bench.sell(category="NEWS").note for _ in range(6)]
    assert ["12000" in note for note in notes] == [False] * 5 + [True]


def test_same_operational_text_twice_is_dropped_on_the_device(bench: Bench) -> None:
    assert bench.sell(title="本周新品").note == ""
    again = bench.sell(title="本周新品")
    assert code(again) == "0"
    assert "2124" in again.note
    assert counters(bench, task_of(again)) == {"controlled": 1}


@pytest.mark.parametrize(("system", "most", "wanted"), [(False, 20_000, "10070"), (True, 30_000, "10073")])
def test_quota_of_the_app_and_day(bench: Bench, system: bool, most: int, wanted: str) -> None:
    changed: dict[str, Any] = {} if system else {"classification": 0, "category": "CONTENT"}
    task = task_of(bench.save(**changed))
    for _ in range(most // 1000):
        assert code(bench.push_list(*[DEAD] * 1000, task=task)) == "0"
    assert code(bench.push_list(LIVE, LIVE, task=task)) == wanted
    assert code(bench.send(**changed)) == wanted
    assert code(bench.sell() if system else bench.send()) == "0"
    assert code(bench.send(pushMode=1, **changed)) == "0"
    bench.now += 86_400
    assert code(bench.send(**changed)) == "0"


def test_pushes_of_a_second(bench: Bench) -> None:
    assert {code(bench.send()) for _ in range(3000)} == {"0"}
    assert code(bench.send()) == "10072"
    bench.now += 1
    assert code(bench.send()) == "0"


# --- asking ----------------------------------------------------------------------------------------------------------


def test_statistics_of_tasks(bench: Bench) -> None:
    task = task_of(bench.save())
    bench.push_list(LIVE, DEAD, UNKNOWN, task=task)
    bench.push_list(LIVE, LIVE, task=task)
    single = task_of(bench.send())
    document = told(bench.statistics(task, single, task))
    first, second = document["statistics"]
    assert first == {
        "taskId": task, "send": 2, "receive": 2, "display": 2, "click": 0, "targetInvalid": 1, "targetUnSub": 1,
        "targetInActive": 0, "targetOffline": 0, "covered": 0, "controlled": 0,
    }  # fmt: skip
    assert (second["taskId"], second["send"]) == (single, 1)


def test_statistics_of_a_task_of_another_process(folder: Path, bench: Bench) -> None:
    assert counters(bench, task_of(Bench(folder).send())) == {"send": 1, "receive": 1, "display": 1}
    act = bench.statistics("12139732", "580733149519658147")
    assert told(act)["statistics"] == []
    assert "unproved" in act.note


def test_tasks_that_are_none_or_too_many(bench: Bench) -> None:
    assert code(bench.statistics()) == "10473"
    assert code(bench.statistics("", " ")) == "10473"
    assert code(bench.serve("GET", "/report/getStatistics", b"", ("authtoken", bench.token()))) == "10473"
    assert code(bench.statistics(*map(str, range(100)))) == "0"
    assert code(bench.statistics(*map(str, range(101)))) == "10471"


def test_check_lists_what_cannot_be_used(bench: Bench) -> None:
    document = told(bench.ask("/invalidUser/check", userType=1, userIds=[LIVE, DEAD, "x", NO_TEST, DEAD]))
    assert document["data"] == [{"status": 2, "userid": DEAD}, {"status": 1, "userid": "x"}]
    aliases = told(bench.ask("/invalidUser/check", userType=2, userIds=["somebody", "token-dead"], appId=None))
    assert aliases["data"] == [{"status": 2, "userid": "token-dead"}]


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"userIds": [LIVE]}, "10706"),
        ({"userType": 3, "userIds": [LIVE]}, "10706"),
        ({"userType": 1}, "10700"),
        ({"userType": 1, "userIds": [LIVE] * 1001}, "10701"),
        ({"userType": 1, "userIds": [7]}, "http/400"),
    ],
)
def test_check_that_is_none(bench: Bench, fields: dict[str, Any], wanted: str) -> None:
    act = bench.ask("/invalidUser/check", **fields)
    assert code(act) == wanted
    assert wanted == "http/400" or "unproved" in act.note


def test_recall(bench: Bench) -> None:
    task = task_of(bench.send())
    assert code(bench.ask("/message/recycle", taskId=task, userIds=[], userType=1)) == "0"
    assert code(bench.ask("/message/recycle", taskId=task, userIds=[LIVE], userType=1)) == "0"
    assert code(bench.ask("/message/recycle", taskId=task, userIds=[LIVE])) == "10706"
    assert code(bench.ask("/message/recycle", taskId="7")) == "10152"
    assert code(bench.ask("/message/recycle")) == "10151"


def test_fault_of_the_service_is_one_of_every_interface(folder: Path) -> None:
    bench = Bench(folder, scenario="server-error")
    acts = [
        bench.save(),
        bench.send(),
        bench.statistics("7"),
        bench.ask("/message/all", **bench.message()),
        bench.ask("/invalidUser/check", userType=1, userIds=[LIVE]),
    ]
    assert [code(act) for act in acts] == ["http/500"] * 5
    assert code(bench.auth()) == "0"


def test_message_to_a_tag_is_looked_at_as_any_other(bench: Bench) -> None:
    expression = {"orTags": ["red"]}
    assert code(bench.ask("/message/tagPush", **bench.message(tagExpression=expression, title=" "))) == "10055"
    assert code(bench.ask("/message/tagPush", **bench.message(tagExpression=expression, category="X"))) == "10096"
