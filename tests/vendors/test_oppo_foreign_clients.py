"""What other clients put on OPPO's wire, field by field against what pushctl does: ``cases/oppo/foreign.json``.

Each case is a request that a published client sent (``client`` says which, and how it was run). ``message`` and
``targets`` are the same intent in pushctl's words: both must send the same fields, in whatever order, JSON within the
form taken apart. ``only_theirs`` and ``only_ours`` list what one of them alone says, path and value, and ``why`` says
who is right. ``lint`` names the rules that their message breaks as a raw one, warnings included, but for what any
message without a class is told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from oppo_emulator_bench import LIVE, Bench, code

from pushctl.core.message import Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Env, Grant, Question
from pushctl.core.wire import Request
from pushctl.flows.lint import lint
from pushctl.sandbox import forge
from pushctl.vendors.oppo import VENDOR, auth
from pushctl.vendors.oppo.emulator import EMULATOR

CASES = json.loads((Path(__file__).parents[1] / "cases" / "oppo" / "foreign.json").read_text("utf-8"))
PUSHES = [case for case in CASES if "message" in case]
APP_KEY, SECRET = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
CREDENTIALS = {"app_key": APP_KEY, "master_secret": Secret(SECRET, "$S")}
ACCOUNT = VENDOR.account({"environment": "production", "credentials": CREDENTIALS, "app": {"domain": "oppomobile.com"}})
GRANT = Grant(Secret("58ad47319e8d725350a5afd5", "$PUSHCTL_TOKEN"), 0, 1)
ENV = Env(1767323045, lambda size: b"\0" * size)
_EVERYBODYS = {"cn-missing-class", "oppo-missing-channel", "trivial-text", "template-missing"}


def named(case: Mapping[str, Any]) -> str:
    return f"{case['client'].split(' ')[0]}: {case['name']}"


def fields(text: str) -> dict[str, Any]:
    """A form with the JSON in it taken apart; ``action_parameters`` and the like stay text."""
    form: dict[str, Any] = dict(parse_qsl(text, keep_blank_values=True))
    return {name: json.loads(value) if name in ("message", "messages") else value for name, value in form.items()}


def without(form: dict[str, Any], path: str, value: Any) -> None:
    """Takes what stands at a path out of a form, after a look whether it is what the case says."""
    place: Any = form
    *parents, last = path.split(".")
    for key in parents:
        place = place[int(key)] if isinstance(place, list) else place[key]
    assert place.pop(last) == value, path


def ours(case: Mapping[str, Any]) -> Request:
    targets = tuple(Target(**target) for target in case["targets"])
    if case.get("asks") == "auth":
        now = int(fields(case["body"])["timestamp"]) / 1000
        return auth.token_request(ACCOUNT, "cn", now + 0.0001)
    if "asks" in case:
        return next(VENDOR.asks[case["asks"]](ACCOUNT, Question({}, targets), GRANT, ENV))
    message = Message(**case["message"])
    (job,) = VENDOR.plan([(message, target) for target in targets])
    if case["path"].endswith("save_message_content"):
        return next(VENDOR.prepare(ACCOUNT, job, GRANT, ENV))
    return VENDOR.request(ACCOUNT, job, GRANT, case.get("prepared"), ENV)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_same_intent_has_the_same_fields(case: dict[str, Any]) -> None:
    made = ours(case)
    host = "feedback" if "feedback" in case["path"] else "api"
    url, _, query = made.target(reveal=True).partition("?")
    assert (made.method, url) == (case["method"], f"https://{host}.push.oppomobile.com{case['path']}")
    assert query == case["query"]
    theirs, mine = fields(case["body"]), fields(made.body(reveal=True).decode())
    assert "why" in case or not {"only_theirs", "only_ours"} & case.keys()
    for path, value in case.get("only_theirs", ()):
        without(theirs, path, value)
    for path, value in case.get("only_ours", ()):
        without(mine, path, value)

    assert mine == theirs
    if case["content_type"]:
        assert dict(made.headers)["Content-Type"] == "application/x-www-form-urlencoded; charset=UTF-8"
        assert case["content_type"].partition(";")[0] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("case", [case for case in PUSHES if "message" in fields(case["body"])], ids=named)
def test_lint_lets_pass_what_others_send_and_tells_what_loses_messages(case: dict[str, Any]) -> None:
    message = Message(raw=json.dumps(fields(case["body"])["message"]).encode())
    targets = VENDOR.named(message)
    assert targets == tuple(Target(**target) for target in case["targets"])

    findings = lint(VENDOR, ACCOUNT, [(message, target) for target in targets], ENV)

    assert [one.rule for one in findings if not one.before and one.rule not in _EVERYBODYS] == case.get("lint", [])


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = forge.ensure(tmp_path_factory.mktemp("oppo"), [EMULATOR]).credentials("oppo")
    return Bench(folder)


@pytest.mark.parametrize("case", PUSHES, ids=named)
def test_the_emulated_service_gets_on_with_what_others_send(case: dict[str, Any], bench: Bench) -> None:
    """With a live id, a token of the service's own and the id of a body that it has saved."""
    told = dict(parse_qsl(case["body"], keep_blank_values=True)) | {"auth_token": bench.token()}
    if "message_id" in told:
        told["message_id"] = bench.save()
    text = json.dumps(told, ensure_ascii=False)
    for target in case["targets"]:
        text = text.replace(target["value"], LIVE)
    text = text.replace("pushctl-0001", f"foreign-{CASES.index(case)}")

    act = bench.post(case["path"], *json.loads(text).items())

    assert code(act) == case.get("refused", 0), act.response and act.response.body
