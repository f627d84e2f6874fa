"""What other clients of vivo put on the wire, field by field against what pushctl does: ``cases/vivo/foreign.json``.

Each case is a body that a published client sends (``client`` says which, and how it was run), with its path. With
``message`` and ``targets`` it is also the same intent in pushctl's words: then both must send the same JSON, whose
order and blanks are nobody's business. ``differs`` lists what only they say, ``adds`` what only pushctl does, name and
value, and ``why`` says who is right. ``lint`` and ``warnings`` name the rules that their body breaks.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from vivo_emulator_bench import LIVE, Bench, told

from pushctl.core.message import Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, Question
from pushctl.flows.lint import lint
from pushctl.sandbox import forge
from pushctl.vendors.vivo import VENDOR, auth
from pushctl.vendors.vivo.account import App
from pushctl.vendors.vivo.emulator import EMULATOR

CASES = json.loads((Path(__file__).parents[1] / "cases" / "vivo" / "foreign.json").read_text("utf-8"))
ACCOUNT = Account(
    "production", None, {"app_id": "105500000", "package_name": "com.example.app"}, VENDOR.card.hosts["production"]
)
GRANT = Grant(Secret("TOKEN", "$PUSHCTL_TOKEN"), 0, 3600)
ENV = Env(1_700_020_800.0, bytes)  # 12:00 in China


def cases(*, with_intent: bool = False) -> list[Any]:
    return [
        pytest.param(case, id=f"{case['client'].split(',')[0].split(' (')[0]}: {case['name']}")
        for case in CASES
        if "message" in case or not with_intent
    ]


@pytest.mark.parametrize("case", cases(with_intent=True))
def test_the_same_intent_is_the_same_body(case: dict[str, Any]) -> None:
    message = Message(**case["message"])
    (job,) = VENDOR.plan([(message, Target(**target)) for target in case["targets"]])
    theirs = dict(case["body"])
    for name, value in case.get("differs", ()):
        assert case["why"]
        assert theirs.pop(name) == value
    for name, value in case.get("adds", ()):
        assert case["why"]
        assert name not in theirs
        theirs[name] = value

    made = VENDOR.request(ACCOUNT, job, GRANT, case.get("prepared"), ENV)

    assert json.loads(made.body(reveal=True)) == theirs
    assert made.url.removeprefix("https://api-push.vivo.com.cn") == case["path"]
    assert dict(made.headers)["authToken"] == GRANT.value


@pytest.mark.parametrize("case", cases())
def test_lint_lets_pass_what_others_send(case: dict[str, Any]) -> None:
    message = Message(raw=json.dumps(case["body"]).encode())
    targets: tuple[Target | None, ...] = VENDOR.named(message) or (None,)

    findings = lint(VENDOR, ACCOUNT, [(message, target) for target in targets], ENV)

    assert [one.rule for one in findings if one.level == "error"] == case.get("lint", [])
    assert [one.rule for one in findings if one.level == "warning"] == case.get("warnings", [])


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """An emulated vivo that lets pass what only other clients know of."""
    return Bench(forge.ensure(tmp_path_factory.mktemp("vivo"), [EMULATOR]).credentials("vivo"), strict=False)


@pytest.mark.parametrize("case", cases())
def test_the_emulated_service_takes_what_others_send(case: dict[str, Any], bench: Bench) -> None:
    bench.now += 2  # ten token requests a second are the most
    body, token = dict(case["body"]), bench.token()
    if "alias" in body:  # the phones of the sandbox have regIds
        del body["alias"]
        body["regId"] = LIVE
    elif "regId" in body:
        body["regId"] = LIVE
    elif "taskId" in body:
        ids = body.pop("regIds", None) or body.pop("aliases")
        body["taskId"] = told(bench.save())["taskId"]
        body["regIds"] = [LIVE, *ids[1:]]

    answer = told(bench.post(case["path"], body, token))

    assert int(answer["result"]) == 0, answer


@pytest.mark.parametrize(
    ("client", "body"),
    [
        (
            "vivo's Java SDK 3.3, run",
            {"sign": "e841aaec223b480e9437f00159193879", "appKey": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
             "appId": 105500000, "timestamp": 1795715725450},
        ),
        (
            "modood/pushapi, built and run; DeJoker/vivo-push sends the same",
            {"appId": "105500000", "appKey": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "timestamp": 1795715625890,
             "sign": "7cac76e78f7b7c6877d7dcca9be712ec"},
        ),
        (
            "push-sdk/push-vivo, run",
            {"appId": 105500000, "appKey": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
             "sign": "74a130115b8635f844cc8c09b09231e9", "timestamp": 1795715597163},
        ),
    ],
)  # fmt: skip
def test_a_token_is_asked_for_with_the_same_signature(client: str, body: dict[str, Any]) -> None:
    app = App(body["appKey"], Secret("11111111-2222-3333-4444-555555555555", "$X"))
    account = Account("production", app, {"app_id": str(body["appId"])}, ACCOUNT.hosts)

    made = json.loads(auth.request(account, Env(body["timestamp"] / 1000, bytes)).body(reveal=True))

    assert made == {**body, "appId": int(body["appId"])}, client


def test_counters_are_asked_for_at_the_same_place() -> None:
    """The SDK and push-vivo send the comma as it is, which reads the same."""
    request = next(VENDOR.asks["trace"](ACCOUNT, Question({"id": "7,8"}), GRANT, ENV))
    assert request.target(reveal=True).removeprefix(ACCOUNT.hosts["push"]) == "/report/getStatistics?taskIds=7%2C8"
