"""messages:send of the emulated FCM as a pure machine: a request and the world in, an act out."""

from __future__ import annotations

import json
import re
import secrets
import time
from pathlib import Path
from typing import Any

import pytest
from fcm_emulator_bench import SEND, Bench, code_of, detail, document, error
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.emulated import Peer, Seen, World
from pushctl.core.message import Assignment, Message
from pushctl.sandbox import forge
from pushctl.vendors.fcm.emulator import EMULATOR
from pushctl.vendors.fcm.emulator_answers import NUMBER, PROJECT
from pushctl.vendors.fcm.emulator_handsets import FID, KINDS, PACKAGE, TOKEN, live, of_another_project
from pushctl.vendors.fcm.emulator_schema import parse, read

NOT_NAMED = {"data": {"op": "sync"}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("fcm"), [EMULATOR]).credentials("fcm")


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(folder)


# --- acceptance


@pytest.mark.parametrize(
    ("target", "shape"),
    [
        ({"token": live("android").token}, r"0:\d{16}%[0-9a-f]{16}"),
        ({"fid": live("android").fid}, r"0:\d{16}%[0-9a-f]{16}"),
        ({"token": live("ios").token}, r"\d{16}"),
        ({"token": live("web").token}, r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ({"topic": "news"}, r"\d{19}"),
        ({"condition": "'a' in topics && !('b' in topics)"}, r"\d{19}"),
    ],
)
def test_success_names_the_message_in_the_platforms_shape(bench: Bench, target: dict[str, str], shape: str) -> None:
    act = bench.send({**target, "notification": {"title": "Hi"}})
    assert code_of(act) is None
    name = document(act)["name"]
    assert re.fullmatch(rf"projects/{PROJECT}/messages/{shape}", name), name


def test_dry_run_is_checked_like_any_other_and_delivers_nothing(bench: Bench) -> None:
    token = live("android").token
    checked = bench.post({"validate_only": True, "message": {"token": token}})
    assert document(checked) == {"name": f"projects/{PROJECT}/messages/fake_message_id"}
    assert bench.world.state.get("reached", {}) == {}
    assert (
        code_of(bench.post({"validateOnly": True, "message": {"token": "abc"}}))
        == "INVALID_ARGUMENT/registration-token"
    )


def test_names_in_snake_case_and_camel_case_are_the_same(bench: Bench) -> None:
    snake = {"android": {"collapse_key": "a", "restricted_package_name": PACKAGE, "direct_boot_ok": True}}
    camel = {"android": {"collapseKey": "a", "restrictedPackageName": PACKAGE, "directBootOk": True}}
    assert read({"message": snake}) == read({"message": camel})
    assert code_of(bench.send(snake)) is code_of(bench.send(camel)) is None


def test_every_field_of_the_message_is_taken(bench: Bench) -> None:
    shown = {
        "title": "t", "body": "b", "icon": "i", "color": "#00ff00", "sound": "default", "tag": "t", "click_action": "c",
        "body_loc_key": "k", "body_loc_args": ["1"], "title_loc_key": "k", "title_loc_args": ["1"], "channel_id": "c",
        "ticker": "t", "sticky": True, "event_time": "2026-01-01T00:00:00Z", "local_only": False,
        "notification_priority": "PRIORITY_MAX", "default_sound": True, "default_vibrate_timings": False,
        "default_light_settings": False, "vibrate_timings": ["0.100s", "1s"], "visibility": "SECRET",
        "notification_count": 3, "image": "https://example.com/a.png", "bypass_proxy_notification": False,
        "light_settings": {
            "color": {"red": 1, "green": 0.5, "blue": 0, "alpha": 1}, "light_on_duration": "1s",
            "light_off_duration": "0.5s",
        },
        "proxy": "IF_PRIORITY_LOWERED",
    }  # fmt: skip
    label = {"analytics_label": "spring-2026_a.b~c%"}
    message = {
        "data": {"op": "sync"},
        "notification": {"title": "t", "body": "b", "image": "https://example.com/a.png"},
        "android": {
            "collapse_key": "k", "priority": "high", "ttl": "3600.5s", "restricted_package_name": PACKAGE,
            "data": {"a": "b"}, "notification": shown, "fcm_options": label, "direct_boot_ok": True,
            "bandwidth_constrained_ok": True, "restricted_satellite_ok": True,
        },
        "webpush": {
            "headers": {"TTL": "60", "Urgency": "high"}, "data": {"a": "b"},
            "notification": {"title": "t", "silent": True},
            "fcm_options": {"link": "https://example.com/", **label},
        },
        "apns": {
            "headers": {"apns-priority": "10"}, "payload": {"aps": {"alert": "Hi"}, "own": [1, None]},
            "fcm_options": {"image": "https://example.com/a.png", **label}, "live_activity_token": "ab",
        },
        "fcm_options": label,
    }  # fmt: skip
    assert code_of(bench.send(message)) is None
    del shown["proxy"]
    shown["id"] = 7
    remote = {"notification": shown, "mutable_content": True, "use_as_v1_data_message": True}
    assert code_of(bench.send(android_v2={"ttl": "60s", "remote_notification": remote})) is None
    assert code_of(bench.send(android_v2={"background_sync": {}})) is None


# --- JSON and its types


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        (b"{", "json-syntax", "Invalid JSON payload received. Unexpected token."),
        (b'{"message": NaN}', "json-syntax", "Invalid JSON payload received. Unexpected token."),
        (b"\xff\xfe", "json-syntax", "Invalid JSON payload received. Unexpected token."),
        (b"[" * 100_000, "json-syntax", "Invalid JSON payload received."),
        (b"[]", "json-type", 'Unknown name "": Root element must be a message.'),
        (b"", "no-target", "Recipient of the message is not set."),
        (b'{"message":null}', "no-target", "Recipient of the message is not set."),
        (b'{"to":"x"}', "unknown-field", 'Unknown name "to": Cannot find field.'),
        (b'{"message":{"tokens":[]}}', "unknown-field", "Unknown name \"tokens\" at 'message': Cannot find field."),
        (b'{"message":{"data":[]}}', "json-type", "Proto field is not repeating, cannot start list."),
        (b'{"message":{"token":1}}', "value", "Invalid value at 'message.token' (TYPE_STRING), 1"),
    ],
)
def test_body_that_is_no_message(bench: Bench, body: bytes, code: str, said: str) -> None:
    act = bench.post(body)
    assert code_of(act) == f"INVALID_ARGUMENT/{code}"
    assert said in error(act)["message"]
    assert (error(act)["code"], error(act)["status"]) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize(
    ("fields", "code", "field", "said"),
    [
        ({"foo": 1}, "unknown-field", "message", "Unknown name \"foo\" at 'message': Cannot find field."),
        (
            {"android": {"notification": {"foo": 1}}},
            "unknown-field",
            "message.android.notification",
            "Unknown name \"foo\" at 'message.android.notification'",
        ),
        (
            {"data": {"a": "b", "n": 7}},
            "data-value-type",
            "message.data[1].value",
            "Invalid value at 'message.data[1].value' (TYPE_STRING), 7",
        ),
        ({"data": {"a": None}}, "data-value-type", "message.data[0].value", "(TYPE_STRING), null"),
        ({"data": {"a": {}}}, "data-value-type", "message.data[0].value", "Starting an object on a scalar field"),
        ({"android": {"data": {"a": True}}}, "data-value-type", "message.android.data[0].value", "(TYPE_STRING), true"),
        (
            {"android": {"ttl": 3600}},
            "ttl",
            "message.android.ttl",
            "(type.googleapis.com/google.protobuf.Duration), 3600",
        ),
        (
            {"android": {"ttl": "1h"}},
            "ttl",
            "message.android.ttl",
            "Illegal duration format; duration must end with 's'",
        ),
        ({"android": {"priority": "urgent"}}, "value", "message.android.priority", '"urgent"'),
        ({"android": {"collapse_key": -1}}, "value", "message.android.collapse_key", "(TYPE_STRING), -1"),
        ({"android": {"direct_boot_ok": "yes"}}, "value", "message.android.direct_boot_ok", "(TYPE_BOOL)"),
        (
            {"android": {"notification": {"event_time": "yesterday"}}},
            "value",
            "message.android.notification.event_time",
            "Illegal timestamp format",
        ),
        (
            {"android": {"notification": {"notification_count": 1.5}}},
            "value",
            "message.android.notification.notification_count",
            "(TYPE_INT32), 1.5",
        ),
        (
            {"android": {"notification": {"vibrate_timings": ["1s", "2"]}}},
            "value",
            "message.android.notification.vibrate_timings[1]",
            "Duration",
        ),
        ({"notification": "Hi"}, "value", "message.notification", "google.firebase.fcm.v1.Notification"),
        ({"apns": {"payload": "x"}}, "value", "message.apns.payload", "google.protobuf.Struct"),
        (
            {"android_v2": {"background_sync": {}, "remote_notification": {}}},
            "value",
            "message.android_v2",
            "oneof field 'message_type' is already set",
        ),
        (
            {"token": "a", "topic": "news"},
            "multiple-targets",
            "message",
            "oneof field 'target' is already set. Cannot set 'topic'",
        ),
    ],
)
def test_wrong_field_is_named_by_its_place(
    bench: Bench, fields: dict[str, Any], code: str, field: str, said: str
) -> None:
    act = bench.send(fields)
    assert code_of(act) == f"INVALID_ARGUMENT/{code}"
    violation = detail(act, "BadRequest")["fieldViolations"][0]
    assert violation["field"] == field
    assert said in violation["description"]
    assert violation["description"] in error(act)["message"]
    assert "FcmError" not in act.response.body.decode()  # type: ignore[union-attr]


