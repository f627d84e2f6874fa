"""What other clients put on Mi Push's wire, field by field against what pushctl does: ``cases/mi/foreign.json``.

Each case is a request that a published client sent (``client`` says which). With ``message`` it is a push, with
``asks`` a question; in pushctl's words it has the same fields, in whatever order, at the same path (``ours`` where that
is another version). ``only_ours`` has the fields that pushctl alone sends, and ``why`` says who is right. ``refused``
is the code that the emulated service gives to it; without it the request is accepted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from mi_emulator_bench import LIVE, PACKAGE, Bench, order

from pushctl.core.message import Message, Target
from pushctl.core.secret import Secret, revealed
from pushctl.core.vendor import Account, Env, Grant, Question
from pushctl.core.wire import Request
from pushctl.flows.lint import lint
from pushctl.sandbox import forge
from pushctl.vendors.mi import VENDOR
from pushctl.vendors.mi.emulator import EMULATOR
from pushctl.vendors.mi.emulator_credentials import PUBLIC_CHANNEL

CASES = json.loads((Path(__file__).parents[1] / "cases" / "mi" / "foreign.json").read_text("utf-8"))
ACCOUNT = Account("production", None, {"package_name": "com.example.app"}, VENDOR.card.hosts["production"])
GRANT = Grant(Secret("dummySecret+/==", "$PUSHCTL_TOKEN"), 0, 1)
ENV = Env(1767323045, lambda size: b"\0" * size)
# What the emulated service has in the place of what the captures name.
LIVING = {
    "registration_id": LIVE,
    "alias": "live",
    "user_account": "live",
    "restricted_package_name": PACKAGE,
    "extra.channel_id": PUBLIC_CHANNEL,
}


def named(case: Mapping[str, Any]) -> str:
    return f"{case['client'].partition(' ')[0]}: {case['name']}"


def fields(*texts: str) -> dict[str, str]:
    return {name: value for text in texts for name, value in parse_qsl(text, keep_blank_values=True)}


def ours(case: Mapping[str, Any]) -> Request:
    targets = tuple(Target(**target) for target in case["targets"])
    if "asks" in case:
        return next(VENDOR.asks[case["asks"]](ACCOUNT, Question(case["values"], targets), GRANT, ENV))
    message = Message(**case["message"])
    (job,) = VENDOR.plan([(message, target) for target in targets])
    return VENDOR.request(ACCOUNT, job, GRANT, None, ENV)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_same_intent_has_the_same_fields(case: dict[str, Any]) -> None:
    made = ours(case)
    url, _, query = made.target(reveal=True).partition("?")
    path = case["path"] if "ours" not in case else case["ours"]
    assert (made.method, url) == (case["method"], f"https://api.xmpush.xiaomi.com{path}")
    assert "why" in case or not {"ours", "only_ours"} & case.keys()

    theirs = fields(case["query"], case["body"])

    assert fields(query, made.body(reveal=True).decode()) == {**theirs, **case.get("only_ours", {})}
    headers = {name.lower(): revealed(value).partition(";")[0] for name, value in made.headers}
    assert headers == case["headers"]


@pytest.mark.parametrize("case", [case for case in CASES if "message" in case], ids=named)
def test_lint_lets_pass_what_others_send(case: dict[str, Any]) -> None:
    message = Message(raw=(case["body"] or case["query"]).encode())
    targets = VENDOR.named(message)
    assert targets == tuple(Target(**target) for target in case["targets"])
    found = lint(VENDOR, ACCOUNT, [(message, target) for target in targets], ENV)
    assert [finding.rule for finding in found if finding.level == "error"] == []


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_emulated_service_gets_on_with_what_others_send(case: dict[str, Any], tmp_path: Path) -> None:
    bench = Bench(forge.ensure(tmp_path, [EMULATOR]).credentials("mi"))
    query, body = (urlencode({**fields(text), **{k: v for k, v in LIVING.items() if k in fields(text)}}) for text in
                   (case["query"], case["body"]))  # fmt: skip
    sent = bench.send(order(extra__jobkey="release_2"))
    if "msg_id" in query:
        query = f"msg_id={json.loads(sent.response.body)['data']['id'] if sent.response else ''}"

    act = bench.serve(case["method"], f"{case['path']}{'?' if query else ''}{query}", body.encode())

    assert act.response is not None
    assert json.loads(act.response.body)["code"] == case.get("refused", 0), act.response.body
