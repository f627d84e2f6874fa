"""The emulated Flyme Push as a pure machine: who asks, the message, and what becomes of each target."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meizu_emulator_bench import BASE, FORM, LIVE, Bench, notice, said, sign, told

from pushctl.core.emulated import Act, Seen
from pushctl.core.emulated_calls import counted
from pushctl.sandbox import forge
from pushctl.vendors.meizu.emulator import EMULATOR
from pushctl.vendors.meizu.emulator_credentials import APP, OVERSEAS_APP, file_of
from pushctl.vendors.meizu.emulator_handsets import token_of
from pushctl.vendors.meizu.emulator_push import CALLS_A_DAY, CALLS_A_SECOND
from pushctl.vendors.meizu.emulator_signature import signature

SECRET = "0123456789abcdef0123456789abcdef"
PUSH_ID = "TST0123456789abcdef0123456789abcdef0123456789"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("meizu"), [EMULATOR]).credentials("meizu")


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(folder)


@pytest.fixture
def lenient(folder: Path) -> Bench:
    return Bench(folder, strict=False)


def pushed(bench: Bench, groups: dict[str, Any] | None = None, **bar: Any) -> Act:
    return bench.push(message={**notice(**bar), **(groups or {})})


# --- signatures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "secret", "digest"),
    [
        (
            {
                "appId": "100999",
                "pushIds": PUSH_ID,
                "messageJson": '{"noticeBarInfo":{"title":"Hello","content":"World"}}',
            },
            SECRET,
            "c19365e1afcfe03ae1fb595cd3f52d3a",
        ),
        (
            {
                "appId": "100999",
                "pushIds": PUSH_ID,
                "messageJson": '{"noticeBarInfo":{"title":"你好","content":"测试 a=b&c"}}',
            },
            SECRET,
            "5ba093940c6da01db20be58723f31329",
        ),
        ({"appId": "100999", "pushId": PUSH_ID}, SECRET, "347aa26185cf18f5696e578eba24a1dc"),
        ({"appId": "100999", "taskId": "45361"}, SECRET, "711d9f7ab13407f44921721b6f867961"),
        (
            {"appId": "100999", "startTime": "20260101", "endTime": "20260131"},
            SECRET,
            "6717e00e291966425f274046cf9b38a1",
        ),
        (
            {
                "appId": "10000",
                "pushIds": "RA50c6348036344485d01776773577c64740465480a6b",
                "messageJson": '{"title":"title","content":"content","pushTimeInfo":{"offLine":1,"validTime":24}}',
            },
            "<APP_SECRET>",
            "ac076ff25d9900015a681cb5172aa53b",  # printed in MEIZUPUSH/PushAPI:README.md
        ),
    ],
)
def test_signature_of_known_requests(parameters: dict[str, str], secret: str, digest: str) -> None:
    assert signature(parameters, secret) == digest == sign(parameters, secret)


def test_signature_is_over_every_parameter_an_empty_one_too(bench: Bench) -> None:
    assert told(bench.push(restrictedPackageNames=""))["code"] == "200"
    assert told(bench.push(whatever="x", empty=""))["code"] == "200"
    secret = (bench.folder / file_of("secret-own")).read_text()
    given_ones = {"appId": APP, "pushIds": LIVE, "messageJson": json.dumps(notice())}
    act = bench.push(extraField="x", sign=sign(given_ones, secret))
    assert act.code == "1006"
    assert "extraField was left out" in act.note


@pytest.mark.parametrize(
    ("credentials", "code", "text"),
    [
        ("wrong-secret", "1006", "签名认证失败"),
        ("app-key", "1006", "签名认证失败"),
        ("old-secret", "110033", "非法的appSecret"),
        ("wrong-app-id", "110000", "appId不合法"),
        ("overseas-app", "110000", "appId不合法"),
    ],
)
def test_app_or_secret_that_is_none(bench: Bench, credentials: str, code: str, text: str) -> None:
    assert told(bench.push(credentials=credentials)) == {"code": code, "message": text, "value": "", "redirect": ""}


def test_journal_tells_what_was_signed_in_place_of_the_request(bench: Bench) -> None:
    secret = (bench.folder / file_of("secret-own")).read_text()
    told_ones = {"appId": APP, "pushIds": LIVE, "messageJson": json.dumps(notice())}
    encoded = {name: quote_plus(value) for name, value in told_ones.items()}
    assert "percent-encoded" in bench.push(sign=sign(encoded, secret)).note
    assert "capitals" in bench.push(sign=sign(told_ones, secret).upper()).note
    assert "AppKey" in bench.push(credentials="app-key").note
    assert bench.push(sign="guess").code == "1006"


@pytest.mark.parametrize("sent", [{"appId": None}, {"appId": ""}, {"sign": None}, {"sign": " "}])
def test_request_without_app_or_signature(bench: Bench, sent: dict[str, str | None]) -> None:
    assert bench.push(**sent).code == "110004"


@pytest.mark.parametrize("app_id", ["0", "１４０００１", "140001x", "-1", "9" * 400])
def test_app_id_that_is_none(bench: Bench, app_id: str) -> None:
    assert bench.push(appId=app_id).code == "110000"


def test_overseas_app_is_known_on_the_overseas_hosts_only(bench: Bench) -> None:
    theirs = token_of("", OVERSEAS_APP)
    act = bench.push(theirs, credentials="overseas-app", listener="push-overseas")
    assert (told(act)["value"], act.code) == ({}, None)
    assert bench.push(theirs, credentials="overseas-app").code == "110000"
    assert bench.push(credentials="other-app", listener="push-overseas").code == "110000"
    assert bench.push(listener="push-overseas").code is None
    asked = bench.call(
        "message/getRegisterSwitch", credentials="overseas-app", listener="subscription-overseas", pushId=theirs
    )
    assert told(asked)["value"]["barTypeSwitch"] == 1


def test_app_id_of_the_profile_that_runs_against_it_stands_for_its_own(folder: Path) -> None:
    assert Bench(folder, app={"app_id": "777777"}).push(appId="777777").code is None


def test_no_other_app_has_the_pushids(bench: Bench) -> None:
    assert told(bench.push(credentials="other-app"))["value"] == {"110003": [LIVE]}


# --- paths and forms -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "listener"),
    [
        ("POST", "/", "push"),
        ("POST", BASE + "push/varnished/pushbypushid", "push"),
        ("GET", BASE + "push/varnished/pushByPushId", "push"),
        ("PUT", BASE + "push/statistics/getTaskStatistics", "push"),
        ("POST", BASE + "push/varnished/pushByPushId", "subscription"),
        ("GET", BASE + "message/getRegisterSwitch", "push"),
        ("GET", BASE + "message/changeRegisterSwitch", "subscription-overseas"),
    ],
)
def test_paths_and_methods_of_no_call(bench: Bench, method: str, path: str, listener: str) -> None:
    act = bench.serve(Seen(method, path, (), b""), listener)
    assert act.response is not None
    assert (act.code, act.response.status, act.response.body) == ("http/404", 404, b"")


def test_push_calls_that_go_to_the_subscription_host_are_told_apart(bench: Bench) -> None:
    assert "2017-08-15" in bench.push(listener="subscription").note


def test_repeated_headers_repeated_parameters_and_empty_fields_do_no_harm(bench: Bench) -> None:
    secret = (bench.folder / file_of("secret-own")).read_text()
    parameters = {"appId": APP, "pushIds": LIVE, "messageJson": json.dumps(notice()), "restrictedPackageNames": ""}
    body = f"&&{urlencode({**parameters, 'sign': sign(parameters, secret)})}&appId={APP}&"
    headers = (FORM, ("x-forwarded-for", "a"), ("x-forwarded-for", "b"), FORM, ("accept", "*/*"), ("accept", "*/*"))
    act = bench.serve(Seen("POST", BASE + "push/varnished/pushByPushId", headers, body.encode()))
    assert told(act)["code"] == "200"
    assert "more than once" in act.note


def test_parameters_may_stand_in_the_query_and_need_no_encoding(bench: Bench) -> None:
    secret = (bench.folder / file_of("secret-own")).read_text()
    parameters = {"appId": APP, "pushIds": LIVE, "messageJson": json.dumps(notice(title="你好"), ensure_ascii=False)}
    body = f"messageJson={parameters['messageJson']}&sign={sign(parameters, secret)}".encode()
    path = f"{BASE}push/varnished/pushByPushId?appId={APP}&pushIds={LIVE}"
    assert told(bench.serve(Seen("POST", path, (FORM,), body)))["code"] == "200"


def test_json_in_place_of_a_form_has_no_parameters(bench: Bench) -> None:
    body = json.dumps({"appId": APP}).encode()
    act = bench.serve(Seen("POST", BASE + "push/varnished/pushByPushId", (("content-type", "application/json"),), body))
    assert act.code == "110004"
    assert "no form" in act.note


# --- the answer ------------------------------------------------------------------------------------------------------


def test_acceptance(bench: Bench) -> None:
    answer = told(bench.push())
    assert re.fullmatch("[0-9a-f]{32}", answer["msgId"])
    assert answer == {"code": "200", "message": "", "value": {}, "msgId": answer["msgId"]}


def test_acceptance_in_the_older_form(folder: Path) -> None:
    answer = told(Bench(folder, scenario="accepted-plain").push())
    assert answer == {"code": "200", "message": "", "value": "", "redirect": ""}
    mixed = told(Bench(folder, scenario="accepted-plain").push(LIVE, "x"))
    assert mixed == {"code": "200", "message": "", "value": {"110003": ["x"]}, "redirect": ""}


def test_redirect_names_the_same_address(folder: Path) -> None:
    answer = told(Bench(folder, scenario="300").push())
    assert answer["redirect"] == f"https://server-api-push.meizu.com{BASE}push/varnished/pushByPushId"


# --- the message -----------------------------------------------------------------------------------------------------

RIGHT: list[dict[str, Any]] = [
    {},
    {"noticeBarInfo": {"title": "题" * 32, "content": "文" * 100, "noticeMsgType": 1, "noticeBarType": 2}},
    {"noticeExpandInfo": {"noticeExpandType": 1, "noticeExpandContent": "more"}},
    {"noticeExpandInfo": {"noticeExpandType": 2, "noticeExpandImgUrl": "https://example.com/a.png"}},
    {"clickTypeInfo": {"clickType": 1, "activity": "com.example.app.Main", "parameters": {"a": "b", "n": 1}}},
    {"clickTypeInfo": {"clickType": 2, "url": "https://example.com", "activity": "", "customAttribute": ""}},
    {"pushTimeInfo": {"offLine": 1, "validTime": 72}},
    {"pushTimeInfo": {"offLine": False, "validTime": 0}},
    {"advanceInfo": {"suspend": 0, "clearNoticeBar": 0, "notificationType": {"vibrate": 0, "lights": 0, "sound": 0}}},
    {"advanceInfo": {"suspend": True, "notificationType": {"vibrate": False}, "notifyKey": "a_B-12"}},
    {"advanceInfo": {"notifyKey": "", "fixStartDisplayTime": "", "fixEndDisplayTime": "", "fixSpeedRate": 0}},
    {
        "advanceInfo": {
            "fixDisplay": 1, "fixStartDisplayTime": "2026-01-01 08:00:00", "fixEndDisplayTime ": "2026-01-01 09:00:00",
        }
    },
    {"extra": {"callback": "https://example.com/cb", "callback.param": "p", "callback.type": "3"}},
    {"extra": {"callback": "https://example.com/cb", "callback.type": 1}},
    {"vipInfo": {}, "extra": {}, "clickTypeInfo": None},
    {"extra": {"callback": "", "callback.param": ""}},
    {"vipInfo": {"subtitle": "x" * 16, "timeTop": 1800, "titleColor": "#206CFF", "notGroup": True}},
]  # fmt: skip


@pytest.mark.parametrize("groups", RIGHT)
def test_right_message_is_taken(bench: Bench, groups: dict[str, Any]) -> None:
    act = pushed(bench, groups)
    assert (told(act)["code"], act.code) == ("200", None), act.note


def test_message_as_the_java_sdk_writes_it_is_taken(bench: Bench) -> None:
    """Every group, switches as true and false, empty texts: what fastjson makes of MEIZUPUSH/JavaSdk's classes."""
    groups = {
        "noticeExpandInfo": {"noticeExpandContent": "", "noticeExpandImgUrl": "", "noticeExpandType": 0},
        "clickTypeInfo": {"activity": "", "clickType": 0, "customAttribute": "", "url": ""},
        "pushTimeInfo": {"offLine": True, "pushTimeType": 0, "startTime": "", "validTime": 24},
        "advanceInfo": {
            "clearNoticeBar": True, "fixDisplay": False, "fixEndDisplayTime": "", "fixSpeed": False, "fixSpeedRate": 0,
            "fixStartDisplayTime": "", "notificationType": {"lights": True, "sound": True, "vibrate": True},
            "notifyKey": "", "suspend": True,
        },
        "extra": {},
        "vipInfo": {
            "backgroundImgUrl": "", "bigIconUrl": "", "notGroup": False, "pullDownTop": False, "smallIconUrl": "",
            "subtitle": "", "timeTop": 0, "titleColor": "",
        },
    }  # fmt: skip
    act = pushed(bench, groups, noticeMsgType=0, noticeBarType=0, noticeBarImgUrl="")
    assert (act.code, act.note) == (None, "")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"noticeBarInfo": {"content": "x"}}, "110004"),
    ({"noticeBarInfo": {"title": " ", "content": "x"}}, "110004"),
    ({"noticeBarInfo": {"title": "x", "content": ""}}, "110004"),
    ({"noticeBarInfo": None}, "110004"),
    ({"noticeBarInfo": []}, "1005"),
    ({"noticeBarInfo": {"title": "x" * 33, "content": "x"}}, "1005"),
    ({"noticeBarInfo": {"title": "x", "content": "文" * 101}}, "1005"),
    ({"noticeBarInfo": {"title": 7, "content": "x"}}, "1005"),
    ({"noticeBarInfo": {"title": "x", "content": "x", "noticeMsgType": 2}}, "1005"),
    ({"noticeBarInfo": {"title": "x", "content": "x", "noticeMsgType": True}}, "1005"),
    ({"noticeBarInfo": {"title": "x", "content": "x", "noticeMsgType": "1"}}, "1005"),
    ({"noticeExpandInfo": {"noticeExpandType": 1}}, "110004"),
    ({"noticeExpandInfo": {"noticeExpandType": 2, "noticeExpandImgUrl": "a.png"}}, "1005"),
    ({"noticeExpandInfo": {"noticeExpandType": 3}}, "1005"),
    ({"clickTypeInfo": {"clickType": 1}}, "110004"),
    ({"clickTypeInfo": {"clickType": 2}}, "110004"),
    ({"clickTypeInfo": {"clickType": 3}}, "110004"),
    ({"clickTypeInfo": {"clickType": 4}}, "1005"),
    ({"clickTypeInfo": {"clickType": 2, "url": "https://a.b/" + "文" * 330}}, "1005"),
    ({"clickTypeInfo": {"parameters": "a=b"}}, "1005"),
    ({"pushTimeInfo": {"validTime": 0}}, "1005"),
    ({"pushTimeInfo": {"validTime": 73}}, "1005"),
    ({"pushTimeInfo": {"validTime": 1.5}}, "1005"),
    ({"pushTimeInfo": {"offLine": 2}}, "1005"),
    ({"pushTimeInfo": {"pushTimeType": 1}}, "110004"),
    ({"pushTimeInfo": {"pushTimeType": 1, "startTime": "tomorrow"}}, "1005"),
    ({"advanceInfo": {"suspend": "yes"}}, "1005"),
    ({"advanceInfo": {"notifyKey": "123456789"}}, "1005"),
    ({"advanceInfo": {"notifyKey": "a b"}}, "1005"),
    ({"advanceInfo": {"fixDisplay": 1}}, "110004"),
    ({"advanceInfo": {"fixSpeed": 1}}, "110004"),
    (
        {
            "advanceInfo": {
                "fixDisplay": 1, "fixStartDisplayTime": "2026-01-02 08:00:00",
                "fixEndDisplayTime": "2026-01-01 08:00:00",
            }
        },
        "1005",
    ),
    ({"advanceInfo": {"notificationType": {"sound": "ding"}}}, "1005"),
    ({"extra": {"callback.param": "x"}}, "110004"),
    ({"extra": {"callback": "https://example.com/" + "x" * 109}}, "1005"),
    ({"extra": {"callback": "https://example.com", "callback.param": "文" * 22}}, "1005"),
    ({"extra": {"callback": "https://example.com", "callback.type": 4}}, "1005"),
    ({"vipInfo": {"subtitle": "x" * 17}}, "1005"),
    ({"vipInfo": {"timeTop": 60}}, "1005"),
    ({"vipInfo": {"timeTop": 1800, "pullDownTop": 1}}, "1005"),
    ({"vipInfo": {"titleColor": "red"}}, "1005"),
    ({"vipInfo": {"titleColor": "#206CFF", "backgroundImgUrl": "https://example.com/a.png"}}, "1005"),
    ({"vipInfo": {"bigIconUrl": "https://a.b/a.png", "backgroundImgUrl": "https://a.b/b.png"}}, "1005"),
]  # fmt: skip