def test_all_that_is_wrong_is_told_at_once(bench: Bench) -> None:
    act = bench.send({"foo": 1, "bar": 2})
    assert len(detail(act, "BadRequest")["fieldViolations"]) == 2
    assert error(act)["message"].count("\n") == 1


@pytest.mark.parametrize("spelling", ["high", "HIGH", "High", 1])
def test_enums_are_taken_in_any_letter_case_and_as_numbers(bench: Bench, spelling: object) -> None:
    assert code_of(bench.send(android={"priority": spelling})) is None


def test_curl_without_a_content_type_is_told_so(bench: Bench) -> None:
    act = bench.call("POST", SEND, b'{"message":{}}', ("content-type", "application/x-www-form-urlencoded"))
    assert code_of(act) == "INVALID_ARGUMENT/unknown-field"
    assert "Cannot bind query parameter" in error(act)["message"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
NAMES = st.sampled_from(["token", "fid", "topic", "condition", "data", "notification", "android", "apns", "webpush"])


@given(message=st.dictionaries(NAMES, JSON, max_size=4))
def test_any_json_is_answered(folder: Path, message: dict[str, Any]) -> None:
    code_of(Bench(folder).post({"message": message}))


@given(body=st.binary(max_size=60))
def test_any_bytes_are_answered(folder: Path, body: bytes) -> None:
    code_of(Bench(folder).post(body))
    parse(body)


# --- what FCM checks in a message


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"token": ""}, "INVALID_ARGUMENT/no-target"),
        ({"topic": "/topics/news"}, "INVALID_ARGUMENT/topic"),
        ({"topic": "no blanks"}, "INVALID_ARGUMENT/topic"),
        ({"topic": "a" * 901}, "INVALID_ARGUMENT/topic"),
        ({"topic": "a" * 900}, None),
        ({"condition": "'a' in topics &&"}, "INVALID_ARGUMENT/condition"),
        ({"condition": " || ".join(f"'{n}' in topics" for n in range(6))}, "INVALID_ARGUMENT/condition"),
        ({"condition": " || ".join(f"'{n}' in topics" for n in range(5))}, None),
        ({"data": {"from": "me"}}, "INVALID_ARGUMENT/data-key"),
        ({"data": {"message_type": "x"}}, "INVALID_ARGUMENT/data-key"),
        ({"data": {"google.x": "x"}}, "INVALID_ARGUMENT/data-key"),
        ({"data": {"gcm.notification.x": "x"}}, "INVALID_ARGUMENT/data-key"),
        ({"android": {"data": {"from": "me"}}}, "INVALID_ARGUMENT/data-key"),
        ({"android": {"ttl": "-1s"}}, "INVALID_ARGUMENT/ttl"),
        ({"android": {"ttl": "2419201s"}}, "INVALID_ARGUMENT/ttl"),
        ({"android": {"ttl": "2419200s"}}, None),
        ({"android": {"ttl": "0s"}}, None),
        ({"android": {}, "android_v2": {"background_sync": {}}}, "INVALID_ARGUMENT"),
        ({"android_v2": {}}, "INVALID_ARGUMENT"),
        ({"android_v2": {"remote_notification": {}}}, "INVALID_ARGUMENT"),
        ({"android": {"notification": {"color": "red"}}}, "INVALID_ARGUMENT"),
        ({"android": {"notification": {"title_loc_args": ["x"]}}}, "INVALID_ARGUMENT"),
        ({"android": {"notification": {"vibrate_timings": ["-1s"]}}}, "INVALID_ARGUMENT"),
        ({"android": {"notification": {"light_settings": {"color": {}}}}}, "INVALID_ARGUMENT"),
        ({"fcm_options": {"analytics_label": "a" * 51}}, "INVALID_ARGUMENT"),
        ({"webpush": {"fcm_options": {"link": "http://example.com"}}}, "INVALID_ARGUMENT"),
        ({"android": {"restricted_package_name": "com.example.other"}}, "INVALID_ARGUMENT/package"),
        ({"apns": {"payload": {"own": 1}}}, "INVALID_ARGUMENT/aps-missing"),
        ({"apns": {"payload": {"aps": {}}}}, "INVALID_ARGUMENT/no-details"),
        ({"apns": {"payload": {"aps": {"alert": {"title": None}}}}}, "INVALID_ARGUMENT/aps-value"),
        ({"apns": {"payload": {"aps": {"badge": "1"}}}}, "INVALID_ARGUMENT/aps-value"),
        ({"data": {"a": "x" * 4096}}, "INVALID_ARGUMENT/too-big"),
        ({"data": {"a": "x" * 4095}}, None),
        ({"data": {"a": "é" * 2048}}, "INVALID_ARGUMENT/too-big"),
        ({"data": {"a": "x" * 4000}, "notification": {"body": "y" * 100}}, "INVALID_ARGUMENT/too-big"),
        ({"data": {"a": "x" * 4096}, "android": {"data": {"a": "short"}}}, None),
    ],
)  # fmt: skip
def test_message_rules(bench: Bench, fields: dict[str, Any], code: str | None) -> None:
    assert code_of(bench.send(fields)) == code


