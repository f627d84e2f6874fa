"""From the command line to the emulated Honor and back: what lint lets pass is what the other side takes, and what that
answers is judged as what it meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import both_sides_bench
import pytest
from both_sides_bench import Send, accepted, agree, comes_to, comes_to_its_entry, each_code, each_named, fates
from huawei_emulator_bench import Bench
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.emulated import Act
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, Job
from pushctl.vendors.honor import VENDOR
from pushctl.vendors.honor.emulator import EMULATOR
from pushctl.vendors.honor.emulator_credentials import APP
from pushctl.vendors.honor.emulator_handsets import token_of
from pushctl.vendors.honor.emulator_scenarios import BOOK
from pushctl.vendors.honor.hosts import HOSTS
from pushctl.vendors.honor.lint_subject import FIELDS

ACCOUNT = Account("production", None, {"app_id": APP, "package_name": "com.example.app"}, HOSTS["production"])
HELLO = ("--title", "Hi", "--body", "There")
PUSHES = {
    "notification": HELLO,
    "silent": ("--silent", "--data", "cmd=sync"),
    "service": (*HELLO, "--class", "service", "--badge", "3", "--collapse", "a", "--ttl", "1h", "--data", "n:=1"),
    "web page": (*HELLO, "--click", "url:https://example.com", "--image", "https://example.com/a.png"),
    "big text": (
        *HELLO,
        *(f"--set=android.notification.{each}" for each in ("style:=1", "bigTitle=Hi", "bigBody=There")),
    ),
    "test message": (*HELLO, "--set", "android.targetUserType:=1"),
}
env, send, folder = both_sides_bench.fixtures("honor", EMULATOR)


@pytest.mark.parametrize("kind", PUSHES)
def test_a_push_of_each_kind_is_accepted(send: Send, kind: str) -> None:
    result = accepted(send(*PUSHES[kind]), treatments=0)
    assert result["message_id"].startswith(f"{APP}-")


@each_named(BOOK)
def test_every_named_scenario_comes_to_what_it_expects(send: Send, name: str) -> None:
    comes_to(send(*HELLO, "--scenario", name), BOOK.named[name])


@each_code(BOOK)
def test_every_code_comes_to_its_entry(send: Send, code: str) -> None:
    result = comes_to_its_entry(send(*HELLO, "--scenario", code), BOOK.all[code])
    if code.startswith("8") and result["outcome"] == "refused" and code != "80100000":
        assert result["confidence"] == "low"


def test_several_tokens_get_a_verdict_each(send: Send) -> None:
    tokens = {token_of(): "accepted", token_of("token-dead"): "refused", "never-given-out": "refused"}
    document = send(*HELLO, *(f"--token={token}" for token in tokens))
    assert fates(document) == tokens
    assert [row["token_dead"] for row in document["results"]] == [None, True, None]


def test_a_wrong_clock_is_told_from_the_date(send: Send) -> None:
    document = send(*HELLO, "--scenario", "clock-wrong")
    assert "clock-wrong" in [finding["rule"] for finding in document["findings"]]


def test_the_commonest_mistake_is_told_in_its_own_words(send: Send) -> None:
    (result,) = send(*HELLO, "--scenario", "app-secret")["results"]
    assert "app id and app secret" in result["causes"][0]


@pytest.mark.parametrize("scenario", ["accepted", "wrong-secret", "auth-expired-forever"])
def test_no_secret_and_no_access_token_is_shown(pushctl: Any, env: dict[str, str], scenario: str) -> None:
    told = both_sides_bench.told(pushctl, env, "honor", *HELLO, "--scenario", scenario)
    secrets = both_sides_bench.secrets(env, "honor", "client-secret-*.txt")
    assert len(secrets) == 5
    for canary in (*secrets, *map(quote_plus, secrets), both_sides_bench.granted(pushctl, env, "honor")):
        assert canary not in told
    assert "Authorization: Bearer $PUSHCTL_TOKEN" in told


def test_a_profile_keeps_its_app_and_its_older_hosts_in_the_sandbox(
    pushctl: Any, env: dict[str, str], tmp_path: Path
) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text(
        'vendor = "honor"\n[credentials]\nclient_id = "x"\nclient_secret = "env:NOWHERE"\n'
        '[app]\napp_id = "104777777"\ndomain = "hihonor.com"\n'
    )
    ran = pushctl("send", "--sandbox", "honor", "-p", str(profile), *HELLO, "-v", env=env)
    assert ran.code == 0, ran.out + ran.err
    assert "https://push-api.cloud.hihonor.com/api/v1/104777777/sendMessage" in ran.out + ran.err


# --- lint and the other side's checks --------------------------------------------------------------------------------


def served(folder: Path, message: Message) -> Act:
    bench = Bench(EMULATOR, folder)
    issued = bench.token_call(path="/auth/token", client_id="hon-client-1").response
    assert issued is not None
    grant = Grant(Secret(json.loads(issued.body)["access_token"], "$X"), bench.now, bench.now + 60)
    target = Target("token", token_of())
    made = VENDOR.request(ACCOUNT, Job("send", message, (target,)), grant, None, Env(bench.now, bytes))
    headers = {name.lower().replace("-", "_"): value for name, value in made.headers if name != "Authorization"}
    path = made.url.removeprefix(HOSTS["production"]["push"])
    told = {name: str(value) for name, value in headers.items()}
    return bench.post(path, made.body(reveal=True), f"Bearer {grant.value.reveal()}", **told)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200) | st.sampled_from(["", "x", "https://a.b", "LOW", "60s", "0s"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["type", "url", "name", "actionType", "setNum", "intent"]), inner, max_size=3)
    ),
    max_leaves=4,
)
paths = st.sampled_from([path for path, field in FIELDS.items() if field.place == "body" and path != "token"])


@given(st.lists(st.tuples(paths, json_values), max_size=2), st.booleans())
def test_what_lint_calls_right_is_taken_and_what_is_refused_lint_had_said(
    folder: Path, pairs: list[tuple[str, Any]], quiet: bool
) -> None:
    assignments = tuple(Assignment(path, value) for path, value in pairs)
    words = {"silent": True, "data": {"a": "b"}} if quiet else {"title": "Hi", "body": "There"}
    message = Message(assignments=assignments, **words)
    target = Target("token", token_of())
    agree(VENDOR, ACCOUNT, message, target, lambda: served(folder, message), success="200")


def test_the_two_sides_know_the_same_fields(folder: Path) -> None:
    values = {"string": "x", "integer": 1, "boolean": True, "object": {}, "objects": [], "strings": ["x"]}
    for path, field in FIELDS.items():
        if field.place == "body" and ".buttons." not in path and path != "token":
            wrong = Message(title="Hi", body="There", assignments=(Assignment(path, {"zzz": 1}),))
            act = served(folder, wrong)
            assert act.code == "80100003", path
            right = Message(title="Hi", body="There", assignments=(Assignment(path, values[field.type[0]]),))
            assert "not a known field" not in served(folder, right).note, path
