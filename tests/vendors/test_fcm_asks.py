"""Topics, tokens and delivery data: exact requests, and what the answers prove."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import UsageError
from pushctl.core.message import Target
from pushctl.core.secret import Secret, revealed
from pushctl.core.vendor import Account, Answer, Env, Grant, Question
from pushctl.core.verdict import ExitCode
from pushctl.core.wire import Lost, Reply, Request, Response
from pushctl.vendors.fcm import VENDOR
from pushctl.vendors.fcm.hosts import HOSTS

APP_ID = "1:123456789012:android:0123456789abcdef"
APP = {"project_id": "demo-project", "sender_id": "123456789012", "app_id": APP_ID, "package_name": "com.example.app"}
GRANT = Grant(Secret("ya29.x", "$PUSHCTL_TOKEN"), 0, 3600)
ENV = Env(1767323045, bytes)
TOKEN = "cdefghijklmnopqrstuvwx:APA91b" + "x" * 20
QUOTED = TOKEN.replace(":", "%3A")
FID = "cdefghijklmnopqrstuvwx"
A, B, C = (Target("token", f"{TOKEN}{letter}") for letter in "abc")

FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"


def account(**app: str) -> Account:
    return Account("production", None, {**APP, **app}, HOSTS["production"])


def answer(document: Any, status: int = 200) -> Response:
    return Response(status, (("content-type", "application/json"),), json.dumps(document).encode())


def error(status: int, word: str, message: str = "It is refused.", *details: dict[str, Any]) -> Response:
    return answer({"error": {"code": status, "status": word, "message": message, "details": list(details)}}, status)


GONE = error(404, "NOT_FOUND", "Requested entity was not found.", {"@type": FCM_ERROR, "errorCode": "UNREGISTERED"})
THERE = error(409, "ALREADY_EXISTS")
EXPIRED = error(401, "UNAUTHENTICATED", "x", {"@type": ERROR_INFO, "reason": "ACCESS_TOKEN_EXPIRED"})
DISABLED = error(403, "PERMISSION_DENIED", "x", {"@type": ERROR_INFO, "reason": "SERVICE_DISABLED"})
NO_PAGE = Response(404, (), b"<!DOCTYPE html><html><title>Error 404 (Not Found)!!1</title></html>")
DONE = answer({"name": "n", "topic_name": "news", "create_time": "2026-01-15T01:30:15.01Z"})


def ask(name: str, question: Question, *replies: Reply, of: Account | None = None) -> tuple[list[Request], Answer]:
    steps = VENDOR.asks[name](of or account(), question, GRANT, ENV)
    requests, left = [next(steps)], list(replies)
    try:
        while True:
            requests.append(steps.send(left.pop(0)))
    except StopIteration as end:
        assert not left
        return requests, end.value


def wire(request: Request) -> tuple[str, str, str]:
    return request.method, request.target(reveal=True), request.body(reveal=True).decode()


def headers(request: Request) -> dict[str, str]:
    return {name: revealed(value) for name, value in request.headers}


def rules(found: Answer) -> list[str]:
    return [finding.rule for finding in found.findings]


def topic(*targets: Target, **values: str) -> Question:
    return Question({"topic": "news", **values}, targets)


# --- topics ----------------------------------------------------------------------------------------------------------

BASE = "https://fcm.googleapis.com/v1/projects/demo-project/registrations"


def test_a_device_is_subscribed() -> None:
    (request,), found = ask("topic.subscribe", topic(Target("token", TOKEN)), DONE)

    assert wire(request) == ("POST", f"{BASE}/{QUOTED}/topicSubscriptions?topic_name=news", "{}")
    assert headers(request) == {
        "Authorization": "Bearer ya29.x",
        "Content-Type": "application/json",
        "X-GOOG-API-FORMAT-VERSION": "2",
    }
    assert found.says.outcome == "accepted"
    assert found.facts == (("topic", "news"), ("api", "topicSubscriptions"))
    assert [verdict.target for verdict in found.verdicts] == [Target("token", TOKEN)]


def test_a_device_is_unsubscribed_whether_it_was_subscribed_or_not() -> None:
    question = Question({"topic": "50%~off"}, (Target("fid", FID),))

    (request,), found = ask("topic.unsubscribe", question, answer({}))

    assert wire(request) == ("DELETE", f"{BASE}/{FID}/topicSubscriptions/50%25~off?allow_missing=true", "")
    assert "Content-Type" not in headers(request)
    assert found.exit_code is ExitCode.ACCEPTED


def test_a_login_says_whom_to_charge() -> None:
    (request,), _ = ask("topic.subscribe", topic(A), DONE, of=account(quota_project_id="payer"))

    assert headers(request)["x-goog-user-project"] == "payer"


def test_a_device_that_is_subscribed_already_is_accepted_and_it_is_said() -> None:
    _, found = ask("topic.subscribe", topic(A), THERE)

    assert found.exit_code is ExitCode.ACCEPTED
    assert found.verdicts[0].says.detail == "It was subscribed already."
    assert ("subscribed already", "1") in found.facts
    assert found.verdicts[0].says.http_status == 409


def test_every_device_has_its_own_verdict() -> None:
    requests, found = ask("topic.subscribe", topic(A, B, C), DONE, GONE, THERE)

    assert len(requests) == 3
    assert [(one.target, one.says.outcome, one.says.token_dead) for one in found.verdicts] == [
        (A, "accepted", None),
        (B, "refused", True),
        (C, "accepted", None),
    ]
    assert found.exit_code is ExitCode.MIXED


def test_a_token_that_expired_stops_the_rest_and_can_be_renewed() -> None:
    requests, found = ask("topic.subscribe", topic(A, B, C), DONE, EXPIRED)

    assert len(requests) == 2
    assert (found.says.renew, found.verdicts) == ("grant", ())
    assert found.exit_code is ExitCode.CREDENTIAL


@pytest.mark.parametrize("refusal", [NO_PAGE, DISABLED, error(501, "UNIMPLEMENTED")])
def test_where_the_newer_api_is_not_to_be_had_the_older_one_is_asked(refusal: Response) -> None:
    (_, batch), found = ask("topic.subscribe", topic(A, B), refusal, answer({"results": [{}, {"error": "NOT_FOUND"}]}))

    assert wire(batch) == (
        "POST",
        "https://iid.googleapis.com/iid/v1:batchAdd",
        json.dumps({"to": "/topics/news", "registration_tokens": [A.value, B.value]}, separators=(",", ":")),
    )
    assert headers(batch) == {
        "Authorization": "Bearer ya29.x",
        "Content-Type": "application/json",
        "access_token_auth": "true",
    }
    assert [one.says.code for one in found.verdicts] == ["", "batch/NOT_FOUND"]
    assert rules(found) == ["topic-old-api"]
    assert ("api", "iid batch") in found.facts


def test_of_an_installation_id_the_older_api_knows_nothing() -> None:
    fid = Target("fid", FID)

    requests, found = ask("topic.subscribe", topic(fid, A), DISABLED, answer({"results": [{}]}))

    assert len(requests) == 2
    assert [(one.target, one.says.code) for one in found.verdicts] == [(fid, "SERVICE_DISABLED"), (A, "")]
    requests, found = ask("topic.subscribe", topic(fid), DISABLED)
    assert found.says.code == "SERVICE_DISABLED"


def test_what_the_newer_api_has_done_stays_done_when_it_is_given_up() -> None:
    fid = Target("fid", FID)

    _, found = ask("topic.subscribe", topic(fid, A), DONE, DISABLED, answer({"results": [{}]}))

    assert [(one.target, one.says.outcome) for one in found.verdicts] == [(fid, "accepted"), (A, "accepted")]


def test_where_nobody_answers_the_other_devices_are_not_tried() -> None:
    requests, found = ask("topic.subscribe", topic(A, B, C), DONE, Lost("no", "no such name", "DNS"))

    assert len(requests) == 2
    assert [(one.target, one.says.outcome, one.says.sent) for one in found.verdicts] == [
        (A, "accepted", "yes"),
        (B, "unknown", "no"),
        (C, "unknown", "no"),
    ]


def test_a_dead_token_and_a_wrong_project_are_no_reason_for_the_older_api() -> None:
    for reply in (
        GONE,
        error(404, "NOT_FOUND", "Project not found."),
        Response(404),
        Lost("no", "no such name", "DNS"),
    ):
        requests, _ = ask("topic.subscribe", topic(A), reply)
        assert len(requests) == 1


def test_the_older_api_takes_a_thousand_tokens_at_once() -> None:
    many = tuple(Target("token", f"{TOKEN}{number}") for number in range(1001))

    requests, found = ask(
        "topic.unsubscribe", topic(*many, api="iid"), answer({"results": [{}] * 1000}), answer({"results": [{}]})
    )

    assert [request.url.rpartition(":")[2] for request in requests] == ["batchRemove"] * 2
    assert [one.target for one in found.verdicts] == list(many)
    assert rules(found) == []


def test_a_batch_that_answers_of_other_tokens_is_not_believed() -> None:
    _, found = ask("topic.subscribe", topic(A, B, api="iid"), answer({"results": [{}]}))

    assert [one.says.outcome for one in found.verdicts] == ["unknown", "unknown"]


@pytest.mark.parametrize("name", ["topic.subscribe", "topic.unsubscribe"])
@pytest.mark.parametrize(
    "question",
    [
        Question({"topic": "/topics/news"}, (A,)),
        Question({"topic": "two words"}, (A,)),
        Question({"topic": "a" * 901}, (A,)),
        Question({}, (A,)),
        topic(),
        topic(Target("topic", "x")),
        topic(A, api="other"),
        topic(Target("fid", FID), api="iid"),
    ],
)
def test_a_bad_question_is_refused_before_anything_is_sent(name: str, question: Question) -> None:
    with pytest.raises(UsageError) as caught:
        ask(name, question)
    assert caught.value.fix


def test_topics_are_listed_page_by_page() -> None:
    question = Question(targets=(A,))
    first = answer({"topicSubscriptions": [{"topic_name": "news"}, {"topicName": "sport"}, {}], "nextPageToken": "p=2"})

    requests, found = ask("topic.list", question, first, answer({"topicSubscriptions": [{"topic_name": "art"}]}))

    assert [request.target(reveal=True).partition("topicSubscriptions")[2] for request in requests] == [
        "",
        "?pageToken=p%3D2",
    ]
    assert found.facts == (("topics", "3"), ("topic", "news"), ("topic", "sport"), ("topic", "art"))


def test_no_topic_is_none() -> None:
    assert ask("topic.list", Question(targets=(A,)), answer({}))[1].facts == (("topics", "0"),)


def test_pages_without_end_are_left_off() -> None:
    page = answer({"topicSubscriptions": [{"topic_name": "news"}], "nextPageToken": "more"})

    requests, found = ask("topic.list", Question(targets=(A,)), *[page] * 25)

    assert len(requests) == 25
    assert rules(found) == ["topics-cut"]


def test_topics_are_listed_by_the_older_api_where_the_newer_is_not_to_be_had() -> None:
    info = answer({"authorizedEntity": "1", "rel": {"topics": {"news": {"addDate": "2026-01-01"}}}})

    (_, request), found = ask("topic.list", Question(targets=(Target("token", TOKEN),)), NO_PAGE, info)

    assert wire(request) == ("GET", f"https://iid.googleapis.com/iid/info/{QUOTED}?details=true", "")
    assert found.facts == (("topics", "1"), ("topic", "news"))
    assert rules(found) == ["topic-old-api"]
    assert len(ask("topic.list", Question({"api": "iid"}, (A,)), info)[0]) == 1


@pytest.mark.parametrize("replies", [[GONE], [NO_PAGE, answer({"error": "InvalidToken"}, 400)]])
def test_a_list_that_is_refused_lists_nothing(replies: list[Response]) -> None:
    _, found = ask("topic.list", Question(targets=(A,)), *replies)

    assert (found.says.outcome, found.facts) == ("refused", ())
    assert found.exit_code is ExitCode.TOKEN


def test_one_device_is_listed_at_a_time() -> None:
    with pytest.raises(UsageError):
        ask("topic.list", Question(targets=(A, B)))


# --- one token -------------------------------------------------------------------------------------------------------

INFO = {
    "application": "com.example.app",
    "applicationVersion": "36",
    "authorizedEntity": "123456789012",
    "platform": "ANDROID",
    "connectDate": "2026-01-01",
    "rel": {"topics": {"news": {"addDate": "2026-01-01"}, "art": {}}},
    "secret": {"nested": "thing"},
}
ONE = Question(targets=(Target("token", TOKEN),))


def test_what_is_known_of_a_token_is_shown_in_googles_words() -> None:
    (request,), found = ask("token", ONE, answer(INFO))

    assert wire(request) == ("GET", f"https://iid.googleapis.com/iid/info/{QUOTED}?details=true", "")
    assert headers(request)["access_token_auth"] == "true"
    assert found.facts == (
        ("application", "com.example.app"),
        ("applicationVersion", "36"),
        ("authorizedEntity", "123456789012"),
        ("platform", "ANDROID"),
        ("connectDate", "2026-01-01"),
        ("topics", "news, art"),
    )
    assert (rules(found), found.exit_code) == ([], ExitCode.ACCEPTED)


def test_a_token_of_another_project_is_told_before_a_push_is_refused() -> None:
    _, found = ask("token", ONE, answer({**INFO, "authorizedEntity": "999"}))

    assert rules(found) == ["token-other-project"]
    assert "999" in found.findings[0].text
    assert "123456789012" in found.findings[0].text
    assert "SENDER_ID_MISMATCH" in found.findings[0].text


def test_the_apps_id_tells_the_projects_number_as_well() -> None:
    assert rules(ask("token", ONE, answer({**INFO, "authorizedEntity": "999"}), of=account(sender_id=""))[1]) == [
        "token-other-project"
    ]
    assert rules(ask("token", ONE, answer(INFO), of=account(sender_id="", app_id=""))[1]) == ["sender-id-unknown"]


@pytest.mark.parametrize(
    ("app", "said"),
    [({}, ["token-other-app"]), ({"bundle_id": "com.other"}, []), ({"package_name": ""}, [])],
)
def test_a_token_of_another_app_is_told(app: dict[str, str], said: list[str]) -> None:
    _, found = ask("token", ONE, answer({**INFO, "application": "com.other"}), of=account(**app))

    assert rules(found) == said


@pytest.mark.parametrize(
    ("reply", "code", "dead"),
    [
        (answer({"error": "No information found about this instance id."}, 404), "iid/no-information", True),
        (answer({"error": "InvalidToken"}, 400), "InvalidToken", True),
        (Response(401, (), b"<HTML><TITLE>PROJECT_NOT_PERMITTED</TITLE></HTML>"), "PROJECT_NOT_PERMITTED", False),
    ],
)
def test_a_token_that_is_not_known_is_judged(reply: Response, code: str, dead: bool) -> None:
    _, found = ask("token", ONE, reply)

    assert (found.says.code, found.facts) == (code, ())
    assert found.says.token_dead is dead


@pytest.mark.parametrize("targets", [(), (A, B), (Target("fid", FID),)])
def test_one_token_is_asked_about(targets: tuple[Target, ...]) -> None:
    with pytest.raises(UsageError):
        ask("token", Question(targets=targets))


# --- delivery data ---------------------------------------------------------------------------------------------------


def row(day: int, label: str = "", **data: Any) -> dict[str, Any]:
    return {
        "appId": APP_ID,
        "date": {"year": 2026, "month": 1, "day": day},
        **({"analyticsLabel": label} if label else {}),
        "data": data,
    }


def test_delivery_data_is_asked_for_page_by_page_and_shown_newest_first() -> None:
    first = row(
        1, countMessagesAccepted="1200", messageOutcomePercents={"delivered": 91.5, "pending": 0, "collapsed": 1}
    )
    second = row(2, "spring", countNotificationsAccepted="7", messageInsightPercents={"priorityLowered": 4.25})

    requests, found = ask(
        "trace",
        Question(),
        answer({"androidDeliveryData": [first], "nextPageToken": "p2"}),
        answer({"androidDeliveryData": [second]}),
    )

    base = f"https://fcmdata.googleapis.com/v1beta1/projects/demo-project/androidApps/{APP_ID}/deliveryData"
    assert [request.target(reveal=True) for request in requests] == [
        f"{base}?pageSize=1000",
        f"{base}?pageSize=1000&pageToken=p2",
    ]
    assert headers(requests[0])["Authorization"] == "Bearer ya29.x"
    assert found.facts == (
        ("app", APP_ID),
        ("2026-01-02 spring", "7 notifications, priorityLowered 4.25%"),
        ("2026-01-01", "1200 accepted, delivered 91.5%, collapsed 1%"),
    )
    assert rules(found) == ["trace-aggregate"]


def test_one_label_is_picked_out() -> None:
    rows = [row(1, "spring", countMessagesAccepted="1"), row(1), row(2, "autumn")]

    _, found = ask("trace", Question({"label": "spring"}), answer({"androidDeliveryData": rows}))

    assert found.facts == (("app", APP_ID), ("2026-01-01 spring", "1 accepted"))


def test_no_data_is_explained() -> None:
    assert rules(ask("trace", Question(), answer({}))[1]) == ["trace-aggregate", "trace-empty"]


def test_what_is_left_off_is_told() -> None:
    rows = [row(day, countMessagesAccepted="1") for day in range(1, 29)]

    _, found = ask("trace", Question(), answer({"androidDeliveryData": rows}))

    assert len(found.facts) == 15
    assert found.facts[1][0] == "2026-01-28"
    assert rules(found) == ["trace-aggregate", "trace-cut"]


def test_another_app_may_be_named() -> None:
    other = "1:123456789012:android:ffffffffffffffff"

    (request,), _ = ask("trace", Question({"app_id": other}), answer({}))

    assert other in request.url


@pytest.mark.parametrize("app_id", ["", "com.example.app", "1:123456789012:ios:0123456789abcdef"])
def test_there_is_delivery_data_of_android_apps_only(app_id: str) -> None:
    with pytest.raises(UsageError) as caught:
        ask("trace", Question({"app_id": app_id}), of=account(app_id=""))
    assert caught.value.where == "--app-id"


def test_a_refusal_is_judged() -> None:
    _, found = ask("trace", Question(), DISABLED)

    assert (found.says.code, found.facts) == ("SERVICE_DISABLED", ())


_KEYS = (
    "androidDeliveryData", "date", "year", "data", "analyticsLabel", "messageOutcomePercents", "topicSubscriptions",
    "topic_name", "rel", "topics", "application", "authorizedEntity",
)  # fmt: skip
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("name", ["trace", "token", "topic.list", "topic.subscribe"])
@given(_JSON)
def test_any_answer_is_an_answer(name: str, document: Any) -> None:
    _, found = ask(name, Question({"topic": "news"}, (A,)), answer(document))

    assert isinstance(found, Answer)
    assert all(isinstance(name, str) and isinstance(value, str) for name, value in found.facts)
