"""What other clients of Huawei's family put on the wire, field by field against what pushctl does:
``cases/VENDOR/foreign.json``.

Each case is a body that a published client or the vendor's own sample sends (``client`` says which, and whether it was
run or read), with its path and the headers that carry meaning. With ``message`` and ``targets`` it is also the same
intent in pushctl's words: then both must send the same JSON, whose order and blanks are nobody's business. ``differs``
lists what only they say, path and value, and ``why`` says who is right. ``lint`` names the rules, errors all, that
their body breaks. ``refused`` is the code that the emulated service, in its lenient mode, gives to it; without it the
push is accepted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from huawei_emulator_bench import Bench

from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret, revealed
from pushctl.core.vendor import Account, Env, Grant, Question
from pushctl.flows.lint import lint
from pushctl.sandbox import forge
from pushctl.vendors import hms, registry
from pushctl.vendors._huawei import oauth

CASES = Path(__file__).parents[1] / "cases"
FAMILY = ("harmony", "hms", "honor")  # JSON with a bearer token; services with forms have tests of their own
ENV = Env(1767323045, lambda size: b"\0" * size)


def cases(*, with_intent: bool = False) -> list[Any]:
    found = []
    for path in (CASES / vendor / "foreign.json" for vendor in FAMILY):
        for case in json.loads(path.read_text("utf-8")):
            if "message" in case or not with_intent:
                name = f"{path.parent.name}: {case['client'].split(',')[0].split(' (')[0]}: {case['name']}"
                found.append(pytest.param(path.parent.name, case, id=name))
    return found


def account(vendor: str, case: Mapping[str, Any]) -> Account:
    return Account("production", None, case["app"], registry.load(vendor).card.hosts["production"])


def without(body: Any, path: str, value: Any) -> None:
    """Takes what stands at a path out of a body, after a look whether it is what the case says."""
    *parents, last = path.split(".")
    for key in parents:
        body = body[key]
    assert body.pop(last) == value, path


@pytest.mark.parametrize(("vendor", "case"), cases(with_intent=True))
def test_the_same_intent_is_the_same_body(vendor: str, case: dict[str, Any]) -> None:
    machine, intent = registry.load(vendor), dict(case["message"])
    intent["assignments"] = tuple(Assignment(*pair) for pair in intent.get("assignments", ()))
    message = Message(**intent)
    (job,) = machine.plan([(message, Target(**target)) for target in case["targets"]])
    grant = Grant(Secret("JWT", "$PUSHCTL_TOKEN"), 0, 3600)
    theirs = json.loads(json.dumps(case["body"]))
    for path, value in case.get("differs", ()):
        assert case["why"]
        without(theirs, path, value)

    made = machine.request(account(vendor, case), job, grant, None, ENV)

    assert json.loads(made.body(reveal=True)) == theirs
    assert made.target(reveal=True).partition(".com")[2] == case["path"]
    headers = {name.lower(): revealed(value) for name, value in made.headers}
    assert {name: headers[name].partition(";")[0] for name in case["headers"]} == case["headers"]


@pytest.mark.parametrize(("vendor", "case"), cases())
def test_lint_lets_pass_what_others_send(vendor: str, case: dict[str, Any]) -> None:
    kind = {name: value for name, value in case["headers"].items() if name == "push-type"}
    message = Message(raw=json.dumps(case["body"]).encode(), headers=tuple(kind.items()))
    machine = registry.load(vendor)
    pushes = [(message, target) for target in machine.named(message)]
    assert pushes

    findings = lint(machine, account(vendor, case), pushes, ENV)

    assert [finding.rule for finding in findings if finding.level == "error"] == case.get("lint", [])


HPA = "hpa 1.0.0 and python-huawei-push-admin 1.0.0 (PyPI), captured"
ASKED = [
    ("hms", HPA, "topic.subscribe", {"topic": "weather"}, ["a", "b"], "/v1/1/topic:subscribe",
     {"topic": "weather", "tokenArray": ["a", "b"]}),
    ("hms", HPA, "topic.unsubscribe", {"topic": "weather"}, ["a"], "/v1/1/topic:unsubscribe",
     {"topic": "weather", "tokenArray": ["a"]}),
    ("hms", HPA, "topic.list", {}, ["a"], "/v1/1/topic:list", {"token": "a"}),
    ("harmony", "Huawei's server sample in Java, RevokeExamples and RevokeRequest, read", "revoke",
     {"id": "123456"}, ["a"], "/v1/1/messages:revoke", {"notifyId": 123456, "token": ["a"]}),
]  # fmt: skip


@pytest.mark.parametrize(("vendor", "client", "call", "values", "tokens", "path", "body"), ASKED)
def test_a_question_is_the_same_request(
    vendor: str, client: str, call: str, values: dict[str, str], tokens: list[str], path: str, body: dict[str, Any]
) -> None:
    machine = registry.load(vendor)
    asker = Account("production", None, {"app_id": "1", "client_id": "1"}, machine.card.hosts["production"])
    question = Question(values, tuple(Target("token", token) for token in tokens))
    request = next(machine.asks[call](asker, question, Grant(Secret("JWT", "$PUSHCTL_TOKEN"), 0, 3600), ENV))

    assert (request.method, request.url.partition(".com")[2]) == ("POST", path), client
    assert json.loads(request.body(reveal=True)) == body, client


@pytest.mark.parametrize(
    ("client", "form"),
    [
        (HPA, "grant_type=client_credentials&client_secret=s3cr3t%2B%2F%3D%26x&client_id=100000001"),
        (
            "pyhcm 1.0.6.4 (PyPI) and zandala88/honor-push (commit a20e1ac), captured",
            "grant_type=client_credentials&client_id=100000001&client_secret=s3cr3t%2B%2F%3D%26x",
        ),
    ],
)
def test_an_access_token_is_asked_for_with_the_same_form(client: str, form: str) -> None:
    asking = oauth.mint("https://x/token", "100000001", Secret("s3cr3t+/=&x", "$S"), ENV, hms.judge.token_refusal)

    made = next(asking).body(reveal=True).decode()

    assert sorted(made.split("&")) == sorted(form.split("&")), client


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Bench]:
    """An emulated service that lets pass what only other clients know of."""

    @cache
    def of(vendor: str) -> Bench:
        emulator = import_module(f"pushctl.vendors.{vendor}.emulator").EMULATOR
        folder = forge.ensure(tmp_path_factory.mktemp(vendor), [emulator]).credentials(vendor)
        return Bench(emulator, folder, strict=False)

    return of


def bearer(vendor: str, bench: Bench) -> str:
    if vendor == "harmony":
        return f"Bearer {bench.signed()}"
    own = {"path": "/auth/token", "client_id": "hon-client-1"} if vendor == "honor" else {}
    return f"Bearer {bench.access_token(**own)}"


@pytest.mark.parametrize(("vendor", "case"), cases())
def test_the_emulated_service_gets_on_with_what_others_send(
    vendor: str, case: dict[str, Any], bench: Callable[[str], Bench]
) -> None:
    live = import_module(f"pushctl.vendors.{vendor}.emulator_handsets").token_of()
    place = case["body"].get("target") or case["body"].get("message") or case["body"]
    body = json.dumps(case["body"])
    for token in sorted(place.get("token") or (), key=len, reverse=True):
        body = body.replace(json.dumps(token), json.dumps(live))
    service = bench(vendor)
    stamp = {"timestamp": str(int(service.now * 1000))} if vendor == "honor" else {}
    kind = {"push_type": case["headers"]["push-type"]} if vendor == "harmony" else {}

    act = service.post(case["path"], body.encode(), bearer(vendor, service), **stamp, **kind)

    assert act.code == case.get("refused"), act.response and act.response.body
