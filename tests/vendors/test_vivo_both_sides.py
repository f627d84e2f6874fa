"""From the command line to the emulated vivo and back: what lint lets pass is what the other side takes, and what that
answers is judged as what it meant."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivo_emulator_bench import APP_KEY, LIVE, NOON, Bench

from pushctl.core.emulated import Act
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, Job
from pushctl.core.wire import Response
from pushctl.flows.lint import lint
from pushctl.sandbox import forge
from pushctl.vendors.vivo import VENDOR
from pushctl.vendors.vivo.emulator import EMULATOR
from pushctl.vendors.vivo.emulator_handsets import token_of
from pushctl.vendors.vivo.emulator_scenarios import BOOK
from pushctl.vendors.vivo.lint_subject import FIELDS

ACCOUNT = Account(
    "production", None, {"app_id": "105500000", "package_name": "com.example.app"}, VENDOR.card.hosts["production"]
)
WORDS = ("--title", "Your order", "--body", "Your parcel is on its way")
ORDER = (*WORDS, "--category", "ORDER")
PUSHES = {
    "system": ORDER,
    "instant message": (*WORDS, "--class", "im"),
    "service": (*WORDS, "--class", "service", "--collapse", "3", "--ttl", "1h", "--data", "n:=1"),
    "operational": (*WORDS, "--class", "marketing"),
    "no class": WORDS,
    "web page": (*ORDER, "--click", "url:https://example.com"),
    "a page of the app": (*ORDER, "--click", "activity:com.example.app/.Order"),
    "test message": ("--title", "test", "--body", "123", "--validate-only"),
}
Send = Callable[..., dict[str, Any]]


@pytest.fixture
def env(sandbox_home: Path, tmp_path: Path) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(sandbox_home), "XDG_CACHE_HOME": str(tmp_path)}


@pytest.fixture
def send(pushctl: Any, env: dict[str, str]) -> Send:
    """Run ``pushctl send --sandbox vivo``; every command has an emulator of its own."""

    def run(*argv: str) -> dict[str, Any]:
        ran = pushctl("send", "--sandbox", "vivo", *argv, "--json", env=env)
        document: dict[str, Any] = json.loads(ran.out)
        assert ran.code == document["exit_code"], document
        return document

    return run


@pytest.mark.parametrize("kind", PUSHES)
def test_a_push_of_each_kind_is_accepted(send: Send, kind: str) -> None:
    document = send(*PUSHES[kind])
    (result,) = document["results"]
    assert (result["outcome"], document["exit_code"]) == ("accepted", 0)
    assert result["message_id"].isdecimal()
    assert not [finding for finding in document["findings"] if finding["level"] == "error"]


@pytest.mark.parametrize("name", [name for name in BOOK.named if name not in ("hang", "slow")])
def test_every_named_scenario_comes_to_what_it_expects(send: Send, name: str) -> None:
    document = send(*WORDS, "--scenario", name)
    (result,) = document["results"]
    expect = BOOK.named[name].expect
    assert (result["outcome"], document["exit_code"]) == (expect["outcome"], expect["exit_code"])
    assert result["code"] == expect.get("code", result["code"])


@pytest.mark.parametrize("code", sorted(BOOK.all.keys() - BOOK.named.keys()))
def test_every_code_comes_to_its_entry(send: Send, code: str) -> None:
    document = send(*ORDER, "--scenario", code)
    (result,) = document["results"]
    expect = BOOK.all[code].expect
    assert (result["outcome"], result["code"], document["exit_code"]) == tuple(expect.values())


def test_a_list_gives_each_regid_its_verdict_and_the_task_to_all(send: Send) -> None:
    tokens = {token_of(): "accepted", token_of("token-dead"): "refused", "v2-" + "n" * 56: "refused"}
    document = send(*ORDER, *(f"--token={token}" for token in tokens))
    assert {row["target"]["value"]: row["outcome"] for row in document["results"]} == tokens
    assert {row["target"]["value"]: row["token_dead"] for row in document["results"]}[token_of("token-dead")] is True
    assert len({row["message_id"] for row in document["results"]}) == 1
    assert document["results"][0]["message_id"].isdecimal()
    assert document["exit_code"] == 9


def test_a_token_that_expired_is_renewed_once_for_a_list_as_well(send: Send) -> None:
    tokens = (f"--token={token_of()}", f"--token={token_of('token-dead')}")
    document = send(*ORDER, *tokens, "--scenario", "auth-expired")
    assert [row["code"] for row in document["results"]] == ["0", "invalidUser/2"]
    document = send(*ORDER, *tokens, "--scenario", "auth-expired-forever")
    assert [row["code"] for row in document["results"]] == ["10000", "10000"]


def test_there_is_no_silent_push(pushctl: Any, env: dict[str, str]) -> None:
    ran = pushctl("send", "--sandbox", "vivo", "--silent", "--data", "a=b", "--json", env=env)
    assert ran.code == 2
    (finding,) = json.loads(ran.out)["findings"]
    assert finding["rule"] == "no-silent"
    assert "notify_type" in finding["fix"]


def test_a_trial_stops_before_it_is_sent_and_goes_through_as_a_test(
    pushctl: Any, env: dict[str, str], send: Send
) -> None:
    ran = pushctl("send", "--sandbox", "vivo", "--title", "test", "--body", "123", "--class", "im", "--json", env=env)
    assert ran.code == 2
    assert {finding["rule"] for finding in json.loads(ran.out)["findings"]} >= {"trivial-text"}
    refused = send("--title", "test", "--body", "123", "--class", "im", "--no-lint")
    assert refused["results"][0]["code"] == "10104"


def test_a_wrong_clock_is_told_from_the_date(send: Send) -> None:
    document = send(*ORDER, "--scenario", "clock-wrong")
    assert document["results"][0]["code"] == "10207"
    assert "clock-wrong" in [finding["rule"] for finding in document["findings"]]


@pytest.mark.parametrize("scenario", ["accepted", "wrong-secret", "auth-expired-forever"])
def test_no_secret_no_signature_and_no_token_is_shown(
    pushctl: Any, env: dict[str, str], sandbox_home: Path, scenario: str
) -> None:
    told = ""
    for more in (("-v",), ("--json", "-v"), ("--dry-run",), ("--as", "curl")):
        ran = pushctl("send", "--sandbox", "vivo", *ORDER, "--scenario", scenario, *more, env=env)
        told += ran.out + ran.err
    files = {path.read_text() for path in sandbox_home.rglob("vivo/app-secret-*.txt")}
    secrets = files - {APP_KEY}  # which one scenario has in its place, and which is no secret
    ran = pushctl("auth", "--sandbox", "vivo", env=env)
    assert secrets
    assert ran.code == 0
    for canary in (*secrets, ran.out.strip()):
        assert canary not in told
    assert '"sign":"$PUSHCTL_SIGN"' in told.replace(" ", "")


def test_questions_come_to_answers(pushctl: Any, env: dict[str, str]) -> None:
    def asked(*argv: str) -> tuple[int, dict[str, Any]]:
        ran = pushctl(*argv, "--sandbox", "vivo", "--json", env=env)
        return ran.code, json.loads(ran.out)

    assert asked("token", "inspect")[0] == 0
    code, document = asked("token", "inspect", token_of("token-dead"))
    assert code == 3
    assert "invalidUser/2" in json.dumps(document)
    assert asked("trace", "571427495104937984")[0] == 0
    assert asked("quota")[0] == 2


# --- lint and the other side's checks --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("vivo-both"), [EMULATOR]).credentials("vivo")


def served(folder: Path, message: Message) -> Act:
    bench = Bench(folder)
    grant = Grant(Secret(bench.token(), "$X"), bench.now, bench.now + 60)
    made = VENDOR.request(ACCOUNT, Job("send", message, (Target("token", LIVE),)), grant, None, Env(bench.now, bytes))
    path = made.url.removeprefix(VENDOR.card.hosts["production"]["push"])
    return bench.post(path, made.body(reveal=True), grant.value.reveal())


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 8)
    | st.sampled_from(["", "x", "https://a.b/c", "ORDER", "order", "SOCIAL", "测试", "a b", "1", 60, 86_400, 90_000]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["callback", "callback.id", "a"]), inner, max_size=2)
    ),
    max_leaves=3,
)
paths = st.sampled_from(
    [
        path
        for path, field in FIELDS.items()
        if field.place == "body"
        and "." not in path
        and path not in ("regId", "alias", "regIds", "aliases", "taskId", "tagExpression", "serverSdkVer")
    ]
)
classes = st.sampled_from([("im", None), ("service", "ORDER"), ("marketing", None), (None, "TODO"), (None, None)])


@given(st.lists(st.tuples(paths, json_values), max_size=2), classes, st.booleans())
def test_what_lint_calls_right_is_taken_and_what_is_refused_lint_had_said(
    folder: Path, pairs: list[tuple[str, Any]], said: tuple[Any, str | None], test: bool
) -> None:
    message = Message(
        title="Your order",
        body="It is on its way",
        klass=said[0],
        category=said[1],
        validate_only=test,
        assignments=tuple(Assignment(path, value) for path, value in pairs),
    )
    target = Target("token", LIVE)
    findings = lint(VENDOR, ACCOUNT, [(message, target)], Env(NOON, bytes))
    if any(finding.rule == "set-conflict" for finding in findings):
        return
    act = served(folder, message)
    serious = [finding.rule for finding in findings if finding.level in ("error", "warning")]
    (verdict,) = VENDOR.judge("send", act.response or Response(0), (target,))
    if verdict.says.outcome != "accepted" and verdict.says.code != "invalidUser/4":
        assert serious, (verdict.says.code, act.note)
    assert verdict.says.code == (act.code or "0")