@pytest.mark.parametrize(("groups", "code"), WRONG)
def test_wrong_message_is_refused(bench: Bench, groups: dict[str, Any], code: str) -> None:
    assert told(pushed(bench, groups))["code"] == code


@pytest.mark.parametrize("text", ["hello", "[]", '"x"', "{", "[" * 50_000, "NaN"])
def test_message_that_is_no_object(bench: Bench, text: str) -> None:
    assert bench.push(message=text).code in ("1005", "110004")


def test_missing_parameters(bench: Bench) -> None:
    assert bench.push(pushIds=None).code == "110004"
    assert bench.push(pushIds=" ").code == "110004"
    assert bench.push(message="").code == "110004"
    assert bench.push(messageJson=None).code == "110004"


def test_keys_that_are_not_known_are_left_alone(bench: Bench) -> None:
    act = pushed(bench, {"notice": {"a": 1}})
    assert act.code is None
    assert "notice is not a known field" in act.note


def test_numbers_as_texts_pass_where_the_world_is_lenient(bench: Bench, lenient: Bench) -> None:
    groups = {"advanceInfo": {"notificationType": {"vibrate": "1"}}, "pushTimeInfo": {"validTime": "24"}}
    assert pushed(bench, groups).code == "1005"
    act = pushed(lenient, groups, noticeMsgType="1")
    assert act.code is None
    assert "as a text" in act.note


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ({"clickTypeInfo": {"clickType": 3, "customAttribute": "x"}}, "Android 12"),
        ({"noticeBarInfo": {"title": "😀" * 20, "content": "x"}}, "UTF-16"),
        ({"noticeBarInfo": {"title": "x", "content": "x", "noticeBarType": 1}}, "2022-05-27"),
        ({"noticeBarInfo": {"title": "x", "content": "x", "noticeMsgType": 1}}, "approval"),
        ({"vipInfo": {"subtitle": "x"}}, "VIP"),
        (
            {
                "advanceInfo": {
                    "fixDisplay": 1,
                    "fixStartDisplayTime": "2001-01-01 08:00:00",
                    "fixEndDisplayTime": "2001-01-01 09:00:00",
                }
            },
            "display window",
        ),
    ],
)
def test_journal_tells_what_the_answer_does_not(bench: Bench, groups: dict[str, Any], words: str) -> None:
    act = pushed(bench, groups)
    assert act.code is None
    assert words in act.note


