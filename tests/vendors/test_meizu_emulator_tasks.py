"""Tasks and statistics of the emulated Flyme Push, pictures, and the switches, aliases and tags of a phone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from meizu_emulator_bench import LIVE, Bench, notice, told

from pushctl.core.emulated import Act
from pushctl.core.emulated_calls import CHINA_S
from pushctl.sandbox import forge
from pushctl.vendors.meizu.emulator import EMULATOR
from pushctl.vendors.meizu.emulator_credentials import APP
from pushctl.vendors.meizu.emulator_handsets import PHONES, token_of
from pushctl.vendors.meizu.emulator_push import MASS_CALLS_A_DAY
from pushctl.vendors.meizu.emulator_tasks import FINISHED_TASK

NUMBERS = ("targetNo", "validNo", "pushedNo", "acceptNo", "displayNo", "clickNo")
PRIVATE = json.dumps(notice(noticeMsgType=1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("meizu-tasks"), [EMULATOR]).credentials("meizu")


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(folder)


def begun(bench: Bench, call: str = "getTaskId", **parameters: str | None) -> str:
    value = told(begin(bench, call, **parameters))["value"]
    assert value == {"taskId": value["taskId"], "pushType": 0, "appId": int(APP)}
    return str(value["taskId"])


def begin(bench: Bench, call: str = "getTaskId", **parameters: str | None) -> Act:
    given: dict[str, Any] = {"pushType": "0", "messageJson": PRIVATE, **parameters}
    return bench.call(f"push/pushTask/{call}", **given)


def listed(bench: Bench, task: str, *tokens: str, **more: str | None) -> Act:
    given: dict[str, Any] = {"taskId": task, "pushIds": ",".join(tokens or (LIVE,)), **more}
    return bench.call("push/task/varnished/pushByPushId", **given)


def counts(bench: Bench, task: str, method: str = "GET") -> tuple[int, ...]:
    value = told(bench.call("push/statistics/getTaskStatistics", method=method, taskId=task))["value"]
    assert value["taskId"] == int(task)
    return tuple(value[name] for name in NUMBERS)


def china(bench: Bench, form: str, ahead: float = 0.0) -> str:
    return datetime.fromtimestamp(bench.now + CHINA_S + ahead, UTC).strftime(form)


# --- tasks -----------------------------------------------------------------------------------------------------------


def test_message_of_a_task_goes_to_those_who_are_named_later(bench: Bench) -> None:
    task = begun(bench)
    answer = told(listed(bench, task, LIVE, token_of("token-dead"), "x"))
    assert answer["value"] == {"110002": [token_of("token-dead")], "110003": ["x"]}
    assert len(answer["msgId"]) == 32
    by_alias = bench.call("push/task/varnished/pushByAlias", taskId=task, alias="sandbox,nobody")
    assert told(by_alias)["value"] == {"110005": ["nobody"]}
    assert counts(bench, task) == counts(bench, task, "POST") == (5, 2, 2, 2, 2, 0)


def test_task_keeps_the_class_of_its_message(bench: Bench) -> None:
    task = begun(bench, messageJson=json.dumps(notice()))
    assert [told(listed(bench, task))["value"] for _ in range(4)] == [{}, {}, {}, {"110011": [LIVE]}]


@pytest.mark.parametrize("task", ["1", "x", "-1", "45361.0", "４５３６１", "9" * 500])
def test_task_that_is_none(bench: Bench, task: str) -> None:
    refusal = {"code": "110032", "message": "非法的taskId", "value": "", "redirect": ""}
    assert told(listed(bench, task)) == refusal
    assert told(bench.call("push/statistics/getTaskStatistics", taskId=task)) == refusal
    assert told(bench.call("push/pushTask/cancel", pushType="0", taskId=task)) == refusal


def test_task_of_another_app_or_of_another_kind(bench: Bench) -> None:
    task = begun(bench)
    assert bench.call("push/statistics/getTaskStatistics", credentials="other-app", taskId=task).code == "110032"
    assert listed(bench, begun(bench, "pushToApp")).code == "110032"
    assert listed(bench, str(FINISHED_TASK)).code == "110032"


def test_parameters_of_tasks(bench: Bench) -> None:
    assert begin(bench, pushType=None).code == "110004"
    assert begin(bench, pushType="2").code == "1005"
    assert begin(bench, pushType="1", messageJson='{"title":"a","content":"b"}').code == "110053"
    assert begin(bench, messageJson=None).code == "110004"
    assert begin(bench, messageJson='{"noticeBarInfo":{"title":"x"}}').code == "110004"
    assert begin(bench, restrictedPackageNames="com.evil").code == "110031"
    assert listed(bench, begun(bench), pushIds=None).code == "110004"
    assert listed(bench, begun(bench), *[f"t{number}" for number in range(101)]).code == "1005"


def test_push_to_everybody_reaches_every_phone_of_the_app(bench: Bench) -> None:
    task = begun(bench, "pushToApp")
    target, valid, *_ = counts(bench, task)
    assert target == len(PHONES.scenarios)
    assert 0 < valid < target
    assert told(bench.push(message=notice()))["value"] == {}


def test_push_to_a_tag(bench: Bench) -> None:
    bench.call("message/subscribeTags", pushId=token_of("slow"), tags="news")
    for names, scope, found in [("news,sport", "0", 2), ("news,sport", "1", 1), ("music", "0", 0), ("news", "1", 2)]:
        assert counts(bench, begun(bench, "pushToTag", tagNames=names, scope=scope))[0] == found
    assert begin(bench, "pushToTag", tagNames="news", scope="2").code == "1005"
    assert begin(bench, "pushToTag", scope="0").code == "110004"
    assert begin(bench, "pushToTag", tagNames="x" * 21, scope="0").code == "1005"


def test_number_of_pushes_to_everybody_a_day(bench: Bench) -> None:
    for _ in range(MASS_CALLS_A_DAY):
        assert begin(bench, "pushToTag", tagNames="music", scope="0").code is None
    act = begin(bench, "pushToApp")
    assert told(act)["code"] == "110051"
    assert begin(bench).code is None


def test_push_that_has_not_ended_can_be_cancelled(bench: Bench) -> None:
    task = begun(bench, "pushToApp")
    assert told(bench.call("push/pushTask/cancel", pushType="0", taskId=task))["value"] == {"result": True}
    again = told(bench.call("push/pushTask/cancel", pushType="0", taskId=task))
    assert (again["code"], again["message"]) == ("500", "任务已取消[已完成]，无法取消")
    over = begun(bench, "pushToApp")
    bench.now += 61
    for number in (over, begun(bench), str(FINISHED_TASK)):
        assert told(bench.call("push/pushTask/cancel", pushType="0", taskId=number))["code"] == "500"


def test_push_for_later_waits_and_may_be_cancelled_before(bench: Bench) -> None:
    later = china(bench, "%Y-%m-%d %H:%M:%S", 3600)
    message = json.dumps({**notice(), "pushTimeInfo": {"pushTimeType": 1, "startTime": later}})
    first, second = (begun(bench, "pushToApp", messageJson=message) for _ in range(2))
    assert counts(bench, first) == (0,) * 6
    assert bench.call("push/pushTask/cancel", pushType="0", taskId=second).code is None
    bench.now += 3601
    assert counts(bench, first)[0] == len(PHONES.scenarios)
    assert counts(bench, second) == (0,) * 6


def test_there_is_always_a_task_to_ask_about_and_a_day(bench: Bench) -> None:
    assert counts(bench, str(FINISHED_TASK)) == (12, 10, 10, 10, 10, 0)
    yesterday = china(bench, "%Y%m%d", -86400)
    (row,) = daily(bench, yesterday, china(bench, "%Y%m%d"))["value"]
    assert tuple(row[name] for name in NUMBERS) == (12, 10, 10, 10, 10, 0)


@pytest.mark.parametrize("call", ["getTaskId", "pushToApp", "cancel", "statistics"])
def test_tasks_know_the_scenarios_too(folder: Path, call: str) -> None:
    bench, task = Bench(folder, scenario="server-error"), str(FINISHED_TASK)
    act = {
        "cancel": lambda: bench.call("push/pushTask/cancel", pushType="0", taskId=task),
        "statistics": lambda: bench.call("push/statistics/getTaskStatistics", taskId=task),
    }.get(call, lambda: begin(bench, call))()
    assert told(act)["code"] == "1001"


def test_zero_hours_pass_where_the_world_is_lenient(folder: Path) -> None:
    """Of pushes to a tag the documentation allows them, of all others it does not."""
    message = json.dumps({**notice(), "pushTimeInfo": {"validTime": 0}})
    for strict, code in ((True, "1005"), (False, None)):
        act = begin(Bench(folder, strict=strict), "pushToTag", tagNames="news", scope="0", messageJson=message)
        assert act.code == code


# --- days ------------------------------------------------------------------------------------------------------------


def daily(bench: Bench, begin: str | None, end: str | None, method: str = "GET") -> dict[str, Any]:
    return told(bench.call("push/statistics/dailyPushStatics", method=method, startTime=begin, endTime=end))


def test_days_on_which_something_was_pushed_the_latest_first(bench: Bench) -> None:
    first = china(bench, "%Y%m%d")
    bench.push(LIVE, "x")
    bench.now += 86400
    bench.push()
    last = china(bench, "%Y%m%d")
    for method in ("GET", "POST"):
        rows = daily(bench, first, last, method)["value"]
        assert [tuple(row[name] for name in NUMBERS) for row in rows] == [(1, 1, 1, 1, 1, 0), (2, 1, 1, 1, 1, 0)]
        assert rows[0]["date"] == f"{last[:4]}-{last[4:6]}-{last[6:]}"
    assert daily(bench, "20200101", "20200131")["value"] == []


@pytest.mark.parametrize(
    ("begin", "end", "code", "message"),
    [
        ("20260102", "20260101", "500", "结束时间不能早于开始时间"),
        ("20260101", "20260201", "500", "开始时间和结束时间不能相差30天以上"),
        ("2026-01-01", "20260102", "1005", "参数错误，请参考API文档"),
        ("20261301", "20261302", "1005", "参数错误，请参考API文档"),
        (None, "20260101", "110004", "参数不能为空"),
        ("20260101", "", "110004", "参数不能为空"),
    ],
)
def test_days_that_are_none(bench: Bench, begin: str | None, end: str, code: str, message: str) -> None:
    answer = daily(bench, begin, end)
    assert (answer["code"], answer["message"]) == (code, message)


def test_thirty_days_apart_is_not_too_long(bench: Bench) -> None:
    assert daily(bench, "20260101", "20260131")["code"] == "200"


# --- pictures --------------------------------------------------------------------------------------------------------


def test_picture_gets_an_address_that_a_message_may_carry(bench: Bench) -> None:
    given = {"imgType": "1", "imgUrl": "https://example.com/a.png", "pushIds": APP}  # as the SDK has it
    value = told(bench.call("push/uploadImg", **given))["value"]
    assert value["imgType"] == "1"
    big = {"noticeExpandInfo": {"noticeExpandType": 2, "noticeExpandImgUrl": value["imgUrl"]}}
    assert bench.push(message={**notice(), **big}).code is None
    assert bench.call("push/uploadImg", imgType="2", imgUrl="https://example.com/a.png").code == "1005"
    assert bench.call("push/uploadImg", imgType="1", imgUrl="a.png").code == "1005"
    assert bench.call("push/uploadImg", imgType="1").code == "110004"


# --- subscriptions ---------------------------------------------------------------------------------------------------


def asked(bench: Bench, call: str, token: str = LIVE, method: str = "POST", **parameters: str) -> dict[str, Any]:
    return told(bench.call(f"message/{call}", method=method, pushId=token, **parameters))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_switches_are_numbers(bench: Bench, method: str) -> None:
    assert asked(bench, "getRegisterSwitch", method=method) == {
        "code": "200", "message": "", "redirect": "",
        "value": {"barTypeSwitch": 1, "directTypeSwitch": 1, "pushId": LIVE},
    }  # fmt: skip
    off = asked(bench, "getRegisterSwitch", token_of("switch-off"), method)["value"]
    assert (off["barTypeSwitch"], off["directTypeSwitch"]) == (0, 1)


def test_switch_that_is_turned_decides_over_the_next_push(bench: Bench) -> None:
    value = asked(bench, "changeRegisterSwitch", msgType="0", subSwitch="0")["value"]
    assert (value["barTypeSwitch"], value["directTypeSwitch"]) == (0, 1)
    assert told(bench.push())["value"] == {"110010": [LIVE]}
    assert told(bench.alias("sandbox"))["value"] == {"110005": ["sandbox"]}
    assert asked(bench, "changeAllSwitch", subSwitch="true")["value"]["barTypeSwitch"] == 1
    assert told(bench.push())["value"] == {}
    value = asked(bench, "changeRegisterSwitch", msgType="1", subSwitch="false")["value"]
    assert (value["barTypeSwitch"], value["directTypeSwitch"]) == (1, 0)
    asked(bench, "changeRegisterSwitch", token_of("switch-off"), msgType="0", subSwitch="1")
    assert told(bench.push(token_of("switch-off")))["value"] == {}


def test_values_of_switches(bench: Bench) -> None:
    assert asked(bench, "changeRegisterSwitch", msgType="2", subSwitch="1")["code"] == "1005"
    assert asked(bench, "changeRegisterSwitch", msgType="0", subSwitch="on")["code"] == "1005"
    assert asked(bench, "changeAllSwitch", subSwitch="2")["code"] == "1005"
    assert asked(bench, "changeAllSwitch")["code"] == "110004"


@pytest.mark.parametrize("call", ["getRegisterSwitch", "getSubAlias", "getSubTags", "unSubAllTags", "unSubscribeAlias"])
def test_pushid_of_no_phone_is_told_for_the_whole_call(bench: Bench, call: str) -> None:
    assert asked(bench, call, token_of("token-dead"))["code"] == "110002"
    assert asked(bench, call, token_of("token-bad"))["code"] == "110003"
    assert asked(bench, call, "x")["code"] == "110003"
    assert asked(bench, call, "")["code"] == "110004"
    assert told(bench.call(f"message/{call}", credentials="other-app", pushId=LIVE))["code"] == "110003"


def test_phone_whose_scenario_is_about_more_than_itself_answers_so(bench: Bench) -> None:
    assert asked(bench, "getRegisterSwitch", token_of("busy"))["code"] == "1003"
    act = bench.call("message/getRegisterSwitch", pushId=token_of("slow"))
    assert (told(act)["value"]["barTypeSwitch"], act.delay_s) == (1, 2.0)


def test_alias_is_taken_and_dropped(bench: Bench) -> None:
    assert asked(bench, "getSubAlias", method="GET")["value"] == {"pushId": LIVE, "alias": "sandbox"}
    assert asked(bench, "subscribeAlias", alias="x" * 60)["value"]["alias"] == "x" * 60
    assert asked(bench, "subscribeAlias", alias="x" * 61)["code"] == "1005"
    assert told(bench.alias("x" * 60, "sandbox"))["value"] == {"110005": ["sandbox"]}
    assert asked(bench, "unSubscribeAlias")["value"] == {"pushId": LIVE, "alias": ""}


def test_tags_are_taken_and_dropped(bench: Bench) -> None:
    assert [tag["tagName"] for tag in asked(bench, "getSubTags", method="GET")["value"]["tags"]] == ["news", "sport"]
    rows = asked(bench, "subscribeTags", tags="体育,news")["value"]["tags"]
    assert [tag["tagName"] for tag in rows] == ["news", "sport", "体育"]
    assert len({tag["tagId"] for tag in rows}) == 3
    assert len(asked(bench, "unSubscribeTags", tags="news,other")["value"]["tags"]) == 2
    assert asked(bench, "subscribeTags", tags="x" * 21)["code"] == "1005"
    assert asked(bench, "subscribeTags", tags=",".join(map(str, range(101))))["code"] == "1005"
    assert asked(bench, "unSubAllTags")["value"] is True
    assert asked(bench, "getSubTags")["value"]["tags"] == []
