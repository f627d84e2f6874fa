"""The judge: never more than the answer says. Single answers are in ``tests/cases/fcm/replies.json``."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.message import Target
from pushctl.core.verdict import Judgement
from pushctl.core.wire import Goaway, Lost, Reply, Response
from pushctl.vendors.fcm.judge import CATALOGUE, judge, review
from pushctl.vendors.fcm.judge_details import Details, read, seconds

TYPE = "type.googleapis.com/"
FCM = TYPE + "google.firebase.fcm.v1."
RPC = TYPE + "google.rpc."


def error(status: int, name: str, message: str = "", *details: dict[str, Any]) -> Response:
    body = {"error": {"code": status, "message": message, "status": name, "details": list(details)}}
    return Response(status, (), json.dumps(body).encode())


def fcm(code: str) -> dict[str, Any]:
    return {"@type": FCM + "FcmError", "errorCode": code}


def apns(status: int, reason: str) -> dict[str, Any]:
    return {"@type": FCM + "ApnsError", "statusCode": status, "reason": reason}


def info(reason: str, **metadata: str) -> dict[str, Any]:
    return {"@type": RPC + "ErrorInfo", "reason": reason, "domain": "googleapis.com", "metadata": metadata}


def bad(field: str, description: str) -> dict[str, Any]:
    return {"@type": RPC + "BadRequest", "fieldViolations": [{"field": field, "description": description}]}


def says(reply: Reply, call: str = "send") -> Judgement:
    (verdict,) = judge(call, reply, None)
    return verdict.says


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
PARTS = ("errorCode", "statusCode", "reason", "fieldViolations", "violations", "retryDelay", "metadata", "links")
details = st.lists(
    st.fixed_dictionaries(
        {"@type": st.sampled_from([FCM + "FcmError", FCM + "ApnsError", RPC + "BadRequest", RPC + "ErrorInfo",
                                   RPC + "RetryInfo", RPC + "QuotaFailure", RPC + "Help", "x", ""]) | json_values},
        optional=dict.fromkeys(PARTS, json_values),
    ) | json_values,
    max_size=4,
)  # fmt: skip
errors = st.fixed_dictionaries(
    {}, optional={"code": json_values, "message": json_values, "status": json_values, "details": details | json_values}
)
CODES = [entry.code for entry in CATALOGUE.entries]
bodies = (
    st.binary(max_size=200)
    | st.text(max_size=100).map(str.encode)
    | st.builds(lambda one: json.dumps({"error": one}).encode(), errors | json_values | st.sampled_from(CODES))
    | st.builds(lambda one: json.dumps({"results": one}).encode(), json_values)
    | st.builds(lambda one: json.dumps({"name": one}).encode(), json_values)
    | st.just(b"[" * 50_000)
)
heads = st.lists(
    st.tuples(st.sampled_from(["server", "retry-after", "content-type", "date"]), st.text(max_size=20)), max_size=3
).map(tuple)
replies: st.SearchStrategy[Reply] = (
    st.builds(Response, st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 429, 500, 502, 503]), heads, bodies)
    | st.builds(Response, st.integers(100, 599), heads, bodies)
    | st.builds(Goaway, bodies, st.integers(0, 20), st.sampled_from(["no", "maybe"]))
    | st.builds(Lost, st.sampled_from(["no", "maybe"]), st.text(), st.text(max_size=20))  # our own short codes
)


@given(replies, st.sampled_from(["send", "auth", "topic", "trace", ""]))
def test_any_bytes_are_judged_and_only_a_success_is_called_accepted(reply: Reply, call: str) -> None:
    for verdict in judge(call, reply, None):
        judged = verdict.says
        if judged.outcome == "accepted":
            assert isinstance(reply, Response)
            assert reply.status in (200, 201)
            assert judged.category is None
        else:
            assert judged.category is not None
            assert judged.exit_code != 0
        if judged.outcome == "unknown":
            assert judged.token_dead is None
        assert len(judged.code) <= 80
        assert len(judged.detail) < 1000
    assert judge(call, reply, None) == judge(call, reply, None)


@given(st.lists(st.text(min_size=1), max_size=5), replies)
def test_every_target_has_its_verdict_in_order(tokens: list[str], reply: Reply) -> None:
    targets = tuple(Target("token", token) for token in tokens)

    verdicts = judge("send", reply, targets)

    if targets:
        assert [verdict.target for verdict in verdicts] == list(targets)
    else:
        assert all(verdict.target is None for verdict in verdicts)


@pytest.mark.parametrize(
    "entry", [e for e in CATALOGUE.entries if e.name.startswith("FcmError.")], ids=lambda entry: entry.code
)
def test_every_code_of_fcm_is_recognised_whatever_the_status_line_says(entry: Any) -> None:
    judged = says(error(entry.http_status or 500, "X", "", fcm(entry.code)))

    assert (judged.code, judged.category, judged.token_dead) == (entry.code, entry.category, entry.token_dead)
    assert judged.entry is entry


@pytest.mark.parametrize(
    "entry",
    [e for e in CATALOGUE.entries if e.code.startswith("INVALID_ARGUMENT/") and e.match],
    ids=lambda entry: entry.code,
)
def test_every_meaning_of_invalid_argument_is_told_by_its_words(entry: Any) -> None:
    """By the sentence alone, and by the description of a field that says nothing else."""
    for words in entry.match:
        plain = error(400, "INVALID_ARGUMENT", f"{words} 'x'", fcm("INVALID_ARGUMENT"))
        field = error(400, "INVALID_ARGUMENT", "Request contains an invalid argument.", bad("x", words))
        assert [says(plain).code, says(field).code] == [entry.code, entry.code]


@pytest.mark.parametrize(
    "entry", [e for e in CATALOGUE.entries if e.code.startswith("ApnsError/")], ids=lambda entry: entry.code
)
def test_what_apns_said_refines_invalid_argument_and_explains_the_rest(entry: Any) -> None:
    reason = entry.code.removeprefix("ApnsError/")
    refined = says(error(400, "INVALID_ARGUMENT", "x", fcm("INVALID_ARGUMENT"), apns(400, reason)))
    behind = says(error(401, "UNAUTHENTICATED", "x", fcm("THIRD_PARTY_AUTH_ERROR"), apns(403, reason)))

    assert (refined.code, refined.token_dead, refined.category) == (entry.code, entry.token_dead, entry.category)
    assert behind.code == "THIRD_PARTY_AUTH_ERROR"
    assert behind.detail == f"APNs answered 403 {reason} to Firebase: {entry.summary}"


@pytest.mark.parametrize(
    "entry",
    [e for e in CATALOGUE.entries if e.name.startswith(("ErrorInfo.", "google.rpc.Code "))],
    ids=lambda entry: entry.code,
)
def test_reasons_and_canonical_codes_count_where_fcm_itself_says_nothing(entry: Any) -> None:
    by_reason = entry.name.startswith("ErrorInfo.")
    answer = error(400, "X", "", info(entry.code)) if by_reason else error(entry.http_status, entry.code, "x")

    assert says(answer).entry is entry


def test_a_token_is_dead_in_all_its_disguises() -> None:
    dead = [
        error(404, "NOT_FOUND", "Requested entity was not found.", fcm("UNREGISTERED")),
        error(404, "NOT_FOUND", "x", fcm("UNREGISTERED"), apns(410, "Unregistered")),
        error(
            400, "INVALID_ARGUMENT", "x", fcm("INVALID_ARGUMENT"), bad("message.token", "Invalid registration token")
        ),
        error(400, "INVALID_ARGUMENT", "The registration token is not a valid FCM registration token"),
        error(400, "INVALID_ARGUMENT", "APNs device token is disabled.", fcm("INVALID_ARGUMENT")),
        error(400, "INVALID_ARGUMENT", "x", apns(410, "Unregistered"), fcm("INVALID_ARGUMENT")),
        Response(404, (), b'{"error":"No information found about this instance id."}'),
        Response(400, (), b'{"error":"InvalidToken"}'),
    ]
    assert [(one.category, one.token_dead) for one in map(says, dead)] == [("token", True)] * len(dead)


def test_what_only_looks_like_a_dead_token_kills_none() -> None:
    alive = [
        Response(404, (), b"<HTML><HEAD><TITLE>Not Found</TITLE></HEAD><BODY><H1>Not Found</H1></BODY></HTML>"),
        Response(404, (), b"<html><title>Error 404 (Not Found)!!1</title>"),
        error(404, "NOT_FOUND", "Requested entity was not found."),
        Response(404, (), b"<html><head><title>404 Not Found</title></head>nginx"),
        Response(404, (), b""),
        error(403, "PERMISSION_DENIED", "SenderId mismatch", fcm("SENDER_ID_MISMATCH")),
        error(400, "INVALID_ARGUMENT", "Request contains an invalid argument.", fcm("INVALID_ARGUMENT")),
        error(400, "INVALID_ARGUMENT", "x", fcm("INVALID_ARGUMENT"), apns(400, "BadDeviceToken")),
    ]
    assert all(one.token_dead is not True for one in map(says, alive))
    assert [one.code for one in map(says, alive)] == [
        "HTTP_404_HTML", "HTTP_404_HTML", "NOT_FOUND", "NOT_FCM", "NOT_FCM", "SENDER_ID_MISMATCH", "INVALID_ARGUMENT",
        "ApnsError/BadDeviceToken",
    ]  # fmt: skip


def test_only_a_refused_access_token_is_renewed() -> None:
    text = "Request is missing required authentication credential. Expected OAuth 2 access token"
    third = error(401, "UNAUTHENTICATED", text, fcm("THIRD_PARTY_AUTH_ERROR"), apns(403, "InvalidProviderToken"))
    expired = error(401, "UNAUTHENTICATED", "x", info("ACCESS_TOKEN_EXPIRED"))
    garbage = error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")

    assert [says(one).renew for one in (third, expired, garbage)] == ["no", "grant", "grant"]
    assert says(expired, "auth").renew == "no"
    assert says(Response(401, (), b'{"error":"invalid_client"}')).renew == "no"
    assert says(Response(401, (), b"<html><title>PROJECT_NOT_PERMITTED</title>")).renew == "no"


@pytest.mark.parametrize(
    ("status", "head", "delay", "wait"),
    [
        (429, None, None, 60.0),
        (429, "7", None, 7.0),
        (429, "7", "30s", 7.0),
        (429, None, "1.5s", 1.5),
        (429, None, "soon", 60.0),
        (503, None, None, 10.0),
        (503, "3", None, 10.0),
        (503, "120", None, 120.0),
        (500, None, "40s", 40.0),
    ],
)
def test_the_pause_is_the_answers_own_or_the_guides(
    status: int, head: str | None, delay: str | None, wait: float
) -> None:
    code = {429: "QUOTA_EXCEEDED", 503: "UNAVAILABLE", 500: "INTERNAL"}[status]
    retry = {"@type": RPC + "RetryInfo", "retryDelay": delay}
    answer = error(status, "X", "", fcm(code), *([retry] if delay else []))
    answer = Response(status, (("retry-after", head),) if head else (), answer.body)

    assert says(answer).wait_s == wait


def test_a_date_as_retry_after_counts_from_the_answers_own_clock() -> None:
    heads = (("retry-after", "Fri, 02 Jan 2026 03:05:00 GMT"), ("date", "Fri, 02 Jan 2026 03:04:15 GMT"))

    assert says(Response(429, heads, error(429, "X", "", fcm("QUOTA_EXCEEDED")).body)).wait_s == 45


def test_an_unspecified_error_is_retried_only_where_the_status_is_the_servers() -> None:
    assert [says(error(status, "X", "", fcm("UNSPECIFIED_ERROR"))).retryable for status in (400, 500)] == [False, True]


def test_the_answers_own_words_are_told() -> None:
    missing = info("IAM_PERMISSION_DENIED", permission="cloudmessaging.messages.create", resource="projects/demo")
    disabled = (
        "Firebase Cloud Messaging API has not been used in project 1 before. Enable it by visiting https://a.b/c?p=1."
    )
    limit = {"@type": RPC + "QuotaFailure", "violations": [{"subject": "device", "description": "Too many."}]}
    told = {
        "permission": error(403, "PERMISSION_DENIED", "x", missing),
        "impersonation": error(403, "X", "x", info("X", permission="iam.serviceAccounts.getAccessToken")),
        "gcloud's project": error(403, "X", disabled, info("SERVICE_DISABLED", consumer="projects/764086051850")),
        "no quota project": error(403, "X", "The fcm.googleapis.com API requires a quota project, which is not set."),
        "another API": error(403, "X", disabled, info("SERVICE_DISABLED", service="fcmdata.googleapis.com")),
        "address in words": error(403, "PERMISSION_DENIED", disabled),
        "address apart": error(403, "X", "x", info("SERVICE_DISABLED", activationUrl="https://a.b/c")),
        "address as help": error(403, "X", disabled, {"@type": RPC + "Help", "links": [{"url": "https://h.i/j"}]}),
        "limit": error(429, "X", "x", fcm("QUOTA_EXCEEDED"), limit),
        "metric": error(429, "X", "x", info("RATE_LIMIT_EXCEEDED", quota_metric="m", quota_limit_value="600")),
        "field": error(400, "INVALID_ARGUMENT", "x", bad("message.android.color", "Not a color")),
        "words": error(403, "PERMISSION_DENIED", "Something of its own"),
        "nothing new": error(403, "PERMISSION_DENIED", "The caller does not have permission"),
    }
    assert {name: says(answer).detail for name, answer in told.items()} == {
        "permission": "Missing: cloudmessaging.messages.create on projects/demo.",
        "impersonation": "Missing: iam.serviceAccounts.getAccessToken. Grant Service Account Token Creator "
        "(roles/iam.serviceAccountTokenCreator) on the account itself.",
        "gcloud's project": "The project that pays is gcloud's own: name one of yours in app.quota_project_id.",
        "no quota project": "The project that pays is gcloud's own: name one of yours in app.quota_project_id.",
        "another API": "Enable fcmdata.googleapis.com at https://a.b/c?p=1",
        "address in words": "Enable it at https://a.b/c?p=1",
        "address apart": "Enable it at https://a.b/c",
        "address as help": "Enable it at https://h.i/j",
        "limit": "The limit: Too many.",
        "metric": "The limit: m, 600.",
        "field": "FCM says: 'message.android.color: Not a color'",
        "words": "FCM says: 'Something of its own'",
        "nothing new": "",
    }


@pytest.mark.parametrize("reason", ["", "SomethingNew", "Unregistered"])
def test_what_apns_calls_gone_is_dead_whatever_the_reason_is_called(reason: str) -> None:
    gone = {"@type": "type.googleapis.com/google.firebase.fcm.v1.ApnsError", "statusCode": 410, "reason": reason}
    judged = says(
        error(400, "INVALID_ARGUMENT", "Request contains an invalid argument.", fcm("INVALID_ARGUMENT"), gone)
    )

    assert (judged.code, judged.token_dead) == ("ApnsError/Unregistered", True)


@pytest.mark.parametrize(
    ("status", "words", "code", "dead"),
    [
        (
            400,
            "The registration token is not a valid FCM registration token",
            "INVALID_ARGUMENT/registration-token",
            True,
        ),
        (401, "Request had invalid authentication credentials.", "UNAUTHENTICATED", False),
        (403, "Permission 'x' denied on resource 'y' (or it may not exist).", "IAM_PERMISSION_DENIED", False),
        (404, "Requested entity was not found.", "NOT_FOUND", None),
        (429, "Quota exceeded", "RESOURCE_EXHAUSTED", False),
        (503, "Backend error", "UNAVAILABLE", False),
    ],
)
def test_the_older_form_of_errors_has_no_status_word_and_is_read(
    status: int, words: str, code: str, dead: bool | None
) -> None:
    row = {"domain": "global", "reason": "x", "message": words}
    body = json.dumps({"error": {"errors": [row], "code": status, "message": words}}).encode()
    judged = says(Response(status, (), body))

    assert (judged.code, judged.token_dead) == (code, dead)


def test_an_unlisted_code_is_a_refusal_with_the_vendors_own_text() -> None:
    judged = says(error(400, "X", "Something new", fcm("BRAND_NEW")))

    assert (judged.outcome, judged.code, judged.category, judged.entry) == ("refused", "BRAND_NEW", "payload", None)
    assert "Something new" in judged.detail


def test_a_topic_batch_gives_every_token_its_own_fate() -> None:
    body = b'{"results":[{},{"error":"NOT_FOUND"},{"error":"INTERNAL"},{"error":"NEW"},{"error":"TOO_MANY_TOPICS"}]}'
    targets = tuple(Target("token", str(number)) for number in range(5))

    verdicts = judge("topic.subscribe", Response(200, (), body), targets)

    assert [(v.target, v.says.code, v.says.token_dead) for v in verdicts] == [
        (targets[0], "", None),
        (targets[1], "batch/NOT_FOUND", True),
        (targets[2], "batch/INTERNAL", False),
        (targets[3], "NEW", None),
        (targets[4], "TOO_MANY_TOPICS", False),
    ]
    assert [v.says.code for v in judge("send", Response(200, (), body), None)] == [v.says.code for v in verdicts]


def test_a_batch_that_tells_of_other_targets_than_were_asked_about_tells_nothing() -> None:
    targets = (Target("token", "a"), Target("token", "b"))

    for body in (b'{"results":[{}]}', b'{"results":[]}', b'{"results":[{},{},{}]}'):
        assert [v.says.outcome for v in judge("topic", Response(200, (), body), targets)] == ["unknown"] * 2


def test_logs_of_the_retired_api_are_read() -> None:
    body = b'{"multicast_id":1,"success":1,"failure":1,"results":[{"message_id":"0:1"},{"error":"NotRegistered"}]}'
    first, second = judge("send", Response(200, (), body), None)

    assert (first.says.outcome, first.message_id) == ("accepted", "0:1")
    assert (second.says.code, second.says.token_dead) == ("legacy/NotRegistered", True)
    assert says(Response(200, (), b"Error=MismatchSenderId")).code == "NOT_FCM"
    assert says(Response(400, (), b"Error=MissingRegistration")).code == "legacy/MissingRegistration"
    assert says(Response(200, (), b'{"error":"TopicsMessageRateExceeded"}')).category == "quota"


def test_the_id_of_a_message_is_what_stands_behind_the_project() -> None:
    (verdict,) = judge("send", Response(200, (), b'{"name":"projects/p/messages/0:15%31bd"}'), None)

    assert (verdict.message_id, verdict.facts) == ("0:15%31bd", ())
    assert verdict.says is judge("send", Response(200, (), b'{"name":"projects/p/messages/2"}'), None)[0].says


def test_a_checked_message_is_accepted_and_said_not_to_be_delivered() -> None:
    (verdict,) = judge("send", Response(200, (), b'{"name":"projects/p/messages/fake_message_id"}'), None)

    assert (verdict.says.outcome, verdict.says.code) == ("accepted", "fake_message_id")
    assert verdict.says.entry is not None
    assert "delivered nothing" in verdict.says.entry.summary


def test_the_same_success_means_nothing_to_send_that_means_much_elsewhere() -> None:
    assert says(Response(200, (), b"{}")).code == "NOT_FCM"
    assert says(Response(200, (), b"{}"), "topic.unsubscribe").outcome == "accepted"
    assert says(Response(200, (), b'{"access_token":"x","expires_in":3599}')).outcome == "accepted"
    assert says(Response(200, (), b'{"error":{"code":5}}'), "topic").outcome == "refused"


def test_an_empty_refusal_is_googles_only_where_its_server_says_so() -> None:
    assert says(Response(403, (("server", "ESF"),), b"")).code == "HTTP_403"
    assert says(Response(403, (("server", "squid"),), b"")).outcome == "unknown"


def test_equal_answers_share_one_judgement() -> None:
    body = error(404, "NOT_FOUND", "x", fcm("UNREGISTERED")).body
    first, second = (says(Response(404, (), body, ms=ms)) for ms in (1, 2))

    assert first is second


def test_parts_of_another_form_than_documented_count_as_missing() -> None:
    odd = {
        "message": 5,
        "status": None,
        "details": [{"@type": 5}, "x", {"@type": FCM + "ApnsError", "statusCode": True}],
    }

    assert read(odd) == Details(apns=(0, ""), bare=False)
    assert read({"details": {"@type": FCM + "FcmError"}}) == Details()
    assert [seconds(text) for text in ("30s", "1.5s", "-1s", "30", "1e5s", "")] == [30, 1.5, None, None, None, None]


def rules(tally: dict[Judgement, int]) -> list[str]:
    return [finding.rule for finding in review(Counter(tally))]


def test_a_run_without_any_success_is_told_what_it_has_in_common() -> None:
    mismatch = says(error(403, "X", "", fcm("SENDER_ID_MISMATCH")))
    no_token = says(error(400, "INVALID_ARGUMENT", "The registration token is not a valid FCM registration token"))
    denied = says(error(403, "PERMISSION_DENIED", "x"))
    lost = says(Lost("no", "x", "DNS"))
    good = says(Response(200, (), b'{"name":"projects/p/messages/1"}'))

    assert rules({mismatch: 3}) == ["every-token-of-another-project"]
    assert rules({no_token: 3}) == ["every-token-bad"]
    assert rules({denied: 1, mismatch: 2}) == ["credential-refused"]
    assert rules({lost: 2}) == ["nothing-answered"]
    assert rules({mismatch: 1}) == rules({mismatch: 9, good: 1}) == rules({}) == rules({no_token: 1, denied: 1}) == []