def test_packages_are_those_of_the_app(bench: Bench, folder: Path) -> None:
    assert bench.push(restrictedPackageNames="com.example.app,com.example.app.lite").code is None
    assert told(bench.push(restrictedPackageNames="com.example.app,com.evil"))["code"] == "110031"
    assert bench.push(restrictedPackageNames=",".join(f"a{n}" for n in range(51))).code == "1005"
    mine = Bench(folder, app={"package_name": "com.mine"})
    assert mine.push(restrictedPackageNames="com.mine").code is None


# --- targets ---------------------------------------------------------------------------------------------------------


def test_only_refused_targets_are_named_each_under_its_code(bench: Bench) -> None:
    dead, off = token_of("token-dead"), token_of("switch-off")
    act = bench.push(LIVE, dead, "never-given-out", off, token_of("token-bad"))
    answer = told(act)
    assert answer["value"] == {
        "110002": [dead], "110003": ["never-given-out", token_of("token-bad")], "110010": [off],
    }  # fmt: skip
    assert (answer["code"], act.code, len(answer["msgId"])) == ("200", "target/110002", 32)
    assert "4 of 5 targets" in act.note


def test_a_hundred_targets_and_no_more(bench: Bench) -> None:
    many = [f"t{number}" for number in range(100)]
    assert len(told(bench.push(*many))["value"]["110003"]) == 100
    assert told(bench.push(*many, LIVE))["code"] == "1005"
    assert told(bench.push(LIVE, "", LIVE, ""))["value"] == {}
    assert bench.push(",").code == "1005"


