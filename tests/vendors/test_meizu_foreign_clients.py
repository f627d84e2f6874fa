"""What other clients put on Meizu's wire, field by field against what pushctl does: ``cases/meizu/foreign.json``.

``pushes``: a form that a published client sent (each was run, against a server on loopback), with ``message`` and
``targets``, the same intent in pushctl's words. Both must come to the same path, the same parameters, and, once what
the SDK writes although it is the default is left out and its true and false are read as 1 and 0, the same
``messageJson``. Every signature is one that pushctl makes for these parameters. ``questions``: likewise, for what is no
push; the SDK posts where Meizu's page and pushctl have GET.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote_plus

import pytest

from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret, revealed
from pushctl.core.vendor import Account, Env, Grant, Question
from pushctl.core.wire import Request
from pushctl.flows.lint import lint
from pushctl.vendors.meizu import VENDOR, auth
from pushctl.vendors.meizu.hosts import REGIONS

CASES = json.loads((Path(__file__).parents[1] / "cases" / "meizu" / "foreign.json").read_text("utf-8"))
SECRET = Secret(CASES["secret"], "$X")
ACCOUNT = Account("production", None, {"app_id": "100999"}, REGIONS["mainland"])
GRANT = Grant(SECRET, 0, 9e9)
ENV = Env(1_769_817_600.0, bytes)
# What is so where nothing is said (MEIZUPUSH/PushAPI:README.md); the SDK writes it out.
DEFAULTS = {
    "noticeBarType": 0, "noticeExpandType": 0, "clickType": 0, "offLine": 1, "validTime": 24, "pushTimeType": 0,
    "suspend": 1, "clearNoticeBar": 1, "fixDisplay": 0, "fixSpeed": 0, "fixSpeedRate": 0, "vibrate": 1, "lights": 1,
    "sound": 1, "pullDownTop": 0, "notGroup": 0, "timeTop": 0,
}  # fmt: skip


def named(rows: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(row, id=f"{row['client'].split(' ')[0]}: {row['name']}") for row in rows]


def form(text: str) -> dict[str, str]:
    pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def message_of(case: dict[str, Any]) -> Message:
    row = dict(case["message"])
    row["assignments"] = tuple(Assignment(*pair) for pair in row.get("assignments", ()))
    return Message(**row)


def said(value: Any) -> Any:
    """A message without what is the default anyway, and with 1 and 0 for true and false."""
    if isinstance(value, bool):
        return int(value)
    if not isinstance(value, dict):
        return value
    short = {key: said(item) for key, item in value.items()}
    return {key: item for key, item in short.items() if item not in ("", {}) and DEFAULTS.get(key, ...) != item}


def made(case: dict[str, Any]) -> Request:
    message = message_of(case)
    (job,) = VENDOR.plan([(message, Target(**target)) for target in case["targets"]])
    if case.get("call") == "task":
        return next(VENDOR.prepare(ACCOUNT, job, GRANT, ENV))
    return VENDOR.request(ACCOUNT, job, GRANT, case.get("task"), ENV)


@pytest.mark.parametrize("case", named(CASES["pushes"]))
def test_the_same_intent_is_the_same_request(case: dict[str, Any]) -> None:
    ours, theirs = made(case), form(case["body"])
    told = form(ours.body(reveal=True).decode())

    assert (ours.method, ours.url.partition(".com")[2]) == (case["method"], case["path"])
    assert revealed(dict(ours.headers)["Content-Type"]).startswith(case["content_type"].partition(";")[0])
    messages = [json.loads(parameters.pop("messageJson", "{}")) for parameters in (told, theirs)]
    signs = [parameters.pop("sign") for parameters in (told, theirs)]
    assert told == theirs
    assert said(messages[0]) == said(messages[1])
    assert all(len(sign) == 32 for sign in signs)


@pytest.mark.parametrize("case", named(CASES["pushes"]))
def test_every_signature_is_the_one_that_pushctl_makes(case: dict[str, Any]) -> None:
    theirs = form(case["body"])
    sign = theirs.pop("sign")
    assert auth.sign(theirs, SECRET).reveal() == sign


@pytest.mark.parametrize("case", named(CASES["pushes"]))
def test_two_ways_of_encoding_a_form_are_read_alike(case: dict[str, Any]) -> None:
    """Java and Python write a blank as +, Node as %20; who decodes comes to the same."""
    again = "&".join(f"{name}={quote_plus(value)}" for name, value in form(case["body"]).items())
    assert form(again) == form(case["body"])


@pytest.mark.parametrize("case", [p for p in named(CASES["pushes"]) if "messageJson" in p.values[0]["body"]])
def test_lint_lets_pass_what_others_send(case: dict[str, Any]) -> None:
    raw = Message(raw=form(case["body"])["messageJson"].encode(), options=case["message"].get("options", {}))
    findings = lint(VENDOR, ACCOUNT, [(raw, Target("token", "T"))], ENV)
    assert [finding.rule for finding in findings if finding.level == "error"] == []
    assert "unknown-key" not in {finding.rule for finding in findings}


@pytest.mark.parametrize("case", named(CASES["questions"]))
def test_a_question_has_the_same_parameters_and_signature(case: dict[str, Any]) -> None:
    question = Question(case["values"], tuple(Target(**target) for target in case["targets"]))
    request = next(VENDOR.asks[case["ask"]](ACCOUNT, question, GRANT, ENV))

    assert request.method == "GET"
    assert request.url.partition(".com")[2] == case["path"]
    theirs = form(case["parameters"])
    if case["name"] == "numbers by day":  # which days is nobody's business
        sign = theirs.pop("sign")
        assert auth.sign(theirs, SECRET).reveal() == sign
        assert {name for name, _ in request.query} == {*theirs, "sign"}
    else:
        assert form(request.target(reveal=True).partition("?")[2]) == theirs