@pytest.mark.parametrize("key", ["googleish", "gcm", "google"])
def test_words_that_the_pages_disagree_about_are_refused_in_strict_mode_only(folder: Path, key: str) -> None:
    assert code_of(Bench(folder).send(data={key: "x"})) == "INVALID_ARGUMENT/data-key"
    assert code_of(Bench(folder, strict=False).send(data={key: "x"})) is None


def test_data_push_to_ios_wants_priority_five(bench: Bench) -> None:
    def send(priority: str | None, aps: dict[str, Any]) -> str | None:
        headers = {} if priority is None else {"apns-priority": priority}
        return code_of(bench.send(token=live("ios").token, apns={"headers": headers, "payload": {"aps": aps}}))

    assert send("10", {"content-available": 1}) == "INVALID_ARGUMENT/apns-data-priority"
    assert send("5", {"content-available": 1}) is send(None, {"content-available": 1}) is None
    assert send("10", {"content-available": 1, "alert": "Hi"}) is None


@pytest.mark.parametrize(
    ("apns", "reason"),
    [
        ({"headers": {"apns-priority": "9"}}, "BadPriority"),
        ({"headers": {"apns-expiration": "tomorrow"}}, "BadExpirationDate"),
        ({"headers": {"apns-push-type": "loud"}}, "InvalidPushType"),
        ({"headers": {"APNS-Collapse-Id": "x" * 65}}, "BadCollapseId"),
        ({"payload": {"aps": {"alert": "x" * 4096}}}, "PayloadTooLarge"),
    ],
)
def test_what_apple_refuses_comes_back_as_an_apns_error_from_iphones_only(
    bench: Bench, apns: dict[str, Any], reason: str
) -> None:
    act = bench.send(token=live("ios").token, apns=apns)
    assert code_of(act) == f"ApnsError/{reason}"
    assert detail(act, "ApnsError")["reason"] == reason
    assert detail(act, "FcmError")["errorCode"] == "INVALID_ARGUMENT"
    assert code_of(bench.send(apns=apns)) is None


