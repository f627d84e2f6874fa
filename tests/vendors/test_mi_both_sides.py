"""From the command line to the emulated Mi Push and back: what lint lets pass is what the other side takes, and what
that answers is judged as what it meant."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mi_emulator_bench import LIVE, PACKAGE, Bench

from pushctl.core.emulated import Act
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant
from pushctl.core.wire import Response
from pushctl.flows.lint import lint
from pushctl.sandbox import forge
from pushctl.vendors.mi import VENDOR
from pushctl.vendors.mi.emulator import EMULATOR
from pushctl.vendors.mi.emulator_credentials import PRIVATE_CHANNEL, PUBLIC_CHANNEL
from pushctl.vendors.mi.emulator_extras import _NAMES as EMULATED_EXTRAS
from pushctl.vendors.mi.emulator_handsets import token_of
from pushctl.vendors.mi.emulator_message import _PLAIN as EMULATED_FIELDS
from pushctl.vendors.mi.emulator_scenarios import BOOK
from pushctl.vendors.mi.hosts import HOSTS
from pushctl.vendors.mi.judge import CATALOGUE
from pushctl.vendors.mi.lint_subject import FIELDS

APP = {"package_name": PACKAGE, "private_channel_id": PRIVATE_CHANNEL, "public_channel_id": PUBLIC_CHANNEL}
ACCOUNT = Account("production", None, APP, HOSTS["production"])
HELLO = ("--title", "Your order", "--body", "It has been sent today")
PUSHES = {
    "notification": HELLO,
    "chat": (*HELLO, "--class", "im", "--collapse", "order-42", "--ttl", "9d", "--data", "n:=1", "--badge", "3"),
    "marketing": (*HELLO, "--class", "marketing", "--ttl", "1d", "--sound", "bell"),
    "web page": (*HELLO, "--click", "url:https://example.com"),
    "page of the app": (*HELLO, "--click", "activity:.Detail"),
    "only now": (*HELLO, "--ttl", "0"),
    "payload": ("--payload", json.dumps({"title": "Your order", "description": "It has been sent", "extra": {
        "notify_effect": 1, "channel_id": PUBLIC_CHANNEL}, "restricted_package_name": PACKAGE})),
    "set": (*HELLO, "--set", "notify_type=-1", "--set", "extra.ticker=Hi you"),
    "alias": (*HELLO, "--alias", "live"),
    "user": (*HELLO, "--user", "live"),
    "topic": (*HELLO, "--topic", "news"),
}  # fmt: skip
Send = Callable[..., dict[str, Any]]


@pytest.fixture
def env(sandbox_home: Path, tmp_path: Path) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(sandbox_home), "XDG_CACHE_HOME": str(tmp_path)}


@pytest.fixture
def send(pushctl: Any, env: dict[str, str]) -> Send:
    """Run ``pushctl send --sandbox mi``; every command has an emulator of its own."""

    def run(*argv: str) -> dict[str, Any]:
        ran = pushctl("send", "--sandbox", "mi", *argv, "--json", env=env)
        document: dict[str, Any] = json.loads(ran.out)
        assert ran.code == document["exit_code"], document
        return document

    return run


@pytest.mark.parametrize("kind", PUSHES)
def test_a_push_of_each_kind_is_accepted(send: Send, kind: str) -> None:
    document = send(*PUSHES[kind])
    (result,) = document["results"]
    assert (result["outcome"], document["exit_code"]) == ("accepted", 0)
    assert len(result["message_id"]) == 22
    assert not [finding for finding in document["findings"] if finding["level"] == "error"]
    assert [finding["rule"] for finding in document["findings"]].count("treatment") == 1


@pytest.mark.parametrize("name", [name for name in BOOK.named if name not in ("hang", "slow")])
def test_every_named_scenario_comes_to_what_it_expects(send: Send, name: str) -> None:
    document = send(*HELLO, "--scenario", name)
    (result,) = document["results"]
    expect = BOOK.named[name].expect
    assert {"outcome": result["outcome"], "exit_code": document["exit_code"]} == {
        "outcome": expect["outcome"], "exit_code": expect["exit_code"],
    }  # fmt: skip
    assert result["code"] == expect.get("code", result["code"])


@pytest.mark.parametrize("code", sorted(BOOK.all.keys() - BOOK.named.keys()))
def test_every_code_comes_to_its_entry_with_xiaomis_own_words(send: Send, code: str) -> None:
    document = send(*HELLO, "--scenario", code)
    (result,) = document["results"]
    expect = BOOK.all[code].expect
    assert (result["outcome"], result["code"], document["exit_code"]) == tuple(expect.values())
    assert result["term"] == next(entry.term for entry in CATALOGUE.meanings(code)) or result["term"] is None


def test_several_regids_get_a_verdict_each(send: Send) -> None:
    tokens = {LIVE: "accepted", token_of("token-dead"): "refused", "z" * 64: "refused"}
    document = send(*HELLO, *(f"--token={token}" for token in tokens))
    assert {row["target"]["value"]: row["outcome"] for row in document["results"]} == tokens
    assert len({row["message_id"] for row in document["results"]}) == 1
    assert document["exit_code"] == 9


@pytest.mark.parametrize("scenario", ["accepted", "app-key"])
def test_no_secret_is_shown(pushctl: Any, env: dict[str, str], scenario: str) -> None:
    told = ""
    for more in (("-v",), ("--json", "-v"), ("--dry-run",), ("--as", "curl")):
        ran = pushctl("send", "--sandbox", "mi", *HELLO, "--scenario", scenario, *more, env=env)
        told += ran.out + ran.err
    secrets = {path.read_text() for path in Path(env["XDG_STATE_HOME"]).rglob("mi/app-secret-*.txt")}
    assert len(secrets) > 3
    assert not [secret for secret in secrets if secret in told]
    assert "Authorization: key=$PUSHCTL_TOKEN" in told
    assert pushctl("auth", "--sandbox", "mi", env=env).out.strip() in secrets


# --- questions -------------------------------------------------------------------------------------------------------


def test_what_was_sent_can_be_traced_in_another_command(pushctl: Any, env: dict[str, str], send: Send) -> None:
    (result,) = send(*HELLO, "--scenario", "notifications-off")["results"]
    ran = pushctl("trace", "--sandbox", "mi", result["message_id"], env=env)
    assert (ran.code, result["message_id"] in ran.out) == (0, True), ran.out + ran.err


@pytest.mark.parametrize(("scenario", "code"), [("accepted", 0), ("app-key", 4), ("quota", 0)])
def test_the_quota_proves_the_secret(pushctl: Any, env: dict[str, str], scenario: str, code: int) -> None:
    ran = pushctl("quota", "--sandbox", "mi", "--scenario", scenario, env=env)
    assert ran.code == code, ran.out + ran.err
    assert ("quota-used-up" in ran.out) == (scenario == "quota")


@pytest.mark.parametrize("ask", [("topic", "subscribe", "news"), ("topic", "unsubscribe", "news"), ("revoke", "7")])
@pytest.mark.parametrize("packages", [PACKAGE, "com.example.app,com.example.app.pad"])
def test_a_change_is_taken_with_one_package_and_with_several(
    pushctl: Any, env: dict[str, str], tmp_path: Path, ask: tuple[str, ...], packages: str
) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text(
        f'vendor = "mi"\n[credentials]\napp_secret = "env:NOWHERE"\n[app]\npackage_name = "{packages}"\n'
    )
    ran = pushctl(*ask, "--sandbox", "mi", "-p", str(profile), "-t", LIVE, env=env)
    assert ran.code == 0, ran.out + ran.err


# --- lint and the other side's checks --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("mi-both"), [EMULATOR]).credentials("mi")


def served(folder: Path, message: Message) -> Act:
    bench = Bench(folder, strict=True)
    grant = Grant(Secret(bench.secret(), "$X"), 0, 9e9)
    (job,) = VENDOR.plan([(message, Target("token", LIVE))])
    made = VENDOR.request(ACCOUNT, job, grant, None, Env(bench.now, bytes))
    return bench.serve("POST", made.url.removeprefix(ACCOUNT.hosts["push"]), made.body(reveal=True))


values = st.one_of(
    st.booleans(),
    st.none(),
    st.integers(-2, 8),
    st.sampled_from([86_400_000, 10 * 86_400_000, 999, 1000, 1024, 243, 246, 2**31, 10**18, 10**19]),
    st.sampled_from(
        ["", " ", "x", "_x", "a-long-jobkey", "https://a.b", "ftp://a.b", "intent:#Intent;end", "1", "wifi", "字" * 130,
         PRIVATE_CHANNEL, PUBLIC_CHANNEL, "P10002", PACKAGE, "{}", "true"]
    ),
    st.just({}),
    st.just({"keywords1": "SF123"}),
    st.lists(st.integers(), max_size=1),
)  # fmt: skip
TARGETS = ("registration_id", "alias", "user_account", "topic", "topics", "topic_op")
paths = st.sampled_from([path for path, one in FIELDS.items() if one.place == "body" and path not in TARGETS])


@given(st.lists(st.tuples(paths | st.just("extra.own"), values), max_size=3))
def test_what_lint_calls_right_is_taken_and_what_is_refused_lint_had_said(
    folder: Path, pairs: list[tuple[str, Any]]
) -> None:
    assignments = tuple(Assignment(path, value) for path, value in pairs)
    message = Message(title="Your order", body="It has been sent", klass="marketing", assignments=assignments)
    target = Target("token", LIVE)
    findings = lint(VENDOR, ACCOUNT, [(message, target)], Env(1_795_714_621.0, bytes))
    if any(finding.rule == "form-value" for finding in findings):
        return
    act = served(folder, message)
    serious = [finding.rule for finding in findings if finding.level in ("error", "warning")]
    if act.code is not None:
        assert serious, (act.code, act.rule, act.note)
    (verdict,) = VENDOR.judge("send", act.response or Response(0), (target,))
    assert verdict.says.code == (act.code or "0")


def test_the_two_sides_know_the_same_fields() -> None:
    body = {path for path, field in FIELDS.items() if field.place == "body" and not field.retired}
    extras = {path.removeprefix("extra.") for path in body if path.startswith("extra.")}
    assert {name for name in extras if "style_button" not in name} == EMULATED_EXTRAS
    assert {path for path in body if not path.startswith("extra.")} == EMULATED_FIELDS