def test_pushids_have_the_known_form() -> None:
    handsets = EMULATOR.handsets("production")
    assert len({handset.token for handset in handsets}) == len(handsets)
    assert all(re.fullmatch("[A-Z0-9]{3}[0-9a-f]{42}", handset.token) for handset in handsets)


def test_sixth_message_within_a_minute_is_folded(bench: Bench) -> None:
    private = notice(noticeMsgType=1)
    for _ in range(5):
        assert told(bench.push(message=private))["value"] == {}
        bench.now += 10
    assert told(bench.push(message=private))["value"] == {"520": [LIVE]}
    bench.now += 11
    assert told(bench.push(message=private))["value"] == {}
    bench.now += 1
    assert told(bench.push(message=private))["value"] == {"520": [LIVE]}


def test_three_public_messages_a_day_for_a_phone(bench: Bench) -> None:
    for _ in range(3):
        assert told(bench.push())["value"] == {}
        bench.now += 60
    act = bench.push(message=notice(noticeMsgType=0))
    assert (told(act)["value"], act.code) == ({"110011": [LIVE]}, "target/110011")
    assert told(bench.push(message=notice(noticeMsgType=1)))["value"] == {}
    bench.now += 86400
    assert told(bench.push())["value"] == {}


def test_same_number_means_another_thing_for_the_call_and_for_a_target(bench: Bench) -> None:
    act = bench.push(token_of("switch-off"))
    assert (told(act)["code"], act.code) == ("200", "target/110010")
    for _ in range(CALLS_A_SECOND - 1):
        bench.push("x")
    act = bench.push()
    assert told(act) == {"code": "110010", "message": "应用请求频率超过限制", "value": "", "redirect": ""}
    bench.now += 1
    assert bench.push().code is None