# --- devices


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ({"token": "abc"}, "INVALID_ARGUMENT/registration-token"),
        ({"token": "ab" * 32}, "INVALID_ARGUMENT/registration-token"),
        ({"token": live("android").fid}, "INVALID_ARGUMENT/registration-token"),
        ({"token": live("android").token[:-60]}, "INVALID_ARGUMENT/registration-token"),
        ({"token": live("android").token.replace(":", "%3A")}, "INVALID_ARGUMENT/registration-token"),
        ({"token": live("android").token[:-1]}, "UNREGISTERED"),
        ({"token": f"{'d' * 22}:APA91b{'x' * 134}"}, "UNREGISTERED"),
        ({"fid": "d" * 22}, "UNREGISTERED"),
        ({"fid": live("android").token}, "INVALID_ARGUMENT"),
        ({"fid": "a" * 22}, "INVALID_ARGUMENT"),
        ({"token": of_another_project().token}, "SENDER_ID_MISMATCH"),
    ],
)
def test_tokens_and_installation_ids(bench: Bench, target: dict[str, str], code: str) -> None:
    assert code_of(bench.send(target)) == code


def test_a_dead_token_is_a_404_with_an_fcm_error(bench: Bench) -> None:
    act = bench.send(token=f"{'d' * 22}:APA91b{'x' * 134}")
    assert (error(act)["code"], error(act)["status"]) == (404, "NOT_FOUND")
    assert detail(act, "FcmError") == {
        "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError",
        "errorCode": "UNREGISTERED",
    }


