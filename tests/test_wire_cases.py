"""Wire cases: intent to exact request, answer to verdict. The cases are data, one folder per vendor.

``requests.json``: profile (``grant`` is a token, or true for any), message, target (or ``targets``), the id of what was
``prepared``, time and random bytes in; method, URL, headers in order and the body's bytes out. ``replies.json``: an
answer in; of the verdict, what the case names. With ``targets`` (values of tokens; null for "not known") an answer
decides the fates of several: ``verdicts``, each with its ``target``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret, revealed
from pushctl.core.vendor import Account, Env, Grant
from pushctl.core.verdict import Verdict
from pushctl.core.wire import Goaway, Lost, Reply, Response
from pushctl.vendors import registry

CASES = Path(__file__).parent / "cases"
TARGET = Target("token", "00fc13ad")


def cases(file: str) -> list[Any]:
    found = []
    for path in sorted(CASES.glob(f"*/{file}")):
        vendor = path.parent.name
        found += [
            pytest.param(vendor, case, id=f"{vendor}: {case['name']}") for case in json.loads(path.read_text("utf-8"))
        ]
    return found


def message_of(row: dict[str, Any]) -> Message:
    row = dict(row)
    if "raw" in row:
        row["raw"] = row["raw"].encode()
    row["assignments"] = tuple(Assignment(*pair) for pair in row.get("assignments", ()))
    row["headers"] = tuple((name, value) for name, value in row.get("headers", ()))
    return Message(**row)


def reply_of(row: dict[str, Any]) -> Reply:
    if "goaway" in row:
        return Goaway(row["goaway"].encode(), sent=row["sent"])
    if "lost" in row:
        return Lost(row["sent"], row["lost"], row["code"])
    headers = tuple((name, value) for name, value in row["headers"])
    return Response(row["status"], headers, row["body"].encode())


@pytest.mark.parametrize(("vendor", "case"), cases("requests.json"))
def test_an_intent_becomes_exactly_this_request(vendor: str, case: dict[str, Any]) -> None:
    machine, profile = registry.load(vendor), case["profile"]
    hosts = machine.card.hosts[profile["environment"]]
    account = Account(profile["environment"], None, profile["app"], hosts)
    token = "JWT" if profile["grant"] is True else profile["grant"]
    grant = Grant(Secret(token, "$PUSHCTL_TOKEN"), 0, 3600) if token else None
    env = Env(case["now"], lambda size: bytes.fromhex(case["nonce"])[:size])
    message = message_of(case["message"])
    (job,) = machine.plan([(message, Target(**target)) for target in case.get("targets") or [case["target"]]])

    made = machine.request(account, job, grant, case.get("prepared"), env)

    assert {
        "method": made.method,
        "url": made.target(reveal=True),
        "headers": [[name, revealed(value)] for name, value in made.headers],
        "body": made.body(reveal=True).decode(),
    } == case["request"]


@pytest.mark.parametrize(("vendor", "case"), cases("replies.json"))
def test_an_answer_becomes_this_verdict(vendor: str, case: dict[str, Any]) -> None:
    targets: tuple[Target, ...] | None = (TARGET,)
    if "targets" in case:
        targets = None if case["targets"] is None else tuple(Target("token", value) for value in case["targets"])
    expected = case["verdicts"] if "targets" in case else [{"target": TARGET.value, **case["verdict"]}]

    verdicts = registry.load(vendor).judge(case["call"], reply_of(case["reply"]), targets)

    assert [seen(verdict, names) for verdict, names in zip(verdicts, expected, strict=True)] == expected


def seen(verdict: Verdict, names: Iterable[str]) -> dict[str, Any]:
    told = {name: getattr(verdict.says, name) for name in names if hasattr(verdict.says, name)}
    told |= {"message_id": verdict.message_id, "facts": [list(fact) for fact in verdict.facts]}
    told |= {"exit_code": int(verdict.says.exit_code), "target": verdict.target.value if verdict.target else None}
    return {name: told[name] for name in names}