def test_daily_number_of_calls(bench: Bench) -> None:
    counted(bench.world, f"calls {APP}", CALLS_A_DAY)
    assert told(bench.push())["code"] == "110019"
    bench.now += 86400
    assert bench.push().code is None


def test_aliases(bench: Bench) -> None:
    act = bench.alias("sandbox", "nobody", "switch-off", "token-dead")
    assert told(act)["value"] == {"110005": ["nobody", "switch-off", "token-dead"]}
    assert bench.alias(*[f"a{number}" for number in range(101)]).code == "1005"
    assert bench.alias(alias=None).code == "110004"
    assert bench.alias("server-error").code == "1001"


def test_public_messages_to_an_alias_are_counted_for_its_phone(bench: Bench) -> None:
    for _ in range(3):
        bench.alias("sandbox")
    assert told(bench.alias("sandbox"))["value"] == {"110011": ["sandbox"]}
    assert told(bench.push())["value"] == {"110011": [LIVE]}


@pytest.mark.parametrize("path", ["unvarnished", "task/unvarnished"])
@pytest.mark.parametrize("name", ["pushIds", "alias"])
def test_pass_through_is_closed(bench: Bench, path: str, name: str) -> None:
    call = "pushByPushId" if name == "pushIds" else "pushByAlias"
    given_ones: dict[str, Any] = {name: LIVE, "messageJson": '{"title":"sync","content":"{}"}', "taskId": "1"}
    act = bench.call(f"push/{path}/{call}", **given_ones)
    assert told(act) == {"code": "110053", "message": "透传超过限制", "value": "", "redirect": ""}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
