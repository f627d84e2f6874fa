"""From the command line to the emulated Mi Push and back: what lint lets pass is what the other side takes, and what
that answers is judged as what it meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import both_sides_bench
import pytest
from both_sides_bench import Send, accepted, agree, comes_to, comes_to_its_entry, each_code, each_named, fates
from hypothesis import given
from hypothesis import strategies as st
from mi_emulator_bench import LIVE, PACKAGE, Bench

from pushctl.core.emulated import Act
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant
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
env, send, folder = both_sides_bench.fixtures("mi", EMULATOR)


@pytest.mark.parametrize("kind", PUSHES)
def test_a_push_of_each_kind_is_accepted(send: Send, kind: str) -> None:
    result = accepted(send(*PUSHES[kind]))
    assert len(result["message_id"]) == 22


@each_named(BOOK)
def test_every_named_scenario_comes_to_what_it_expects(send: Send, name: str) -> None:
    comes_to(send(*HELLO, "--scenario", name), BOOK.named[name])


@each_code(BOOK)
def test_every_code_comes_to_its_entry_with_xiaomis_own_words(send: Send, code: str) -> None:
    result = comes_to_its_entry(send(*HELLO, "--scenario", code), BOOK.all[code])
    assert result["term"] == next(entry.term for entry in CATALOGUE.meanings(code)) or result["term"] is None


def test_several_regids_get_a_verdict_each(send: Send) -> None:
    tokens = {LIVE: "accepted", token_of("token-dead"): "refused", "z" * 64: "refused"}
    document = send(*HELLO, *(f"--token={token}" for token in tokens))
    assert fates(document) == tokens
    assert len({row["message_id"] for row in document["results"]}) == 1


@pytest.mark.parametrize("scenario", ["accepted", "app-key"])
def test_no_secret_is_shown(pushctl: Any, env: dict[str, str], scenario: str) -> None:
    told = both_sides_bench.told(pushctl, env, "mi", *HELLO, "--scenario", scenario)
    secrets = both_sides_bench.secrets(env, "mi", "app-secret-*.txt")
    assert len(secrets) > 3
    assert not [secret for secret in secrets if secret in told]
    assert "Authorization: key=$PUSHCTL_TOKEN" in told
    assert both_sides_bench.granted(pushctl, env, "mi") in secrets


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
    agree(
        VENDOR,
        ACCOUNT,
        message,
        target,
        lambda: served(folder, message),
        success="0",
        now=1_795_714_621.0,
        cannot_be_written="form-value",
    )


def test_the_two_sides_know_the_same_fields() -> None:
    body = {path for path, field in FIELDS.items() if field.place == "body" and not field.retired}
    extras = {path.removeprefix("extra.") for path in body if path.startswith("extra.")}
    assert {name for name in extras if "style_button" not in name} == EMULATED_EXTRAS
    assert {path for path in body if not path.startswith("extra.")} == EMULATED_FIELDS
