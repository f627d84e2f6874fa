"""From the command line to the emulated vivo and back: what lint lets pass is what the other side takes, and what that
answers is judged as what it meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import both_sides_bench
import pytest
from both_sides_bench import Send, accepted, agree, comes_to, comes_to_its_entry, each_code, each_named, fates
from hypothesis import given
from hypothesis import strategies as st
from vivo_emulator_bench import APP_KEY, LIVE, NOON, Bench

from pushctl.core.emulated import Act
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, Job
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
env, send, folder = both_sides_bench.fixtures("vivo", EMULATOR)


@pytest.mark.parametrize("kind", PUSHES)
def test_a_push_of_each_kind_is_accepted(send: Send, kind: str) -> None:
    result = accepted(send(*PUSHES[kind]))
    assert result["message_id"].isdecimal()


@each_named(BOOK)
def test_every_named_scenario_comes_to_what_it_expects(send: Send, name: str) -> None:
    comes_to(send(*WORDS, "--scenario", name), BOOK.named[name])


@each_code(BOOK)
def test_every_code_comes_to_its_entry(send: Send, code: str) -> None:
    comes_to_its_entry(send(*ORDER, "--scenario", code), BOOK.all[code])


def test_a_list_gives_each_regid_its_verdict_and_the_task_to_all(send: Send) -> None:
    tokens = {token_of(): "accepted", token_of("token-dead"): "refused", "v2-" + "n" * 56: "refused"}
    document = send(*ORDER, *(f"--token={token}" for token in tokens))
    assert fates(document) == tokens
    assert {row["target"]["value"]: row["token_dead"] for row in document["results"]}[token_of("token-dead")] is True
    assert len({row["message_id"] for row in document["results"]}) == 1
    assert document["results"][0]["message_id"].isdecimal()


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
def test_no_secret_no_signature_and_no_token_is_shown(pushctl: Any, env: dict[str, str], scenario: str) -> None:
    told = both_sides_bench.told(pushctl, env, "vivo", *ORDER, "--scenario", scenario)
    # One scenario has the AppKey in the secret's place, and that is no secret.
    secrets = both_sides_bench.secrets(env, "vivo", "app-secret-*.txt") - {APP_KEY}
    assert secrets
    for canary in (*secrets, both_sides_bench.granted(pushctl, env, "vivo")):
        assert canary not in told
    assert "authToken: $PUSHCTL_TOKEN" in told
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
    agree(
        VENDOR,
        ACCOUNT,
        message,
        target,
        lambda: served(folder, message),
        success="0",
        now=NOON,
        not_lints={"invalidUser/4"},
    )
