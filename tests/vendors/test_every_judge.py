"""What holds of every vendor's verdicts: one per target whatever comes, nothing made of silence or of a stranger's
page, and a catalogue in which every entry can be explained. Single answers are in ``tests/cases/*/replies.json``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.message import Target
from pushctl.core.verdict import ExitCode, Judgement, Verdict
from pushctl.core.wire import Goaway, Lost, Reply, Response
from pushctl.flows.answer_case import calls_of
from pushctl.flows.explain import explain
from pushctl.flows.raw_answer import judge_raw
from pushctl.vendors import registry

CASES = Path(__file__).parents[1] / "cases"
A, B = Target("token", "a"), Target("token", "b")
HTML = b"<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"
CODES = [(vendor, code) for vendor in registry.VENDORS for code in registry.catalogue(vendor).codes()]
BY_STATUS_TOO = ("apns", "fcm", "mi", "oppo", "vivo", "meizu")
each_vendor = pytest.mark.parametrize("vendor", registry.VENDORS)


# --- whatever comes --------------------------------------------------------------------------------------------------


@cache
def known(vendor: str) -> list[dict[str, Any]]:
    """The wire cases that are answers with a body."""
    rows = json.loads((CASES / vendor / "replies.json").read_text("utf-8"))
    return [row for row in rows if "body" in row["reply"]]


def opened(body: str) -> tuple[str, Any]:
    """A body's document, and the name of the form field that it stands in; None for a body without one."""
    pairs = [("", body), *parse_qsl(body)[:1]]
    for name, text in pairs:
        try:
            return name, json.loads(text)
        except (ValueError, RecursionError):
            continue
    return "", None


def inside(value: Any) -> Iterator[Any]:
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from inside(inner)


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)


@cache
def spare_parts(vendor: str) -> tuple[st.SearchStrategy[Any], st.SearchStrategy[Any]]:
    """Values as they stand anywhere in the vendor's answers, or any others; and objects with the vendor's names."""
    found = [part for row in known(vendor) for part in inside(opened(row["reply"]["body"])[1])]
    codes = registry.catalogue(vendor).codes()
    numbers = [int(code) for code in codes if code.lstrip("-").isdecimal()]
    values = st.sampled_from([*found, *codes, *numbers]) | json_values | st.sampled_from("abcd")
    names = sorted({name for part in found if isinstance(part, dict) for name in part})
    return values, st.dictionaries(st.sampled_from(names), values, max_size=6)


@st.composite
def answers(draw: st.DrawFn, vendor: str) -> tuple[str, Response]:
    """An answer that was seen, with parts of it changed, left out, or cut off, and the interface that gave it."""
    row = draw(st.sampled_from(known(vendor)))
    values, _ = spare_parts(vendor)

    def changed(value: Any) -> Any:
        if draw(st.integers(0, 9)) == 9:
            return draw(values)
        if isinstance(value, dict):
            return {name: changed(inner) for name, inner in value.items() if draw(st.integers(0, 9)) < 9}
        return [changed(inner) for inner in value] if isinstance(value, list) else value

    name, document = opened(row["reply"]["body"])
    body = row["reply"]["body"] if document is None else json.dumps(changed(document))
    told = (urlencode({name: body}) if name else body).encode()
    kept = draw(st.just(len(told)) | st.integers(0, len(told)))
    status = draw(st.just(row["reply"]["status"]) | st.sampled_from([200, 201, 302, 400, 404, 429, 503]))
    return row["call"], Response(status, tuple(map(tuple, row["reply"]["headers"])), told[:kept])


