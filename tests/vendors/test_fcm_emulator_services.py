"""Topics, Instance ID, delivery data and device groups of the emulated Google."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fcm_emulator_bench import Bench, code_of, detail, document
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.emulated import Act
from pushctl.sandbox import forge
from pushctl.vendors.fcm.emulator import EMULATOR
from pushctl.vendors.fcm.emulator_answers import NUMBER, OTHER_NUMBER, PROJECT
from pushctl.vendors.fcm.emulator_credentials import APP
from pushctl.vendors.fcm.emulator_handsets import PACKAGE, live, of_another_project, of_scenario
from pushctl.vendors.fcm.emulator_topics import condition_of, subscriptions

ANDROID, IPHONE, BROWSER = live("android"), live("ios"), live("web")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("fcm-services"), [EMULATOR]).credentials("fcm")


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(folder)


def dead() -> str:
    return of_scenario("android", EMULATOR.scenarios["token-dead"]).token


# --- topic subscriptions


@pytest.mark.parametrize("registration", [ANDROID.token, ANDROID.fid, IPHONE.token])
@pytest.mark.parametrize("parameter", ["topic_name", "topicName"])
def test_subscription_is_made_once(bench: Bench, registration: str, parameter: str) -> None:
    act = bench.topics("POST", registration, f"?{parameter}=news", b"{}")
    assert code_of(act) is None
    told = document(act)
    assert told["name"] == f"projects/{PROJECT}/registrations/{registration}/topicSubscriptions/news"
    assert (told["topic_name"], told["create_time"][-1]) == ("news", "Z")
    again = bench.topics("POST", registration, f"?{parameter}=news", b"{}")
    assert (code_of(again), document(again)["error"]["code"]) == ("ALREADY_EXISTS", 409)


def test_a_token_and_its_installation_id_are_one_device(bench: Bench) -> None:
    bench.topics("POST", ANDROID.token, "?topic_name=news")
    assert code_of(bench.topics("GET", ANDROID.fid, "/news")) is None


def test_subscription_ends(bench: Bench) -> None:
    bench.topics("POST", ANDROID.token, "?topic_name=a%7Eb")
    assert document(bench.topics("DELETE", ANDROID.token, "/a%7Eb")) == {}
    assert code_of(bench.topics("GET", ANDROID.token, "/a%7Eb")) == "NOT_FOUND"
    assert code_of(bench.topics("DELETE", ANDROID.token, "/a%7Eb")) == "NOT_FOUND"
    assert code_of(bench.topics("DELETE", ANDROID.token, "/a%7Eb?allow_missing=true")) is None


def test_patch_makes_it_where_it_may(bench: Bench) -> None:
    assert code_of(bench.topics("PATCH", ANDROID.token, "/news", b"{}")) == "NOT_FOUND"
    assert code_of(bench.topics("PATCH", ANDROID.token, "/news?allow_missing=true", b"{}")) is None
    assert code_of(bench.topics("PATCH", ANDROID.token, "/news", b"{}")) is None


def test_subscriptions_are_listed_in_pages(bench: Bench) -> None:
    assert document(bench.topics("GET", ANDROID.token)) == {"topicSubscriptions": []}
    for name in ("a", "b", "c"):
        bench.topics("POST", ANDROID.token, f"?topic_name={name}")
    first = document(bench.topics("GET", ANDROID.token, "?page_size=2"))
    second = document(bench.topics("GET", ANDROID.token, f"?pageSize=2&pageToken={first['nextPageToken']}"))
    rows = [*first["topicSubscriptions"], *second["topicSubscriptions"]]
    assert [row["topic_name"] for row in rows] == ["a", "b", "c"]
    assert "nextPageToken" not in second
    assert code_of(bench.topics("GET", ANDROID.token, "?page_size=x")) == "INVALID_ARGUMENT"


@pytest.mark.parametrize(
    ("registration", "rest", "code"),
    [
        ("abc", "?topic_name=news", "INVALID_ARGUMENT/registration-token"),
        (ANDROID.token, "?topic_name=", "INVALID_ARGUMENT/topic"),
        (ANDROID.token, "", "INVALID_ARGUMENT/topic"),
        (ANDROID.token, "?topic_name=%2Ftopics%2Fnews", "INVALID_ARGUMENT/topic"),
        (of_another_project().token, "?topic_name=news", "SENDER_ID_MISMATCH"),
        ("d" * 22, "?topic_name=news", "UNREGISTERED"),
        (dead(), "?topic_name=news", "UNREGISTERED"),
    ],
)
def test_subscription_is_checked(bench: Bench, registration: str, rest: str, code: str) -> None:
    assert code_of(bench.topics("POST", registration, rest, b"{}")) == code


def test_broken_json_and_missing_rights(bench: Bench) -> None:
    assert code_of(bench.topics("POST", ANDROID.token, "?topic_name=a", b"{")) == "INVALID_ARGUMENT/json-syntax"
    path = f"/v1/projects/{PROJECT}/registrations/{quote(ANDROID.token)}/topicSubscriptions?topic_name=a"
    act = bench.call("POST", path, b"{}", access=bench.access("service-account-no-role"))
    assert detail(act, "ErrorInfo")["metadata"]["permission"] == "cloudmessaging.topicSubscriptions.create"


def test_one_device_has_two_thousand_topics(bench: Bench) -> None:
    subscriptions(bench.world, ANDROID.token).update({f"t{n}": 0.0 for n in range(2000)})
    assert code_of(bench.topics("POST", ANDROID.token, "?topic_name=one-more")) == "RESOURCE_EXHAUSTED"
    result = bench.iid("POST", "/iid/v1:batchAdd", {"to": "/topics/one-more", "registration_tokens": [ANDROID.token]})
    assert document(result) == {"results": [{"error": "TOO_MANY_TOPICS"}]}


def test_what_is_sent_to_a_topic_reaches_its_subscribers(bench: Bench) -> None:
    bench.topics("POST", ANDROID.token, "?topic_name=news")
    bench.topics("POST", IPHONE.token, "?topic_name=news")
    bench.topics("POST", IPHONE.token, "?topic_name=sport")
    assert "2 subscribers" in bench.send(topic="news").note
    assert "1 subscribers" in bench.send(condition="'news' in topics && !('sport' in topics)").note
    assert "0 subscribers" in bench.send(topic="weather").note
    assert bench.world.state["reached"] == {ANDROID.token: 2, IPHONE.token: 1}
    bench.post({"validate_only": True, "message": {"topic": "news"}})
    assert bench.world.state["reached"] == {ANDROID.token: 2, IPHONE.token: 1}


# --- conditions


@pytest.mark.parametrize(
    ("condition", "topics", "meant"),
    [
        ("'a' in topics", {"a"}, True),
        ("'a' in topics && 'b' in topics", {"a"}, False),
        ("'a' in topics || 'b' in topics && 'c' in topics", {"a"}, True),
        ("('a' in topics || 'b' in topics) && 'c' in topics", {"a"}, False),
        ("!('a' in topics)", {"b"}, True),
        ("!!'a' in topics", {"a"}, True),
        ("  'a'   in   topics&&('b' in topics)  ", {"a", "b"}, True),
    ],
)
def test_conditions_mean_what_they_say(condition: str, topics: set[str], meant: bool) -> None:
    test = condition_of(condition)
    assert not isinstance(test, str)
    assert test(topics) is meant


@pytest.mark.parametrize(
    "condition",
    [
        "", "'a'", "a in topics", "'a' in topics &&", "&& 'a' in topics", "('a' in topics", "'a' in topics)", "()",
        "'a' in topics 'b' in topics", "'a b' in topics", "'' in topics", "'a' in topics and 'b' in topics", "!" * 99,
        "(" * 5000, "'a' in topics & 'b' in topics",
    ],
)  # fmt: skip
def test_conditions_that_cannot_be_read(condition: str) -> None:
    assert isinstance(condition_of(condition), str)


@given(st.text(alphabet="'ab()!&| intopcs", max_size=40))
def test_any_condition_is_read_or_refused(condition: str) -> None:
    found = condition_of(condition)
    assert isinstance(found, str) or found({"a"}) in (True, False)


# --- Instance ID


def test_a_token_is_told_whose_it_is(bench: Bench) -> None:
    told = document(bench.iid("GET", f"/iid/info/{quote(ANDROID.token)}"))
    assert (told["application"], told["authorizedEntity"], told["platform"]) == (PACKAGE, NUMBER, "ANDROID")
    assert "rel" not in told
    assert document(bench.iid("GET", f"/iid/info/{IPHONE.token}"))["platform"] == "IOS"
    assert document(bench.iid("POST", f"/iid/info/{BROWSER.token}"))["platform"] == "WEBPUSH"


def test_a_token_of_another_project_tells_the_others_number(bench: Bench) -> None:
    told = document(bench.iid("GET", f"/iid/info/{of_another_project().token}"))
    assert told["authorizedEntity"] == OTHER_NUMBER


def test_details_have_the_topics(bench: Bench) -> None:
    bench.topics("POST", ANDROID.token, "?topic_name=news")
    told = document(bench.iid("GET", f"/iid/info/{ANDROID.token}?details=true"))
    assert told["rel"]["topics"].keys() == {"news"}
    assert "rel" not in document(bench.iid("GET", f"/iid/info/{ANDROID.token}"))


@pytest.mark.parametrize(
    ("token", "code", "status", "said"),
    [
        ("abc", "InvalidToken", 400, "InvalidToken"),
        (dead(), "iid/no-information", 404, "No information found about this instance id."),
        (f"{'d' * 22}:APA91b{'x' * 134}", "iid/no-information", 404, "No information found about this instance id."),
    ],
)
def test_unknown_tokens(bench: Bench, token: str, code: str, status: int, said: str) -> None:
    act = bench.iid("GET", f"/iid/info/{token}")
    assert (code_of(act), document(act)) == (code, {"error": said})
    assert act.response is not None
    assert act.response.status == status


def test_without_the_header_comes_a_page(bench: Bench) -> None:
    for act in (
        bench.call("GET", f"/iid/info/{ANDROID.token}", host="iid.googleapis.com"),
        bench.iid("GET", f"/iid/info/{ANDROID.token}", access="nonsense"),
    ):
        assert code_of(act) == "PROJECT_NOT_PERMITTED"
        assert act.response is not None
        assert act.response.status == 401
        assert b"<TITLE>PROJECT_NOT_PERMITTED</TITLE>" in act.response.body


def test_a_batch_has_one_result_per_token(bench: Bench) -> None:
    tokens = [ANDROID.token, "abc", dead(), of_another_project().token, 7, f"{'d' * 22}:APA91b{'x' * 134}"]
    body = {"to": "/topics/news", "registration_tokens": tokens}
    act = bench.iid("POST", "/iid/v1:batchAdd", body)
    told = [row.get("error") for row in document(act)["results"]]
    assert told == [None, "INVALID_ARGUMENT", "NOT_FOUND", "PERMISSION_DENIED", "INVALID_ARGUMENT", "NOT_FOUND"]
    assert act.note == "1 done, 5 refused."
    assert subscriptions(bench.world, ANDROID.token).keys() == {"news"}
    bench.iid("POST", "/iid/v1:batchRemove", body)
    assert subscriptions(bench.world, ANDROID.token) == {}


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"to": "/topics/news"},
        {"to": "/topics/news", "registration_tokens": []},
        {"to": "/topics/news", "registration_tokens": ["x"] * 1001},
        {"to": "news", "registration_tokens": ["x"]},
        {"to": "/topics/no blanks", "registration_tokens": ["x"]},
    ],
)
def test_a_batch_that_is_none(bench: Bench, body: Any) -> None:
    assert code_of(bench.iid("POST", "/iid/v1:batchAdd", body)) == "INVALID_ARGUMENT"


# --- delivery data


def deliveries(bench: Bench, rest: str = "", app: str = APP["app_id"], access: str = "") -> Act:
    path = f"/v1beta1/projects/{PROJECT}/androidApps/{quote(app)}/deliveryData{rest}"
    return bench.call("GET", path, access=access or bench.cloud(), host="fcmdata.googleapis.com")


def test_aggregates_have_the_documented_shape(bench: Bench) -> None:
    rows = document(deliveries(bench))["androidDeliveryData"]
    assert len(rows) == 6, "three days, with the label and without"
    assert rows[0]["appId"] == APP["app_id"]
    assert rows[0]["date"].keys() == {"year", "month", "day"}
    assert isinstance(rows[0]["data"]["countMessagesAccepted"], str)
    assert sum(rows[0]["data"]["messageOutcomePercents"].values()) == 100
    assert {row.get("analyticsLabel") for row in rows} == {None, "sandbox"}


def test_aggregates_come_in_pages(bench: Bench) -> None:
    rows, token = [], "0"
    while token:
        page = document(deliveries(bench, f"?pageSize=2&pageToken={token}"))
        rows += page["androidDeliveryData"]
        token = page.get("nextPageToken", "")
    assert rows == document(deliveries(bench))["androidDeliveryData"]


def test_aggregates_are_checked(bench: Bench) -> None:
    assert code_of(deliveries(bench, access=bench.access())) == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    assert code_of(deliveries(bench, app="com.example.app")) == "INVALID_ARGUMENT/value"
    assert code_of(deliveries(bench, app="1:7:android:0a")) == "NOT_FOUND"
    assert code_of(deliveries(bench, "?pageSize=10001")) == "INVALID_ARGUMENT/value"


# --- device groups


def group(bench: Bench, method: str = "POST", query: str = "", sender: str = NUMBER, **body: Any) -> Act:
    headers = (("access_token_auth", "true"), ("project_id", sender))
    return bench.call(method, f"/fcm/notification{query}", json.dumps(body).encode(), *headers)


def test_a_group_is_made_changed_and_sent_to(bench: Bench) -> None:
    name = {"notification_key_name": "family"}
    key = document(group(bench, operation="create", registration_ids=[ANDROID.token], **name))["notification_key"]
    group(bench, operation="add", registration_ids=[IPHONE.token], notification_key=key, **name)
    assert bench.send(token=key).note == "A device group of 2."
    assert bench.world.state["reached"] == {ANDROID.token: 1, IPHONE.token: 1}
    assert document(group(bench, "GET", "?notification_key_name=family"))["notification_key"] == key
    both = [ANDROID.token, IPHONE.token]
    group(bench, operation="remove", registration_ids=both, notification_key=key, **name)
    assert code_of(bench.send(token=key)) == "UNREGISTERED"


def test_groups_are_checked(bench: Bench) -> None:
    one = {"registration_ids": [ANDROID.token], "notification_key_name": "family"}
    assert code_of(group(bench, sender="7", operation="create", **one)) == "PROJECT_NOT_PERMITTED"
    assert code_of(group(bench, "GET", "?notification_key_name=family")) == "INVALID_ARGUMENT"
    assert code_of(group(bench, operation="create", **one)) is None
    assert document(group(bench, operation="create", **one)) == {"error": "notification_key already exists"}
    for wrong in (
        {"operation": "add", **one},
        {"operation": "create", **one, "notification_key_name": ""},
        {"operation": "create", **one, "registration_ids": []},
        {"operation": "create", **one, "registration_ids": ["abc"]},
    ):
        assert code_of(group(bench, **wrong)) == "INVALID_ARGUMENT"
