"""Explain: codes, rules, fields, and raw answers as people paste them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import PushctlError, UsageError
from pushctl.core.message import Target
from pushctl.core.report import Report
from pushctl.core.verdict import ExitCode
from pushctl.core.wire import Goaway, Response
from pushctl.flows.explain import explain, explain_code, explain_field, explain_rule
from pushctl.flows.raw_answer import judge_raw
from pushctl.vendors import registry


@pytest.mark.parametrize("vendor", registry.VENDORS)
def test_every_code_of_every_catalogue_can_be_explained_in_every_way_of_asking(vendor: str) -> None:
    for code in registry.catalogue(vendor).codes():
        assert explain_code(vendor, code)
        assert explain(vendor, code).entries == explain(None, f"{vendor}:{code}").entries
        found = {entry.code.casefold() for entry in explain(None, code.upper()).entries}
        assert code.casefold() in found
        assert all(one.rpartition("/")[2] == code.casefold() for one in found - {code.casefold()})


@pytest.mark.parametrize("vendor", registry.VENDORS)
def test_every_source_of_a_code_can_be_opened_and_is_no_search(vendor: str) -> None:
    for entry in registry.catalogue(vendor).entries:
        assert not [source for source in entry.sources if "search?" in source]


def test_an_alias_and_blanks_do() -> None:
    assert [entry.id for entry in explain("ios", " baddevicetoken ").entries] == ["apns:BadDeviceToken"]
    assert [entry.id for entry in explain(None, "apple:BadTopic").entries] == ["apns:BadTopic"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("BadDeviceTokn", "apns:BadDeviceToken"),
        ("Unregisterd", "apns:Unregistered"),
        ("BadEnvironmentKey", "apns:BadEnvironmentKeyInToken"),
        ("silent-with-alerts", "apns:silent-with-alert"),
        ("aps.interuption-level", "apns:aps.interruption-level"),
    ],
)
def test_a_near_miss_is_suggested(word: str, meant: str) -> None:
    found = explain("apns", word)

    assert not found
    assert meant in found.close
    assert explain(None, meant)


def test_a_word_that_means_nothing_has_no_meaning() -> None:
    assert not explain(None, "xyzzy-plugh")
    assert explain(None, "xyzzy-plugh").close == ()
    assert not explain("apns", "")


def test_an_unknown_vendor_is_an_error() -> None:
    with pytest.raises(UsageError):
        explain("blackberry", "x")


def test_rules_and_fields_are_explained() -> None:
    assert [rule.id for rule in explain_rule("apns", "Silent-With-Alert")] == ["silent-with-alert"]
    assert [field.path for field in explain_field("apns", "interruption-level")] == ["aps.interruption-level"]
    assert [field.path for field in explain_field("apns", "aps.alert")] == ["aps.alert"]
    assert [field.path for field in explain_field("apns", "sound")] == ["aps.sound", "aps.alert.sound"]
    assert [field.place for field in explain("apns", "apns-topic").fields] == ["header"]


def only(report: Report) -> tuple[str, str, int]:
    (result,) = report.results
    says = result.verdict.says
    assert report.exit_code is says.exit_code
    return says.outcome, says.code, int(says.exit_code)


def test_a_raw_answer_is_judged_as_send_would() -> None:
    body, target = b'{"reason":"Unregistered","timestamp":1458114061260}', Target("token", "ab")

    report = judge_raw("apns", body, http_status=410, headers=[("Apns-Id", "X")], target=target)

    (result,) = report.results
    (expected,) = registry.load("apns").judge("send", Response(410, (("apns-id", "X"),), body), (target,))
    assert result.verdict == expected
    assert report.exit_code is ExitCode.TOKEN
    assert report.findings == []


def test_a_goaway_is_judged() -> None:
    report = judge_raw("apns", b'{"reason":"BadCertificateEnvironment"}', goaway=True)

    assert only(report) == ("refused", "BadCertificateEnvironment", 4)
    assert isinstance(report.results[0].reply, Goaway)


@pytest.mark.parametrize(
    ("body", "outcome", "code", "exit_code"),
    [
        (b'log: {"reason":"BadCertificate"} end', "refused", "BadCertificate", 4),
        (b'{"reason":"Shutdown"}', "unknown", "Shutdown", 8),
        (b'log: {"reason":"Shutdown"} end', "unknown", "Shutdown", 8),
        (b"", "unknown", "GOAWAY", 7),
    ],
)
def test_whether_a_push_went_through_before_a_logged_goaway_is_not_guessed(
    body: bytes, outcome: str, code: str, exit_code: int
) -> None:
    report = judge_raw("apns", body, goaway=True)

    assert only(report) == (outcome, code, exit_code)
    assert report.results[0].verdict.says.sent == "maybe"


@pytest.mark.parametrize(
    ("status", "pasted", "outcome", "code"),
    [
        (403, 'APNs push failed: 403 {"reason":"BadEnvironmentKeyInToken"}', "refused", "BadEnvironmentKeyInToken"),
        (400, '{"device":"ab","status":"400","response":{"reason":"BadDeviceToken"}}', "refused", "BadDeviceToken"),
        (410, 'x {not json} {"a":1} {"reason":"Unregistered", "timestamp": 1}', "refused", "Unregistered"),
    ],
)
def test_a_line_of_a_log_is_searched_and_that_is_said(status: int, pasted: str, outcome: str, code: str) -> None:
    report = judge_raw("apns", pasted.encode(), http_status=status)

    assert only(report)[:2] == (outcome, code)
    assert [finding.rule for finding in report.findings] == ["body-extracted"]


def test_a_text_without_an_answer_stays_unknown() -> None:
    assert only(judge_raw("apns", b"<html>{}</html>", http_status=502)) == ("unknown", "NOT_APNS", 7)
    assert only(judge_raw("apns", b'{"error":{"reason":"quota"}}', http_status=400))[0] == "unknown"


def test_a_code_of_no_catalogue_is_not_replaced_by_something_inside() -> None:
    body = b'{"reason":"Brandnew","was":{"reason":"BadDeviceToken"}}'

    assert only(judge_raw("apns", body, http_status=400)) == ("refused", "Brandnew", 5)


PASTED = b'HTTP/2 410 \r\napns-id: X\r\ncontent-type: application/json\r\n\r\n{"reason":"Unregistered"}'


@pytest.mark.parametrize("message", [PASTED, PASTED.replace(b"\r\n", b"\n"), b"\n" + PASTED])
def test_a_whole_http_message_is_taken_apart(message: bytes) -> None:
    report = judge_raw("apns", message)

    assert only(report)[:2] == ("refused", "Unregistered")
    assert report.results[0].verdict.message_id == "X"
    assert [finding.rule for finding in report.findings] == ["http-message"]


def test_what_was_said_beats_what_was_pasted() -> None:
    report = judge_raw("apns", PASTED, http_status=400, headers=[("apns-id", "Y")])

    assert report.results[0].verdict.says.http_status == 400
    assert report.results[0].verdict.message_id == "Y"


def test_a_success_needs_no_body() -> None:
    assert only(judge_raw("apns", b"", http_status=200)) == ("accepted", "", 0)
    assert only(judge_raw("apns", b"HTTP/2 200\r\napns-id: X\r\n\r\n")) == ("accepted", "", 0)


def test_without_a_status_the_user_is_told_what_to_add() -> None:
    with pytest.raises(UsageError) as raised:
        judge_raw("apns", b'{"reason":"BadTopic"}')
    assert "--http-status" in raised.value.fix


@given(st.binary(max_size=300) | st.text().map(str.encode), st.none() | st.integers(100, 599), st.booleans())
def test_no_pasted_text_breaks_it(body: bytes, status: int | None, goaway: bool) -> None:
    try:
        rule, results = "", judge_raw("apns", body, http_status=status, goaway=goaway).results
    except PushctlError as error:
        rule, results = error.rule, []
    assert (rule, len(results)) in [("", 1), ("no-http-status", 0)]


@given(st.sampled_from(registry.catalogue("apns").codes()), st.text(max_size=40))
def test_a_known_reason_is_found_behind_any_text_that_is_no_json(code: str, before: str) -> None:
    text = before.replace("{", "").replace("[", "").replace('"', "") + " " + json.dumps({"reason": code})
    if text.lstrip().startswith("HTTP/"):
        return

    assert only(judge_raw("apns", text.encode("utf-8", "replace"), http_status=400))[1] == code