def cases(vendor: str) -> st.SearchStrategy[tuple[str, Reply]]:
    """An interface, and what came back from it."""
    values, objects = spare_parts(vendor)
    names = ["retry-after", "date", "location", "server", "content-type", "nsp_status", "apns-id"]
    heads = st.lists(st.tuples(st.sampled_from(names), st.text(max_size=20)), max_size=3).map(tuple)
    documents = objects | st.lists(objects, max_size=3) | values
    bodies = st.binary(max_size=200) | st.just(b"[" * 50_000) | documents.map(lambda one: json.dumps(one).encode())
    replies: st.SearchStrategy[Reply] = (
        st.builds(Response, st.sampled_from([200, 201, 204]) | st.integers(100, 599), heads, bodies)
        | st.builds(Goaway, bodies, st.integers(0, 20), st.sampled_from(["no", "maybe"]))
        | st.builds(Lost, st.sampled_from(["no", "maybe"]), st.text(), st.text(max_size=20))  # our own short codes
    )
    calls = st.sampled_from([*calls_of(registry.load(vendor)), "auth", "receipt", "whatever"])
    return answers(vendor) | st.tuples(calls, replies)


def check(vendor: str, verdict: Verdict, reply: Reply) -> None:
    """What holds of any verdict. Of some vendors a code of success counts whatever the HTTP status is."""
    says = verdict.says
    if says.outcome == "accepted":
        assert isinstance(reply, Response)
        assert says.of_receipt or vendor not in BY_STATUS_TOO or 200 <= reply.status < 300
        assert says.category is None
    else:
        assert says.exit_code != 0
        assert says.of_receipt or says.category is not None
    if says.outcome == "unknown":
        assert says.token_dead is None or isinstance(reply, Goaway)
        assert says.token_dead is not True
    if isinstance(reply, Lost):
        assert says.outcome == "unknown"
    assert len(says.code) <= 80
    assert len(says.detail) < 1000


def texts_of(reply: Reply) -> list[str]:
    """Every text in an answer's document: tokens are among them."""
    document = opened(reply.body.decode(errors="replace"))[1] if isinstance(reply, Response) else None
    return sorted({part for part in inside(document) if isinstance(part, str)})


@each_vendor
@given(data=st.data())
def test_whatever_comes_every_target_gets_one_verdict_in_order(vendor: str, data: st.DataObject) -> None:
    machine, (call, reply) = registry.load(vendor), data.draw(cases(vendor))
    several = st.sampled_from(["a", "b", "c", "d", *texts_of(reply)])
    values = data.draw(st.lists(several, min_size=1, max_size=6, unique=True))
    targets = tuple(Target("token", value) for value in values)

    verdicts = machine.judge(call, reply, targets)

    assert [verdict.target for verdict in verdicts] == list(targets)
    for verdict in verdicts:
        check(vendor, verdict, reply)
    assert machine.judge(call, reply, targets) == verdicts


@each_vendor
@given(data=st.data())
def test_whatever_comes_there_is_a_verdict_without_targets(vendor: str, data: st.DataObject) -> None:
    call, reply = data.draw(cases(vendor))

    verdicts = registry.load(vendor).judge(call, reply, None)

    assert verdicts
    for verdict in verdicts:
        check(vendor, verdict, reply)


# --- silence, and strangers ------------------------------------------------------------------------------------------


def judgement(vendor: str, reply: Reply) -> Judgement:
    """What both of two targets are told."""
    first, second = registry.load(vendor).judge("send", reply, (A, B))
    assert (first.target, second.target) == (A, B)
    assert first.says == second.says
    return first.says


def stranger(vendor: str) -> str:
    """The code for an answer that somebody else gave."""
    return f"NOT_{'HUAWEI' if vendor in ('hms', 'harmony') else vendor.upper()}"


@each_vendor
@pytest.mark.parametrize("sent", ["no", "maybe"])
@pytest.mark.parametrize("code", ["DNS", "CONNECT", "TLS", "TIMEOUT", "CLOSED"])
def test_a_lost_answer_says_nothing_of_the_push_nor_of_its_token(
    vendor: str, code: str, sent: Literal["no", "maybe"]
) -> None:
    says = judgement(vendor, Lost(sent, "why it was lost", code))
    assert (says.outcome, says.code, says.sent, says.token_dead) == ("unknown", code, sent, None)
    assert (says.category, says.exit_code) == ("network", ExitCode.NETWORK)
    assert "why it was lost" in says.detail


