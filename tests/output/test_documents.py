"""Machine output is a promise: keys, their order, their types."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from output_samples import APNS_ID, CATALOGUE, TOKEN, acceptance, bearer, console, loss, refusal, request, sent

from pushctl.core.errors import ProfileError
from pushctl.core.finding import Finding
from pushctl.core.report import Report
from pushctl.core.vendor import Answer
from pushctl.core.verdict import ExitCode, Judgement
from pushctl.core.wire import Goaway, Request, Response
from pushctl.output import documents, machine

RESULT_KEYS = [
    *("vendor", "profile", "environment", "emulated", "kind", "target", "outcome", "sent", "code", "http_status"),
    *(
        "category",
        "token_dead",
        "retryable",
        "retry_hint",
        "message_id",
        "summary",
        "term",
        "causes",
        "fixes",
        "explain",
    ),
    *("confidence", "elapsed_ms", "response"),
]
BYTES = st.one_of(st.binary(), st.text().map(lambda text: json.dumps(text).encode()), st.just(b"[1e999]"))


@pytest.mark.parametrize("output", ["json", "jsonl"])
def test_a_long_answer_that_decides_many_is_written_once(output: str) -> None:
    short, long = (Response(200, (), json.dumps({"data": ["x" * size]}).encode()) for size in (100, 5000))
    results = [replace(sent(reply), reply=reply) for reply in (short, short, long, long, short, long)]
    where, out, _ = console(output)
    for result in results:
        where.stream(result)
    where.finish(Report(results))
    lines = out.getvalue()
    rows = json.loads(lines)["results"] if output == "json" else [json.loads(line) for line in lines.splitlines()[:-1]]
    told = [row["response"].get("same_as", len(row["response"].get("body", {}).get("data", [""])[0])) for row in rows]
    assert told == [100, 100, 5000, 2, 100, 2]


def test_a_result_document_is_written_as_promised() -> None:
    document = documents.report_document(Report([refusal("BadDeviceToken", 400)], [Finding("r", "warning", "t")]))
    assert list(document) == ["schema", "ok", "exit_code", "results", "findings"]
    assert (document["schema"], document["ok"], document["exit_code"]) == ("pushctl/result/1", False, 3)
    (row,) = document["results"]
    assert list(row) == RESULT_KEYS
    assert row["target"] == {"type": "token", "value": TOKEN}
    assert row["explain"] == "apns:BadDeviceToken"
    assert row["response"] == {"headers": {"apns-id": APNS_ID}, "body": {"reason": "BadDeviceToken"}}
    assert document["findings"] == [
        {"rule": "r", "level": "warning", "text": "t", "fix": "", "where": "", "source": "", "confidence": "high"}
    ]


def test_a_lost_answer_has_no_response_and_the_id_that_we_chose() -> None:
    row = documents.result_row(loss("TIMEOUT", "maybe", "No answer."))
    assert row["response"] is None
    assert (row["outcome"], row["sent"], row["message_id"]) == ("unknown", "maybe", APNS_ID)


def test_a_goaway_shows_its_debug_data_as_the_body() -> None:
    row = documents.result_row(sent(Goaway(b'{"reason":"BadCertificate"}')))
    assert row["response"] == {"headers": {}, "body": {"reason": "BadCertificate"}}
    assert row["http_status"] is None


def test_a_header_that_comes_again_holds_a_list() -> None:
    pairs = (("a", "1"), ("b", bearer()), ("a", "2"), ("a", "3"))
    assert documents.header_object(pairs) == {"a": ["1", "2", "3"], "b": "bearer $PUSHCTL_TOKEN"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", None),
        (b'{"a": [1, 2.5]}', {"a": [1, 2.5]}),
        (b"<html>\xc3\xa9</html>", "<html>é</html>"),
        (b"\xff\xfe\x00", {"base64": "//4A"}),
        (b"[NaN]", "[NaN]"),
        (b"[1e999]", "[1e999]"),
        (b'"cut in ha', '"cut in ha'),
        (b"[" * 5000 + b"]" * 5000, "[" * 5000 + "]" * 5000),
        (b"[" * 150 + b"]" * 150, "[" * 150 + "]" * 150),
    ],
)
def test_a_body_is_carried_whole_whatever_it_is(body: bytes, expected: Any) -> None:
    assert documents.body_value(body) == expected


@given(BYTES, st.text(), st.text())
def test_every_answer_becomes_a_document_that_can_be_read_back(body: bytes, name: str, value: str) -> None:
    row = documents.result_row(sent(Response(400, ((name, value),), body)))
    for text in (machine.json_text(row), machine.jsonl_text(row), machine.json_text(row, ascii_only=True)):
        assert json.loads(text) == json.loads(json.dumps(row))
    assert machine.jsonl_text(row).count("\n") == 1


def test_a_dry_run_document_holds_the_request_with_its_secrets_by_name() -> None:
    document = documents.requests_document([request()])
    assert list(document) == ["schema", "requests", "findings"]
    (row,) = document["requests"]
    assert list(row) == ["method", "url", "http_version", "headers", "body"]
    assert row["url"].endswith(TOKEN)
    assert row["headers"]["authorization"] == "bearer $PUSHCTL_TOKEN"
    assert row["body"] == {"aps": {"alert": {"title": "Hi", "body": "There"}}}


def test_a_form_is_shown_as_its_text_and_no_body_as_null() -> None:
    form = Request("send", "POST", "https://x.example", form=(("title", "Hi there"), ("key", bearer())))
    assert documents.request_object(form)["body"] == "title=Hi+there&key=bearer+$PUSHCTL_TOKEN"
    assert documents.request_object(Request("trace", "GET", "https://x.example"))["body"] is None


def test_our_own_failure_is_a_result_document_too() -> None:
    document = documents.error_document(ProfileError("No profile.", "Add one.", rule="profile-not-found"))
    assert (document["ok"], document["exit_code"], document["results"]) == (False, 2, [])
    assert document["findings"][0]["rule"] == "profile-not-found"


@pytest.mark.parametrize(
    ("level", "code"), [("info", ExitCode.ACCEPTED), ("warning", ExitCode.ACCEPTED), ("error", ExitCode.USAGE)]
)
def test_only_an_error_makes_lint_fail(level: Any, code: ExitCode) -> None:
    document = documents.findings_document([Finding("r", level, "t")])
    assert (document["ok"], document["exit_code"]) == (code is ExitCode.ACCEPTED, code)


def test_a_summary_counts_every_outcome() -> None:
    document = documents.summary_document(Report([acceptance(), refusal("BadDeviceToken", 400)], interrupted=True))
    assert document["counts"] == {"accepted": 1, "refused": 1, "unknown": 0}
    assert (document["schema"], document["interrupted"], document["exit_code"]) == ("pushctl/summary/1", True, 130)


def test_an_answer_document_holds_its_facts() -> None:
    says = Judgement("accepted", "", None, http_status=200)
    document = documents.answer_document("apns", Answer(says, (("channel", "a"), ("channel", "b"))))
    assert "push" not in document["summary"], "no push was sent"
    assert (document["ok"], document["code"], document["facts"]) == (
        True,
        None,
        [{"name": "channel", "value": "a"}, {"name": "channel", "value": "b"}],
    )


def test_every_entry_of_the_catalogue_can_be_written() -> None:
    document = documents.explain_document(CATALOGUE.entries)
    assert json.loads(machine.json_text(document))["entries"][0]["explain"] == CATALOGUE.entries[0].id