def test_handsets_have_todays_shapes_and_are_taken(bench: Bench) -> None:
    rows = EMULATOR.handsets("production")
    assert {row.kind for row in rows if not row.scenario} == {*KINDS, "fid", "other-project"}
    assert len({row.token for row in rows}) == len(rows)
    for row in rows:
        assert (FID if row.kind == "fid" else TOKEN).fullmatch(row.token)
        assert row.kind == "fid" or len(row.token) == 163
        if not row.scenario and row.kind != "other-project":
            assert code_of(bench.send({"fid" if row.kind == "fid" else "token": row.token})) is None


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (Message(title="Hi"), "android"),
        (Message(silent=True), "android"),
        (Message(assignments=(Assignment("apns.payload.aps.badge", 1),)), "ios"),
        (Message(assignments=(Assignment("webpush.headers.TTL", "1"),)), "web"),
        (Message(assignments=(Assignment("apns.payload.aps.badge", 1), Assignment("android.ttl", "1s"))), "android"),
        (Message(raw=b'{"message":{"apns":{}}}'), "ios"),
        (Message(raw=b'{"message":{"webpush":{}}}'), "web"),
        (Message(raw=b"no JSON"), "android"),
        (Message(raw=b"[]"), "android"),
    ],
)
def test_a_message_goes_to_the_kind_of_handset_that_it_is_written_for(message: Message, kind: str) -> None:
    assert EMULATOR.handset_for(message, "production", None).token == live(kind).token


def test_silent_push_of_normal_priority_is_remarked_upon(bench: Bench) -> None:
    assert "later" in bench.send(data={"op": "sync"}).note
    assert bench.send(data={"op": "sync"}, android={"priority": "high"}).note == ""
    assert bench.send(notification={"title": "Hi"}).note == ""


# --- quotas


def test_one_android_device_takes_240_a_minute_and_recovers(bench: Bench) -> None:
    assert [code_of(bench.send()) for _ in range(240)] == [None] * 240
    act = bench.send()
    assert code_of(act) == "QUOTA_EXCEEDED"
    assert act.response is not None
    assert act.response.header("retry-after") == "30"
    assert detail(act, "RetryInfo")["retryDelay"] == "30s"
    assert detail(act, "QuotaFailure")["violations"]
    assert code_of(bench.send(token=live("ios").token)) is code_of(bench.send(topic="news")) is None
    bench.now += 0.26
    assert code_of(bench.send()) is None
    assert code_of(bench.send()) == "QUOTA_EXCEEDED"
    bench.now += 60
    assert [code_of(bench.send()) for _ in range(240)] == [None] * 240


def test_one_android_device_takes_5000_an_hour(bench: Bench) -> None:
    for _ in range(33):
        taken = [code_of(bench.send()) for _ in range(240)]
        bench.now += 60
    assert taken.count(None) == 240 - taken.count("QUOTA_EXCEEDED") < 240
    taken = [code_of(bench.send()) for _ in range(240)]
    assert 83 <= taken.count(None) <= 84  # what fills up in a minute


def test_dry_runs_count(bench: Bench) -> None:
    token = live("android").token
    for _ in range(240):
        bench.post({"validate_only": True, "message": {"token": token}})
    assert code_of(bench.send()) == "QUOTA_EXCEEDED"


# --- the older error format


def test_without_version_two_errors_come_in_the_older_format(bench: Bench) -> None:
    body = json.dumps({"message": {"token": "abc"}}).encode()
    act = bench.ask("POST", SEND, body, ("authorization", f"Bearer {bench.access()}"))
    told = error(act)
    assert "details" not in told
    assert told["errors"] == [{"message": told["message"], "domain": "global", "reason": "badRequest"}]
    asked = bench.ask("POST", f"{SEND}?%24.xgafv=2", body, ("authorization", f"Bearer {bench.access()}"))
    assert detail(asked, "FcmError")


