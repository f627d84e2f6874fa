"""Answers as logs hold them, every vendor: ``explain`` says what ``send`` would have said, however they were logged.

The cases are data, one file per vendor in ``raw_answers/``; and every answer of the wire cases is logged in every form.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import UsageError
from pushctl.core.message import Target
from pushctl.core.report import Report, Result
from pushctl.core.rules import Fields, Rules
from pushctl.core.wire import Response
from pushctl.flows import answer_forms, logged
from pushctl.flows.answer_case import calls_of
from pushctl.flows.explain import explain
from pushctl.flows.raw_answer import judge_raw
from pushctl.vendors import registry

HERE = Path(__file__).parent
CHINA = ("mi", "oppo", "vivo", "meizu")
WIRE_CASES = HERE.parent / "cases"


def rows(folder: Path, file: str) -> list[Any]:
    vendors = [(path.stem if path.parent == folder else path.parent.name, path) for path in sorted(folder.glob(file))]
    return [
        pytest.param(vendor, row, id=f"{vendor}: {row['name']}")
        for vendor, path in vendors
        for row in json.loads(path.read_text("utf-8"))
    ]


# --- as pasted -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("vendor", "row"), rows(HERE / "raw_answers", "*.json"))
def test_a_pasted_answer_means_what_the_sheet_says(vendor: str, row: dict[str, Any]) -> None:
    report = judge_raw(
        vendor,
        row["pasted"].encode(),
        http_status=row.get("status"),
        headers=[tuple(pair) for pair in row.get("headers", ())],
        call=row.get("call", "send"),
    )

    assert [seen(result, expected) for result, expected in zip(report.results, row["results"], strict=True)] == row[
        "results"
    ]
    assert [finding.rule for finding in report.findings] == row["findings"]
    assert int(report.exit_code) == row["exit_code"]


def seen(result: Result, names: dict[str, Any]) -> dict[str, Any]:
    verdict = result.verdict
    told = {name: getattr(verdict.says, name) for name in names if hasattr(verdict.says, name)}
    told |= {"target": verdict.target.value if verdict.target else None, "message_id": verdict.message_id}
    return {name: told[name] for name in names}


# --- every known answer, in every form of a log ----------------------------------------------------------------------


def line(body: str, status: int) -> str:
    return f"2026-01-02 03:04:05 ERROR [push] {status} {body} (attempt 1 of 3)"


def json_line(body: str, status: int) -> str:
    return json.dumps({"level": "error", "at": "2026-01-02", "msg": f"push failed: {body}", "http": status})


def json_line_twice(body: str, status: int) -> str:
    return json.dumps({"log": json_line(body, status), "stream": "stderr"})


def quoted(body: str, status: int) -> str:
    inner = body.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'status={status} body="{inner}"'


def python_dict(body: str, status: int) -> str:
    return f"answer {status}: {json.loads(body)!r}"


def curl_i(body: str, status: int) -> str:
    return f"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 {status} Whatever\r\ncontent-type: application/json\r\n\r\n{body}"


def byte_order_mark(body: str, status: int) -> str:
    return f"\ufeff{body}"


def python_bytes(body: str, status: int) -> str:
    return f"answer {status}: {json.dumps(json.loads(body), ensure_ascii=False).encode()!r}"


def percent_encoded(body: str, status: int) -> str:
    return f"status={status} answer={quote_plus(body)}"


FORMS: list[Callable[[str, int], str]] = [
    line,
    json_line,
    json_line_twice,
    quoted,
    python_dict,
    curl_i,
    byte_order_mark,
    python_bytes,
    percent_encoded,
]


def is_read(vendor: str, row: dict[str, Any]) -> bool:
    """Whether the vendor itself speaks in this answer, in JSON, and its meaning does not hang on a header."""
    answer = row["reply"]
    if "status" not in answer or not answer["body"].lstrip().startswith("{"):
        return False
    says = [
        verdict.says
        for verdict in registry.load(vendor).judge(
            row["call"], Response(answer["status"], (), answer["body"].encode()), None
        )
    ]
    known = [one.entry is not None and one.outcome == "refused" and not one.code.startswith("http/") for one in says]
    return any(known) or any(one.outcome == "accepted" and one.code for one in says)


KNOWN = [
    case
    for case in rows(WIRE_CASES, "*/replies.json")
    if is_read(str(case.values[0]), dict(case.values[1]))  # type: ignore[call-overload]
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize(("vendor", "row"), KNOWN)
def test_every_answer_is_found_in_every_form_of_a_log(
    vendor: str, row: dict[str, Any], form: Callable[[str, int], str]
) -> None:
    status, body = row["reply"]["status"], row["reply"]["body"]
    if not isinstance(json.loads(body), dict):
        pytest.skip("the case is about what is no object")
    direct = judge_raw(vendor, body.encode(), http_status=status, call=row["call"])

    found = judge_raw(vendor, form(body, status).encode(), http_status=status, call=row["call"])

    assert shape(found) == shape(direct)
    assert found.exit_code is direct.exit_code


def shape(report: Report) -> list[Any]:
    verdicts = [result.verdict for result in report.results]
    return [(one.target, one.says.outcome, one.says.code, one.says.token_dead, one.message_id) for one in verdicts]


@pytest.mark.parametrize(("vendor", "row"), KNOWN)
def test_without_a_status_an_answer_means_the_same_or_the_status_is_asked_for(vendor: str, row: dict[str, Any]) -> None:
    body = row["reply"]["body"].encode()
    direct = judge_raw(vendor, body, http_status=row["reply"]["status"], call=row["call"])
    with contextlib.suppress(UsageError):
        found = judge_raw(vendor, body, call=row["call"])
        assert [one[2] for one in shape(found)] == [one[2] for one in shape(direct)]
        assert {result.verdict.says.http_status for result in found.results} <= {None, row["reply"]["status"]}


@pytest.mark.parametrize(("vendor", "row"), KNOWN)
def test_an_answer_that_is_cut_off_is_never_taken_for_a_whole_one(vendor: str, row: dict[str, Any]) -> None:
    body = row["reply"]["body"].rstrip()

    report = judge_raw(vendor, body[:-1].encode(), http_status=row["reply"]["status"], call=row["call"])

    for result in report.results:
        says = result.verdict.says
        assert says.outcome == "unknown" or says.code.startswith(("http/", "oauth/"))  # the status was all there was
    if vendor != "apns" and all(result.verdict.says.outcome == "unknown" for result in report.results):
        assert all(result.verdict.says.code.endswith("/cut") for result in report.results)


@pytest.mark.parametrize(("vendor", "row"), [case for case in KNOWN if case.values[0] in CHINA])
def test_whose_an_answer_is_by_its_form_is_said_whoever_else_is_named(vendor: str, row: dict[str, Any]) -> None:
    body = row["reply"]["body"].encode()
    like = answer_forms.likeness(vendor, body)
    if like < 3 or any(answer_forms.likeness(other, body) >= like for other in registry.VENDORS if other != vendor):
        pytest.skip("the form alone does not tell")
    for other in ("apns", "honor", *CHINA):
        if other == vendor:
            continue
        call = row["call"] if row["call"] in calls_of(registry.load(other)) else "send"

        findings = judge_raw(other, body, http_status=row["reply"]["status"], call=call).findings

        (said,) = [finding for finding in findings if finding.rule == "other-vendor"]
        assert registry.load(vendor).card.name in said.text
        assert f"'pushctl explain {vendor}'" in said.fix


@pytest.mark.parametrize(("vendor", "row"), KNOWN)
def test_an_answer_of_its_own_is_not_said_to_be_anothers(vendor: str, row: dict[str, Any]) -> None:
    answer = row["reply"]
    if answer_forms.closer(vendor, answer["body"].encode()):
        pytest.skip("the case is about an odd answer")

    findings = judge_raw(vendor, answer["body"].encode(), http_status=answer["status"], call=row["call"]).findings

    assert "other-vendor" not in [finding.rule for finding in findings]


@pytest.mark.parametrize("vendor", registry.VENDORS)
@given(text=st.text(max_size=200) | st.sampled_from(['{"', "{'a': {'b'", '{\\"a\\":', "{'a':b'x'}", "HTTP/2 200"]))
def test_no_text_breaks_it(vendor: str, text: str) -> None:
    rule, results = "", 1
    try:
        results = len(judge_raw(vendor, text.encode("utf-8", "replace"), http_status=400).results)
    except UsageError as error:
        rule = error.rule

    assert results
    assert rule in ("", "no-http-status")


@given(st.recursive(st.none() | st.booleans() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=12))  # fmt: skip
def test_what_python_prints_becomes_the_same_json(value: Any) -> None:
    document = {"answer": value}

    found = list(logged.objects(f"log: {document!r} end"))

    assert any(json.loads(one.body) == document for one in found)


def test_a_long_text_that_is_never_closed_is_not_read_over_and_over(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []
    closing = logged._closing
    monkeypatch.setattr(logged, "_closing", lambda text, start: looked_at.append(start) or closing(text, start))

    assert list(logged.objects("{'a" * 50_000)) == []
    assert len(looked_at) < 20


def test_what_a_shell_wrote_as_utf_16_is_read() -> None:
    body = '{"code":"80300007","msg":"All the tokens are invalid","requestId":"1"}'
    for encoded in (b"\xff\xfe" + body.encode("utf-16-le"), b"\xfe\xff" + body.encode("utf-16-be")):
        assert shape(judge_raw("hms", encoded, http_status=200))[0][2] == "80300007"


def test_without_a_status_it_is_asked_for_and_what_can_be_said_is_said() -> None:
    for vendor, body, said in (
        ("vivo", "push failed, errorCode=10302", "It names 10302: 'pushctl explain vivo:10302'."),
        ("mi", "Reason: No valid targets!", "It names 20301: 'pushctl explain mi:20301'."),
        ("mi", '[{"messageId":"m","registrationIds":"a","eventType":"push_arrive"}]', "'pushctl explain oppo'"),
        ("oppo", '{"result":10302,"desc":"regId 不合法"}', "By its form this is an answer of vivo Push, 10302."),
    ):
        with pytest.raises(UsageError) as raised:
            judge_raw(vendor, body.encode())
        assert raised.value.rule == "no-http-status"
        assert said in raised.value.fix
        assert "GOAWAY" not in raised.value.fix, "these services know no HTTP/2"


def test_where_no_status_would_help_it_is_not_asked_for_and_not_made_up() -> None:
    for body, said in (
        (b"<html><title>Sign in</title></html>", "It is an HTML page headed 'Sign in'."),
        (b'{"result":"ok","da', "It ends after 18 bytes."),
    ):
        (result,) = judge_raw("mi", body).results
        assert (result.verdict.says.detail, result.verdict.says.http_status) == (said, None)
    (result,) = judge_raw("vivo", b"hello", call="receipt").results
    assert result.verdict.says.detail == "It is the body 'hello'."


def test_a_success_is_no_code_that_a_broken_text_names() -> None:
    report = judge_raw("oppo", b"Code:0 Message:success", http_status=200)

    assert report.findings == []


# --- which interface -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vendor", registry.VENDORS)
def test_an_interface_that_a_vendor_has_not_is_told(vendor: str) -> None:
    with pytest.raises(UsageError) as raised:
        judge_raw(vendor, b"{}", http_status=200, call="carrier-pigeon")

    assert (raised.value.rule, raised.value.where) == ("unknown-call", "--call")
    assert all(name in raised.value.fix for name in calls_of(registry.load(vendor)) if "." not in name)


@pytest.mark.parametrize(
    ("vendor", "call"),
    [
        ("fcm", "receipt"),
        ("apns", "auth"),
        ("hms", "trace"),
        ("honor", "topic"),
        ("mi", "auth"),
        ("oppo", "trace"),
        ("vivo", "quota"),
        ("meizu", "auth"),
        ("meizu", "topic"),
    ],
)
def test_an_interface_of_other_vendors_is_told(vendor: str, call: str) -> None:
    with pytest.raises(UsageError):
        judge_raw(vendor, b"{}", http_status=200, call=call)


@pytest.mark.parametrize("vendor", registry.VENDORS)
def test_every_question_of_a_vendor_is_one_of_its_interfaces(vendor: str) -> None:
    machine = registry.load(vendor)

    assert {"send", *machine.asks} <= set(calls_of(machine))


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "elsewhere"),
    [
        ("huawei:80300007/noRight", "harmony:80300007/noRight"),
        ("hms:noRight", "harmony:80300007/noRight"),
        ("harmony:80200003", "hms:80200003"),
        ("hms:push-type-unknown", "harmony:push-type-unknown"),
        ("honor:UNREGISTERED", "fcm:UNREGISTERED"),
        ("mi:10302", "vivo:10302"),
        ("xiaomi:110003", "meizu:110003"),
        ("oneplus:20301", "mi:20301"),
        ("iqoo:push_arrive", "oppo:receipt/push_arrive"),
        ("flyme:21301", "mi:21301"),
    ],
)
def test_what_another_vendor_knows_is_said_to_be_there(asked: str, elsewhere: str) -> None:
    found = explain(None, asked)

    assert not found or asked == "hms:noRight"  # a phone's own code has that name
    assert elsewhere in found.elsewhere or found
    assert explain(None, elsewhere)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("harmony:noRight", ["80300007/noRight"]),
        ("hms:102", ["NSP/102", "receipt/102"]),
        ("hms:12304", ["1101/12304"]),
        ("fcm:BadDeviceToken", ["ApnsError/BadDeviceToken"]),
        ("fcm:NotRegistered", ["legacy/NotRegistered"]),
        ("fcm:ThirdPartyAuthError", ["THIRD_PARTY_AUTH_ERROR", "messaging/third-party-auth-error"]),
        ("fcm:SenderIdMismatchError", ["SENDER_ID_MISMATCH"]),
        ("fcm:registration-token-not-registered", ["messaging/registration-token-not-registered"]),
        ("honor:ERROR_NO_TOKEN", ["device/8001004"]),
        ("meizu:110010", ["110010", "target/110010"]),
        ("meizu:110003", ["110003", "target/110003"]),
        ("meizu:520", ["target/520"]),
        ("meizu:RSP_OFF_PUSHID", ["target/110010"]),
        ("vivo:12000", ["receipt/12000"]),
        ("mi:128", ["receipt/128"]),
        ("oppo:regid_invalid", ["receipt/regid_invalid"]),
        ("oppo:Invalid AuthToken", ["11"]),
    ],
)
def test_a_code_is_found_by_its_last_part_its_name_and_as_sdks_spell_it(asked: str, meant: list[str]) -> None:
    assert [entry.code for entry in explain(None, asked).entries] == meant


@pytest.mark.parametrize("vendor", ["hms", "harmony", "honor", *CHINA])
def test_a_family_is_listed(vendor: str) -> None:
    found = explain(vendor, "receipt")

    assert found
    assert {entry.vendor for entry in found.narrower} == {vendor}
    assert all(entry.code.startswith("receipt/") for entry in found.narrower)


def test_each_vendor_has_its_own_narrower_codes() -> None:
    found = explain(None, "80300007")

    assert {entry.vendor for entry in found.entries} == {"hms", "harmony", "honor"}
    assert {entry.vendor for entry in found.narrower} == {"harmony"}


# --- what is told of every code, rule and field ----------------------------------------------------------------------

SENTENCE = re.compile(r"[^\s].*[.!?…]", re.DOTALL)
SOURCE = re.compile(r"https://[^\s]+|[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+:[^\s]+")
OURS = re.compile(r"\b(sheet|shared/)\b|\bTODO\b(?!, | (?:or|DEVICE_))")  # TODO is a category of vivo's


def is_clean(text: str) -> bool:
    return text == text.strip() and "  " not in text and text.isprintable()


ENTRIES = [
    pytest.param(entry, id=f"{entry.id} {entry.http_status or ''}")
    for vendor in registry.VENDORS
    for entry in registry.catalogue(vendor).entries
]


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_catalogue_entry_can_be_read_and_followed(entry: Any) -> None:
    assert SENTENCE.fullmatch(entry.summary)
    assert all(is_clean(text) for text in (entry.summary, entry.name, *entry.causes, *entry.fixes))
    assert not any(text.endswith(".") and not text.endswith("...") for text in (*entry.causes, *entry.fixes))
    assert all(len(text) <= 160 for text in (*entry.causes, *entry.fixes))
    assert entry.causes
    assert entry.fixes
    assert not OURS.search(" ".join((entry.summary, *entry.causes, *entry.fixes)))
    assert entry.retry_hint or not entry.retryable
    assert not (entry.token_dead and entry.outcome == "accepted")
    assert not (entry.token_dead and entry.retryable)
    assert entry.sources
    assert all(SOURCE.fullmatch(source) for source in entry.sources)


@pytest.mark.parametrize("vendor", registry.VENDORS)
def test_the_meanings_of_a_code_differ_by_status_or_name(vendor: str) -> None:
    told = [(entry.code, entry.http_status, entry.name) for entry in registry.catalogue(vendor).entries]

    assert len(told) == len(set(told))


RULES = [
    pytest.param(rule, id=f"{vendor}:{rule.id}")
    for vendor in registry.VENDORS
    for rule in Rules(registry.folder(vendor) / "rules.json").values()
]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_can_be_read_and_followed(rule: Any) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id)
    for text in (rule.text, rule.fix, rule.about):
        assert text.endswith("}") or SENTENCE.fullmatch(text)  # a placeholder may be the whole of a fix
        assert is_clean(text)
    assert not re.search(r"\{\w+\}", rule.about)  # nobody fills it in
    assert not OURS.search(f"{rule.text} {rule.fix} {rule.about}")
    assert rule.source
    assert all(SOURCE.fullmatch(source) for source in rule.source.split("; "))


FIELDS = [
    pytest.param(field, id=f"{vendor}:{field.path}")
    for vendor in registry.VENDORS
    for field in Fields(registry.folder(vendor) / "fields.json").values()
]


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_can_be_read(field: Any) -> None:
    assert SENTENCE.fullmatch(field.notes)
    assert all(is_clean(text) for text in (field.notes, field.required, field.since, field.retired))
    assert field.type
    assert all(SOURCE.fullmatch(source) for source in field.source.split("; ") if source)


def test_who_was_meant_can_be_said() -> None:
    body = (
        '{"code":"80100000","msg":"{\\"success\\":1,\\"failure\\":1,\\"illegal_tokens\\":[\\"a\\"]}","requestId":"1"}'
    )

    (result,) = judge_raw("hms", body.encode(), target=Target("token", "a")).results

    assert (result.verdict.target, result.verdict.says.code) == (Target("token", "a"), "80100000/illegal_tokens")