groups = st.sampled_from(
    ["noticeBarInfo", "noticeExpandInfo", "clickTypeInfo", "pushTimeInfo", "advanceInfo", "extra", "vipInfo"]
)
keys = st.sampled_from(
    (
        "title", "content", "noticeMsgType", "clickType", "validTime", "offLine", "startTime", "pushTimeType",
        "timeTop", "fixDisplay", "fixStartDisplayTime", "notifyKey", "notificationType", "callback", "callback.type",
    )
)  # fmt: skip


@given(st.dictionaries(groups, st.dictionaries(keys, json_values, max_size=3) | json_values, max_size=3), json_values)
def test_no_message_is_too_odd(folder: Path, message: dict[str, Any], value: Any) -> None:
    for strict in (True, False):
        bench = Bench(folder, strict=strict)
        for odd in (message, {**notice(), **message}, value):
            answer = told(bench.push(message=json.dumps(odd)))
            assert answer["code"] in ("200", "1005", "110004")


@given(st.binary(max_size=80), st.text(max_size=20))
def test_no_request_is_too_odd(folder: Path, content: bytes, query: str) -> None:
    bench = Bench(folder)
    for path in ("push/varnished/pushByPushId", "push/pushTask/getTaskId", f"push/{query}"):
        assert bench.serve(Seen("POST", f"{BASE}{path}?{query}", (FORM,), content)).code
    assert said(bench.serve(Seen("GET", f"{BASE}message/getSubTags?{query}", (), content), "subscription"))