# --- paths


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"/v1/projects/{NUMBER}/messages:send", None),
        (f"/v1/projects/{PROJECT}/messages%3Asend", None),
        ("/v1/projects/another-project/messages:send", "IAM_PERMISSION_DENIED"),
        ("/v1/projects/no%20project/messages:send", "NOT_FOUND"),
        (f"/v1/projects/0{NUMBER}/messages:send", "NOT_FOUND"),
        (f"/v1/projects/{PROJECT}/messages", "HTTP_404_HTML"),
        (f"/v2/projects/{PROJECT}/messages:send", "HTTP_404_HTML"),
        ("/fcm/send", "HTTP_404_HTML"),
        ("/batch", "HTTP_404_HTML"),
        ("/", "HTTP_404_HTML"),
    ],
)
def test_paths(bench: Bench, path: str, code: str | None) -> None:
    assert code_of(bench.post({"message": {"topic": "news"}}, path=path)) == code


def test_the_number_of_the_project_is_answered_with_its_id(bench: Bench) -> None:
    act = bench.post({"message": {"topic": "news"}}, path=f"/v1/projects/{NUMBER}/messages:send")
    assert document(act)["name"].startswith(f"projects/{PROJECT}/")


def test_retired_endpoints_answer_with_the_pages_of_today(bench: Bench) -> None:
    old, batch = (bench.ask("POST", path, b"{}", ("authorization", "key=AAAA")) for path in ("/fcm/send", "/batch"))
    assert old.response is not None
    assert batch.response is not None
    assert (old.response.status, batch.response.status) == (404, 404)
    assert b"<TITLE>Not Found</TITLE>" in old.response.body
    assert b"The requested URL <code>/batch</code> was not found on this server" in batch.response.body
    assert old.response.header("content-type") == "text/html; charset=UTF-8"


def test_get_is_not_send(bench: Bench) -> None:
    assert code_of(bench.call("GET", SEND)) == "HTTP_404_HTML"


def test_a_body_of_megabytes_is_turned_away_by_the_front_end(bench: Bench) -> None:
    assert code_of(bench.post(b" " * (1024 * 1024 + 1))) == "HTTP_413"


# --- a profile of one's own


def test_the_world_is_the_profiles_project_where_it_says_one(folder: Path) -> None:
    own = {"project_id": "my-app-1a2b3", "app_id": "1:77:android:0a", "package_name": "com.example.mine"}
    bench = Bench(folder, app=own)
    path = "/v1/projects/my-app-1a2b3/messages:send"
    message = {"token": live("android").token, "android": {"restricted_package_name": "com.example.mine"}}
    assert code_of(bench.post({"message": message}, path=path)) is None
    assert code_of(bench.post({"message": message})) == "IAM_PERMISSION_DENIED"
    info = document(bench.iid("GET", f"/iid/info/{live('android').token}"))
    assert (info["application"], info["authorizedEntity"]) == ("com.example.mine", "77")


# --- over the wire


PATHS = (
    SEND,
    "/token",
    "/v1/token",
    "/iid/info/x",
    "/iid/v1:batchAdd",
    "/fcm/notification",
    f"/v1/projects/{PROJECT}/registrations/y/topicSubscriptions?topic_name=z",
    f"/v1beta1/projects/{PROJECT}/androidApps/y/deliveryData",
    "/v1/projects/-/serviceAccounts/x:generateAccessToken",
)
HEADER_NAMES = ("authorization", "content-type", "access_token_auth", "project_id", "x-goog-user-project")
HEADER_VALUES = ("Bearer x", "Bearer \udcff", "Bearer a.b.c", "true", "application/x-www-form-urlencoded")


@given(
    method=st.sampled_from(["GET", "POST", "DELETE", "PATCH", "PUT"]),
    path=st.sampled_from(PATHS),
    headers=st.lists(
        st.tuples(st.sampled_from(HEADER_NAMES), st.text(max_size=20) | st.sampled_from(HEADER_VALUES)), max_size=4
    ),
    body=st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")),
)
def test_any_request_is_answered(
    folder: Path, method: str, path: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    world = World(time.time, secrets.token_bytes, folder)
    seen = Seen(method, path, tuple(headers), body, "fcm.googleapis.com")
    act = EMULATOR.serve(seen, Peer(EMULATOR.listeners[0], 1), world)
    assert act.response is not None
    assert (act.response.status < 300) is (act.code is None)


def test_nothing_is_said_before_a_request(folder: Path) -> None:
    assert EMULATOR.greet(Peer(EMULATOR.listeners[0], 1), World(time.time, secrets.token_bytes, folder)) is None