@each_vendor
@pytest.mark.parametrize("sent", ["no", "maybe"])
@pytest.mark.parametrize("debug", [b"", b"bye"])
def test_a_goaway_without_a_reason_says_no_more_than_a_lost_answer(
    vendor: str, debug: bytes, sent: Literal["no", "maybe"]
) -> None:
    says = judgement(vendor, Goaway(debug, 0, sent))
    assert (says.outcome, says.code, says.sent, says.token_dead) == ("unknown", "GOAWAY", sent, None)
    assert says.exit_code == ExitCode.NETWORK


@each_vendor
@pytest.mark.parametrize("status", [200, 403, 404, 502, 503])
def test_a_gateways_page_is_not_the_vendors_answer(vendor: str, status: int) -> None:
    says = judgement(vendor, Response(status, (("content-type", "text/html"),), HTML))
    assert (says.outcome, says.code, says.sent, says.token_dead) == ("unknown", stranger(vendor), "maybe", None)
    assert says.detail == f"It said {status} with an HTML page headed '502 Bad Gateway'."
    assert says.entry is registry.load(vendor).catalogue.find(stranger(vendor))


@pytest.mark.parametrize("vendor", [vendor for vendor in registry.VENDORS if vendor != "apns"])
@pytest.mark.parametrize("status", [200, 204])
def test_an_empty_success_is_nobodys(vendor: str, status: int) -> None:
    """But Apple's, whose success has no body."""
    says = judgement(vendor, Response(status, (), b""))
    assert (says.outcome, says.code, says.token_dead) == ("unknown", stranger(vendor), None)


@each_vendor
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_and_no_answer(vendor: str, status: int) -> None:
    says = judgement(vendor, Response(status, (("location", "https://login.example/x"),), b""))
    assert (says.outcome, says.code, says.token_dead) == ("unknown", stranger(vendor), None)
    assert f"It said {status}: a redirect" in says.detail


@pytest.mark.parametrize("vendor", [vendor for vendor in registry.VENDORS if vendor != "apns"])
def test_an_answer_that_was_cut_off_is_told_as_such(vendor: str) -> None:
    """Apple's have one short word in them."""
    rows = [row["reply"] for row in known(vendor) if row["call"] == "send" and row["reply"]["status"] == 200]
    bodies = [row["body"].encode() for row in rows if row["body"] != "{}" and row["body"].startswith("{")]
    assert bodies
    for body in bodies:
        results = judge_raw(vendor, body.rstrip()[:-1], http_status=200).results
        assert [result.verdict.says.code for result in results] == [f"{stranger(vendor)}/cut"], body


@each_vendor
def test_a_run_that_nobody_answered_says_so_and_one_push_is_no_run(vendor: str) -> None:
    machine = registry.load(vendor)
    lost = judgement(vendor, Lost("no", "no route", "CONNECT"))
    assert [finding.rule for finding in machine.review(Counter({lost: 2}))] == ["nothing-answered"]
    assert not list(machine.review(Counter({lost: 1})))


# --- the catalogue ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("vendor", "code"), CODES)
def test_every_code_can_be_explained(vendor: str, code: str) -> None:
    assert ":" not in code
    entries = explain(None, f"{vendor}:{code}").entries
    assert entries
    for entry in entries:
        assert entry.vendor == vendor
        assert entry.summary.endswith(".")
        assert entry.causes
        assert entry.fixes
        assert entry.sources
        assert entry.category or entry.outcome == "accepted"
        assert entry.confidence in ("high", "medium", "low")


@pytest.mark.parametrize(("vendor", "code"), [pair for pair in CODES if pair[1].startswith("http/")])
def test_every_status_without_a_code_is_judged_by_its_entry(vendor: str, code: str) -> None:
    status = int(code.removeprefix("http/").replace("xx", "16"))
    assert judgement(vendor, Response(status, (), b"")).entry is registry.load(vendor).catalogue.find(code)
