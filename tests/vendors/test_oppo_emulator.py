"""The emulated OPPO Push as a pure machine: a request and the world in, an act out. Who asks, and one message at a
time."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oppo_emulator_bench import FORM, LIVE, MESSAGES, Bench, code, message, shown, text_of, told

from pushctl.core.emulated import Seen
from pushctl.core.emulated_calls import counted
from pushctl.sandbox import forge
from pushctl.vendors.oppo import emulator_auth
from pushctl.vendors.oppo.emulator import EMULATOR
from pushctl.vendors.oppo.emulator_credentials import APP, NO_APP, OTHER_APP
from pushctl.vendors.oppo.emulator_handsets import region_of, token_of

ABROAD = token_of("", "abroad")
INTERNATIONAL = "push-international"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("oppo"), [EMULATOR]).credentials("oppo")


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(folder)


@pytest.fixture
def lenient(folder: Path) -> Bench:
    return Bench(folder, strict=False)


# --- the token -------------------------------------------------------------------------------------------------------


def test_token_for_a_signature(bench: Bench) -> None:
    document = told(bench.auth())
    assert (document["code"], document["message"]) == (0, "success")
    assert document["data"].keys() == {"auth_token", "create_time"}
    assert document["data"]["create_time"] == int(bench.now * 1000)


def test_signature_of_the_documents_example_is_the_known_one(bench: Bench) -> None:
    app, secret = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
    sign = "190fd8bd8a15937ec353f719c0e4968754f5c52af1322d8cd13ff8b8e144ca77"
    (bench.folder / "master-secret-vector.txt").write_text(secret)
    bench.now = 1700000000.123
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emulator_auth, "SECRET_OF", {app: "vector"})
        assert code(bench.auth(app_key=app, timestamp="1700000000123", sign=sign)) == 0
        assert code(bench.auth(app_key=app, timestamp="1700000000124", sign=sign)) == 16


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"app_key": None}, 15),
        ({"app_key": ""}, 15),
        ({"app_key": NO_APP}, 14),
        ({"timestamp": None}, 18),
        ({"sign": None}, 17),
        ({"sign": "0" * 64}, 16),
        ({"sign": "é"}, 16),
        ({"secret": "guess"}, 16),
        ({"app_key": OTHER_APP}, 16),
        ({"timestamp": "1700000000"}, 19),
        ({"timestamp": "soon"}, 19),
        ({"timestamp": "1700000000123"}, 19),
        ({"timestamp": "١٧٠٠٠٠٠٠٠٠١٢٣"}, 19),
    ],
)
def test_refused_token_request(bench: Bench, fields: dict[str, Any], expected: int) -> None:
    assert code(bench.auth(**fields)) == expected


@pytest.mark.parametrize(("minutes", "expected"), [(-9, 0), (9, 0), (-11, 19), (11, 19)])
def test_timestamp_may_be_ten_minutes_off_by_the_services_clock(bench: Bench, minutes: int, expected: int) -> None:
    act = bench.auth(timestamp=str(int((bench.now + minutes * 60) * 1000)))
    assert code(act) == expected
    assert (f"{abs(minutes)} minutes" in act.note) == (expected == 19)


def test_sign_in_capitals_is_refused_where_the_world_is_strict(bench: Bench, lenient: Bench) -> None:
    stamp = str(int(bench.now * 1000))
    sign = sha256(f"{APP}{stamp}{bench.secret()}".encode()).hexdigest().upper()
    assert code(bench.auth(timestamp=stamp, sign=sign)) == 16
    assert code(lenient.auth(timestamp=stamp, sign=sign)) == 0


def test_json_in_place_of_a_form_has_no_app_key(bench: Bench) -> None:
    seen = Seen("POST", "/server/v1/auth", (("content-type", "application/json"),), b'{"app_key": "x"}')
    assert code(bench.serve(seen)) == 15


def test_body_in_another_encoding(bench: Bench) -> None:
    title = "%C4%E3%BA%C3"  # GBK
    for body in (f"auth_token=x&message={title}".encode(), "message=你好".encode("gbk")):
        assert code(bench.serve(Seen("POST", f"{MESSAGES}unicast", (FORM,), body))) == 25


# --- paths and methods -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", 20),
        ("/v3/message/regid", 20),
        ("/server", 22),
        ("/server/", 22),
        ("/server/auth", 22),
        ("/server/vX/auth", 23),
        ("/server/v" + "9" * 5000, 23),
        ("/server/v2/auth", 24),
        ("/server/v1", 21),
        ("/server/v1/", 21),
        ("/server/v1/auth/", 20),
        ("/server/v1/message/notification/notify", 20),
        ("/server/v1/feedback/fetch_invalid_regidList", 20),
    ],
)
def test_path_that_names_nothing(bench: Bench, path: str, expected: int) -> None:
    assert code(bench.post(path)) == expected


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_other_method(bench: Bench, method: str) -> None:
    assert code(bench.serve(Seen(method, "/server/v1/auth", (FORM,), b""))) == 12
    assert code(bench.serve(Seen(method, f"{MESSAGES}unicast?auth_token=x", (FORM,), b""))) == 12


def test_query_does_no_harm(bench: Bench) -> None:
    assert code(bench.post("/server/v1/auth?x=y")) == 15


# --- who is asking ---------------------------------------------------------------------------------------------------


def test_token_as_a_field_or_as_a_header_and_the_field_comes_first(bench: Bench) -> None:
    body, token = text_of(message()), bench.token()
    header = ("auth_token", token)
    path = f"{MESSAGES}unicast"
    assert code(bench.post(path, ("message", body))) == 29
    act = bench.post(path, ("message", body), headers=(FORM, header))
    assert code(act) == 0
    assert "header" in act.note
    assert code(bench.post(path, ("auth_token", "x"), ("message", body), headers=(FORM, header))) == 11
    assert code(bench.post(path, ("auth_token", ""), ("message", body), headers=(FORM, header))) == 0


def test_repeats_and_empty_fields_do_no_harm(bench: Bench) -> None:
    token, body = bench.token(), text_of(message())
    fields = [("auth_token", ""), ("message", ""), ("sdk_version", "JAVA_SDK_V1.1.0"), ("", ""), ("auth_token", token)]
    headers = (FORM, FORM, ("accept", "*/*"), ("accept", "application/json"), ("x-empty", ""))
    act = bench.post(f"{MESSAGES}unicast", *fields, ("message", body), ("message", "second"), headers=headers)
    assert code(act) == 0
    raw = f"&auth_token={token}&&message={json.dumps(message()).replace(' ', '+')}&".encode()
    assert code(bench.serve(Seen("POST", f"{MESSAGES}unicast", (FORM,), raw))) == 0


@pytest.mark.parametrize("token", ["", "58ad47319e8d725350a5afd5", "é", "-", "a b"])
def test_token_that_is_none(bench: Bench, token: str) -> None:
    assert code(bench.call("unicast", token=token, message=message())) == (11 if token else 29)


def test_token_lives_a_day_and_is_good_for_another_process(folder: Path, bench: Bench) -> None:
    token, later = bench.token(), Bench(folder)
    assert code(later.call("unicast", token=token, message=message())) == 0
    later.now = bench.now + 24 * 3600 - 1
    assert code(later.call("unicast", token=token, message=message())) == 0
    later.now += 2
    assert later.call("unicast", token=token, message=message()).rule == "token-age"


def test_tokens_of_the_two_regions_are_strangers(bench: Bench) -> None:
    china, abroad = bench.token(), bench.token(listener=INTERNATIONAL)
    assert code(bench.call("unicast", token=abroad, message=message())) == 11
    assert code(bench.call("unicast", listener=INTERNATIONAL, token=china, message=message(ABROAD))) == 11
    assert code(bench.call("unicast", listener=INTERNATIONAL, token=abroad, message=message(ABROAD))) == 0


def test_five_thousand_calls_a_second_and_no_more(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    assert emulator_auth.CALLS_A_SECOND == 5000
    monkeypatch.setattr(emulator_auth, "CALLS_A_SECOND", 2)
    token = bench.token()
    calls = [code(bench.call("unicast", token=token, message=message())) for _ in range(3)]
    assert calls == [0, 0, 55]
    bench.now += 1
    assert code(bench.call("unicast", token=token, message=message())) == 0


# --- one message -----------------------------------------------------------------------------------------------------


def test_message_is_taken(bench: Bench) -> None:
    document = told(bench.unicast())
    assert (document["message"], document["data"].keys()) == ("", {"messageId"})
    app, one, other, rest = document["data"]["messageId"].split("-")
    assert (len(app), one, other, len(rest)) == (24, "1", "1", 24)


def test_body_of_the_documents_example_is_taken_with_its_nulls_and_its_spelling(bench: Bench) -> None:
    example = {
        "appMessageId": None, "style": 1, "bigPictureId": None, "title": "您的订单已取消", "subTitle": None,
        "content": "您的订单(realme X7…) 已取消", "clickActionType": 4, "clickActionActivity": "com.a.MainActivity",
        "actionParameters": '{"messageNo":null}', "showTimeType": 0, "offLine": True, "offLineTtl": 86400,
        "channelId": "message", "showTtl": 0, "notifyId": 1,
    }  # fmt: skip
    body = {"target_type": 2, "target_value": LIVE, "verify_registration_id": True, "notification": example}
    act = bench.call("unicast", message=body)
    assert code(act) == 0
    assert "clickActionType is click_action_type" in act.note


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "字" * 50, "content": "🎉" * 50},
        {"sub_title": "x" * 10, "app_message_id": "1", "notify_id": 7},
        {"style": 2, "content": "x" * 128},
        {"click_action_type": 1, "click_action_activity": "a.B"},
        {"click_action_type": 2, "click_action_url": "https://example.com/" + "x" * 1900},
        {"click_action_type": 4, "click_action_activity": "com.example.Main"},
        {"click_action_type": 5, "click_action_url": "app://x"},
        {"action_parameters": json.dumps({"k": "x" * 3990})},
        {"show_time_type": 1, "show_start_time": 1, "show_end_time": 2},
        {"off_line": True, "off_line_ttl": 864000},
        {"off_line_ttl": 864001},
        {"network_type": 1, "time_zone": "GMT+08:00"},
        {"call_back_url": "https://example.com/r", "call_back_parameter": "x" * 100},
        {"channel_id": "im", "show_ttl": 86400},
        {"category": "IM", "notify_level": 2, "show_ttl": 86400},
        {"category": "MARKETING", "notify_level": 1, "show_ttl": 43200},
        {"category": "ORDER", "notify_level": 16},
        {"badge_operation_type": 0, "badge_message_count": 99},
        {"small_picture_url": "https://example.com/a.png"},
        {"style": 4, "medium_picture_url": "https://example.com/a.png"},
        {"style": "1", "off_line": "true", "off_line_ttl": "60", "title": "7"},
        {"sub_title": "", "category": "", "notify_level": None},
        {"auditResponse": {"a": 1}, "buttons": [], "option": []},
    ],
)
def test_right_notification_is_taken(bench: Bench, fields: dict[str, Any]) -> None:
    assert code(bench.unicast(**fields)) == 0


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": None}, 41),
        ({"content": None}, 41),
        ({"title": ""}, 41),
        ({"title": "x" * 51}, 41),
        ({"title": 7}, 41),
        ({"content": "x" * 201}, 41),
        ({"style": 2, "content": "x" * 129}, 41),
        ({"sub_title": "x" * 11}, 41),
        ({"style": 4, "medium_picture_url": "https://example.com/a.png", "content": "x" * 201}, 41),
        ({"style": 6}, 41),
        ({"style": 0}, 41),
        ({"style": True}, 41),
        ({"style": 3}, 41),
        ({"style": 3, "big_picture_url": "https://example.com/a.png"}, 41),
        ({"style": 4}, 41),
        ({"click_action_type": 3}, 41),
        ({"click_action_type": 1}, 41),
        ({"click_action_type": 2, "click_action_activity": "a.B"}, 41),
        ({"click_action_type": 4, "click_action_activity": "x" * 501}, 41),
        ({"click_action_type": 5, "click_action_url": "x" * 2001}, 41),
        ({"action_parameters": "x"}, 41),
        ({"action_parameters": "[]"}, 41),
        ({"action_parameters": {"a": "b"}}, 41),
        ({"action_parameters": json.dumps({"k": "x" * 4000})}, 41),
        ({"show_time_type": 1, "show_start_time": 1}, 41),
        ({"show_time_type": 1, "show_start_time": 2, "show_end_time": 2}, 41),
        ({"push_time_type": 1, "push_start_time": 1}, 41),
        ({"off_line": "no"}, 41),
        ({"off_line_ttl": -1}, 41),
        ({"off_line_ttl": 1.5}, 41),
        ({"network_type": 2}, 41),
        ({"call_back_url": "https://" + "x" * 200}, 41),
        ({"call_back_parameter": "x" * 101}, 41),
        ({"show_ttl": 43201}, 41),
        ({"category": "MARKETING", "show_ttl": 43201}, 41),
        ({"category": "IM", "show_ttl": 86401}, 41),
        ({"small_picture_url": "https://" + "x" * 300}, 41),
        ({"fix_speed": True, "fix_speed_rate": 999}, 41),
        ({"fix_speed": True}, 41),
        ({"small_picture_url": "a.png"}, 41),
        ({"call_back_url": "ftp://example.com"}, 41),
        ({"click_action_type": 2, "click_action_url": "app://x"}, 41),
        ({"badge_operation_type": 2}, 41),
        ({"badge_message_count": 100}, 41),
        ({"notify_id": 2**31}, 41),
        ({"notify_id": 0}, 41),
        ({"big_picture_id": "picture 1"}, 51),
        ({"small_picture_id": "https://example.com/a.png"}, 51),
        ({"channelid": "x"}, 41),
        ({"category": "subscribe"}, 67),
        ({"category": "im"}, 67),
        ({"category": "OTHER"}, 67),
        ({"notify_level": 2}, 67),
        ({"category": "IM", "notify_level": 3}, 67),
        ({"private_title_parameters": "x"}, 41),
        ({"private_content_parameters": []}, 41),
    ],
)
def test_wrong_notification_is_refused(bench: Bench, fields: dict[str, Any], expected: int) -> None:
    assert code(bench.unicast(**fields)) == expected


def test_answer_names_the_field_that_is_wrong(bench: Bench) -> None:
    assert told(bench.unicast(title="x" * 51))["message"] == "title max length is 50"
    assert told(bench.unicast(title=""))["message"] == "title is blank"
    assert told(bench.unicast(title=7))["message"] == "notification.title must be a string"
    assert told(bench.unicast(content="x" * 201))["message"] == "content max length is 200"
    assert told(bench.unicast(notify_id=0))["message"] == "notify_id must be greater than 0"
    assert told(bench.unicast(network_type=2))["message"] == "notification.network_type must be one of 0, 1"
    assert told(bench.unicast(category="x"))["message"].startswith("Category error/")
    assert "capitals" in bench.unicast(category="subscription").note


def test_what_sources_disagree_about_passes_where_the_world_is_lenient(lenient: Bench) -> None:
    assert code(lenient.unicast(channelid="x")) == 0
    assert code(lenient.unicast(action_parameters={"a": "b"})) == 0
    assert code(lenient.unicast(style=3, big_picture_url="https://example.com/a.png")) == 0
    assert code(lenient.unicast(push_time_type=1, push_start_time=1)) == 0
    assert code(lenient.call("unicast", message={**message(), "more": 1})) == 0


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, 40),
        ("", 40),
        ("x", 41),
        ("[]", 41),
        ('{"a":' * 50_000, 41),
        ({}, 40),
        ({**message(), "target_value": ""}, 40),
        ({**message(), "target_value": 7}, 41),
        ({**message(), "target_value": f"{LIVE};{LIVE}"}, 41),
        ({**message(), "target_type": None}, 40),
        ({**message(), "target_type": 1}, 41),
        ({**message(), "target_type": 3}, 41),
        ({**message(), "target_type": "x"}, 41),
        ({**message(), "notification": "x"}, 41),
        ({**message(), "notification": {}}, 41),
        ({**message(), "verify_registration_id": "x"}, 41),
        ({**message(), "more": 1}, 41),
        ({"target_type": 2, "registration_id": LIVE, "notification": shown()}, 40),
        ({**message(), "target_type": "2"}, 0),
        ({**message(), "verify_registration_id": True}, 0),
    ],
)
def test_message_around_the_notification(bench: Bench, body: Any, expected: int) -> None:
    assert code(bench.call("unicast", message=body)) == expected


# --- what the answer never tells -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"off_line": False}, "never gets it"),
        ({"content": "x" * 200}, "the document has 50"),
        ({"click_action_type": 2, "click_action_url": "https://" + "x" * 500}, "older texts"),
        ({"off_line_ttl": 864001}, "ten days"),
        ({}, "No channel_id"),
        ({}, "content and marketing"),
        ({"channel_id": "im"}, "communication and service"),
        ({"category": "NEWS", "notify_level": 2}, "no effect"),
        ({"fix_speed": True, "fix_speed_rate": 1000}, "for broadcasts"),
        ({"buttons": [{}]}, "paid extension"),
        ({"small_picture_id": "0" * 24}, "not uploaded to this sandbox"),
        ({"title": None, "category": "IM", "private_msg_template_id": "t"}, "title is missing"),
        ({"private_title_parameters": {"a": "b"}}, "fill nothing"),
        ({"badge_operation_type": 1, "badge_message_count": 3}, "adds one"),
    ],
)
def test_journal_says_what_a_phone_makes_of_it(bench: Bench, fields: dict[str, Any], said: str) -> None:
    act = bench.unicast(**fields)
    assert code(act) == 0
    assert said in act.note


def test_nothing_is_noted_of_a_message_that_is_as_it_should_be(bench: Bench) -> None:
    assert bench.unicast(category="IM", notify_level=2, channel_id="im").note == ""


def test_same_app_message_id_reaches_a_target_once(bench: Bench) -> None:
    first, second = (bench.unicast(app_message_id="a", category="IM") for _ in range(2))
    assert (code(first), code(second)) == (0, 0)
    assert ("dropped" in first.note, "dropped" in second.note) == (False, True)
    other = bench.unicast(token_of("slow"), app_message_id="a", category="IM")
    assert "dropped" not in other.note


def test_message_that_was_refused_has_not_reached_anybody(bench: Bench) -> None:
    bench.call("unicast", token="x", message=message(app_message_id="a", category="IM"))
    bench.unicast(app_message_id="a", category="im")
    assert "dropped" not in bench.unicast(app_message_id="a", category="IM").note


def test_third_content_message_of_a_day_is_dropped_and_any_of_the_other_class_is_not(bench: Bench) -> None:
    notes = [bench.unicast(category="MARKETING").note for _ in range(3)]
    assert ["user_daily_limit" in note for note in notes] == [False, False, True]
    assert "user_daily_limit" not in bench.unicast(category="ORDER").note
    bench.now += 24 * 3600
    assert "user_daily_limit" not in bench.unicast(category="MARKETING").note


def test_apps_day_holds_so_many_content_messages(bench: Bench) -> None:
    counted(bench.world, f"public of {APP}", 99_999)
    assert [code(bench.unicast(category="NEWS")) for _ in range(2)] == [0, 33]
    assert code(bench.unicast(category="IM")) == 0
    assert code(bench.broadcast(LIVE, category="NEWS")) == 33
    bench.now += 24 * 3600
    assert code(bench.unicast(category="NEWS")) == 0


# --- templates and rights --------------------------------------------------------------------------------------------


def test_template_with_its_slots(bench: Bench) -> None:
    template = {"category": "IM", "private_msg_template_id": "pushctl-template"}
    title, content = {"name": "Ann"}, {"name": "Ann", "group": "Team", "text": "Hi"}
    act = bench.unicast(**template, private_title_parameters=title, private_content_parameters=content)
    assert code(act) == 0
    assert "template" in act.note
    texts = {"private_title_parameters": json.dumps(title), "private_content_parameters": json.dumps(content)}
    assert code(bench.unicast(**template, **texts)) == 0
    lacking = bench.unicast(**template, private_title_parameters=title, private_content_parameters={"name": "Ann"})
    assert told(lacking) == {"code": 41, "message": "template_parameters no group"}
    assert told(bench.unicast(**template, private_title_parameters="Ann"))["message"] == (
        "notification.private_title_parameters syntax error, pos 1"
    )
    assert code(bench.unicast(category="IM", private_msg_template_id="of-another-app")) == 0


@pytest.mark.parametrize("whole_run", [True, False])
def test_app_whose_categories_need_a_template(folder: Path, whole_run: bool) -> None:
    bench = Bench(folder, scenario="template-missing" if whole_run else None)
    target = LIVE if whole_run else token_of("template-missing")
    assert told(bench.unicast(target, category="IM")) == {"code": 54, "message": "private_msg_template_id is null"}
    assert code(bench.unicast(target, category="IM", private_msg_template_id="t")) == 0
    assert code(bench.unicast(target, category="NEWS")) == 0
    if whole_run:
        assert code(bench.call("save_message_content", **shown(category="IM"))) == 54
    else:
        assert code(bench.broadcast(LIVE, target, category="IM")) == 54


@pytest.mark.parametrize("whole_run", [True, False])
def test_app_without_the_right_to_strong_reminders(folder: Path, whole_run: bool) -> None:
    bench = Bench(folder, scenario="no-strong-reminder" if whole_run else None)
    target = LIVE if whole_run else token_of("no-strong-reminder")
    assert code(bench.unicast(target, category="IM", notify_level=16)) == 67
    assert code(bench.unicast(target, category="IM", notify_level=2)) == 0


# --- targets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "rule"),
    [
        (token_of("token-dead"), "target-dead"),
        ("CN_" + "0" * 32, "target-unknown"),
        ("0" * 24, "target-unknown"),
        ("OPPO_CN_" + "0" * 32, "target-unknown"),
        (LIVE[3:], "target-unknown"),
        ("CN_xyz", "target-shape"),
        (LIVE + " ", "target-shape"),
        ("a_" * 150 + "0" * 32, "target-shape"),
        (ABROAD, "target-region"),
        ("IN_" + "0" * 32, "target-region"),
    ],
)
def test_target_that_is_refused(bench: Bench, target: str, rule: str) -> None:
    act = bench.unicast(target)
    assert (code(act), act.rule) == (10000, rule)


def test_ids_of_the_other_region(bench: Bench) -> None:
    assert bench.unicast(LIVE, to=INTERNATIONAL).rule == "target-region"
    assert code(bench.unicast(ABROAD, to=INTERNATIONAL)) == 0
    assert code(bench.unicast(token_of("token-dead", "abroad"), to=INTERNATIONAL)) == 10000


@pytest.mark.parametrize(
    ("token", "region"),
    [
        ("b6bbd94b59cdb5df8391642c1509b7fe", "china"),
        ("CN_b6bbd94b59cdb5df8391642c1509b7fe", "china"),
        ("OPPO_CN_b6bbd94b59cdb5df8391642c1509b7fe", "china"),
        ("realme_CN_b6bbd94b59cdb5df8391642c1509b7fe", "china"),
        ("IN_b6bbd94b59cdb5df8391642c1509b7fe", "abroad"),
        ("OPPO_IN_b6bbd94b59cdb5df8391642c1509b7fe", "abroad"),
        ("CN_IN_b6bbd94b59cdb5df8391642c1509b7fe", "abroad"),
    ],
)
def test_region_of_an_id(token: str, region: str) -> None:
    assert region_of(token) == region


def test_ids_of_an_app_are_foreign_to_another_one(bench: Bench) -> None:
    token = bench.token(app_key=OTHER_APP, secret=bench.secret("other"))
    assert bench.call("unicast", token=token, message=message()).rule == "target-other-app"


def test_alias_is_a_phones(bench: Bench) -> None:
    assert code(bench.call("unicast", message=message("pushctl", kind=5))) == 0
    assert code(bench.call("unicast", message=message("token-dead", kind=5))) == 10000
    act = bench.call("unicast", message=message("somebody", kind=5, call_back_url="https://example.com"))
    assert code(act) == 0
    assert "unproved" in act.note
    assert "call_back_url has no effect" in act.note


def test_handsets_have_ids_of_the_known_form_and_one_is_abroad() -> None:
    handsets = EMULATOR.handsets("production")
    assert len({handset.token for handset in handsets}) == len(handsets)
    assert all(re.fullmatch(r"(CN|IN)_[0-9a-f]{32}", handset.token) for handset in handsets)
    assert [handset.token for handset in handsets if handset.token.startswith("IN_")] == [ABROAD]
    assert handsets[0].token == LIVE


# --- nonsense --------------------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(
    ["title", "style", "buttons", "off_line", "category", "notify_level", "action_parameters", "big_picture_id",
     "private_title_parameters", "show_ttl", "appMessageId", "private_msg_template_id", "auditResponse", "x"]
)  # fmt: skip


@given(st.dictionaries(names, json_values), json_values, st.booleans())
def test_no_message_is_too_odd(folder: Path, fields: dict[str, Any], value: Any, strict: bool) -> None:
    bench = Bench(folder, strict=strict)
    token = bench.token()
    for body in (message(**fields), {**message(), "target_value": value}, {**message(), "notification": value}, value):
        assert code(bench.call("unicast", token=token, message=json.dumps(body))) in (0, 40, 41, 51, 54, 67, 10000)
        code(bench.call("unicast_batch", token=token, messages=json.dumps([body])))
    stored = bench.call("save_message_content", token=token, **{name: json.dumps(v) for name, v in fields.items()})
    assert code(stored) in (0, 40, 41, 51, 67)


@given(st.binary(max_size=60), st.text(max_size=20), st.sampled_from(sorted(each.name for each in EMULATOR.listeners)))
def test_no_request_is_too_odd(folder: Path, content: bytes, path: str, listener: str) -> None:
    bench = Bench(folder)
    for where in ("/server/v1/auth", f"{MESSAGES}unicast", "/server/v1/device/subscribe_tags", f"/{path}"):
        act = bench.serve(Seen("POST", where, (FORM, ("auth_token", "x")), content), listener)
        assert code(act) != 0


def test_a_code_that_is_a_status_has_an_empty_body(folder: Path) -> None:
    response = Bench(folder, scenario="http/503").unicast().response
    assert response is not None
    assert (response.status, response.body) == (503, b"")
