"""From the command line to the emulated Honor and back: what lint lets pass is what the other side takes, and what that
answers is judged as what it meant."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from huawei_emulator_bench import Bench
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.emulated import Act
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, Job
from pushctl.core.wire import Response
from pushctl.flows.lint import lint
from pushctl.sandbox import forge
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
Send = Callable[..., dict[str, Any]]


@pytest.fixture
def send(pushctl: Any, sandbox_home: Path, tmp_path: Path) -> Send:
    """Run ``pushctl send --sandbox honor``; every command has an emulator of its own."""

    def run(*argv: str) -> dict[str, Any]:
        env = {"XDG_STATE_HOME": str(sandbox_home), "XDG_CACHE_HOME": str(tmp_path)}
        ran = pushctl("send", "--sandbox", "honor", *argv, "--json", env=env)
        document: dict[str, Any] = json.loads(ran.out)
        assert ran.code == document["exit_code"], document
        return document

    return run


@pytest.mark.parametrize("kind", PUSHES)
def test_a_push_of_each_kind_is_accepted(send: Send, kind: str) -> None:
    document = send(*PUSHES[kind])
    (result,) = document["results"]
    assert (result["outcome"], document["exit_code"]) == ("accepted", 0)
    assert result["message_id"].startswith(f"{APP}-")
    assert not [finding for finding in document["findings"] if finding["level"] == "error"]


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
def test_every_code_comes_to_its_entry(send: Send, code: str) -> None:
    document = send(*HELLO, "--scenario", code)
    (result,) = document["results"]
    expect = BOOK.all[code].expect
    assert (result["outcome"], result["code"], document["exit_code"]) == tuple(expect.values())
    if code.startswith("8") and result["outcome"] == "refused" and code != "80100000":
        assert result["confidence"] == "low"


def test_several_tokens_get_a_verdict_each(send: Send) -> None:
    tokens = {token_of(): "accepted", token_of("token-dead"): "refused", "never-given-out": "refused"}
    document = send(*HELLO, *(f"--token={token}" for token in tokens))
    assert {row["target"]["value"]: row["outcome"] for row in document["results"]} == tokens
    assert [row["token_dead"] for row in document["results"]] == [None, True, None]
    assert document["exit_code"] == 9


def test_a_wrong_clock_is_told_from_the_date(send: Send) -> None:
    document = send(*HELLO, "--scenario", "clock-wrong")
    assert "clock-wrong" in [finding["rule"] for finding in document["findings"]]


def test_the_commonest_mistake_is_told_in_its_own_words(send: Send) -> None:
    (result,) = send(*HELLO, "--scenario", "app-secret")["results"]
    assert "app id and app secret" in result["causes"][0]


@pytest.mark.parametrize("scenario", ["accepted", "wrong-secret", "auth-expired-forever"])
def test_no_secret_and_no_access_token_is_shown(
    pushctl: Any, sandbox_home: Path, tmp_path: Path, scenario: str
) -> None:
    env = {"XDG_STATE_HOME": str(sandbox_home), "XDG_CACHE_HOME": str(tmp_path)}
    told = ""
    for more in (("-v",), ("--json", "-v"), ("--dry-run",), ("--as", "curl")):
        ran = pushctl("send", "--sandbox", "honor", *HELLO, "--scenario", scenario, *more, env=env)
        told += ran.out + ran.err
    ran = pushctl("auth", "--sandbox", "honor", env=env)
    secrets = {path.read_text() for path in sandbox_home.rglob("honor/client-secret-*.txt")}
    assert len(secrets) == 5
    assert ran.code == 0
    for canary in (*secrets, *map(quote_plus, secrets), ran.out.strip()):
        assert canary not in told


def test_a_profile_keeps_its_app_and_its_older_hosts_in_the_sandbox(
    pushctl: Any, sandbox_home: Path, tmp_path: Path
) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text(
        'vendor = "honor"\n[credentials]\nclient_id = "x"\nclient_secret = "env:NOWHERE"\n'
        '[app]\napp_id = "104777777"\ndomain = "hihonor.com"\n'
    )
    env = {"XDG_STATE_HOME": str(sandbox_home), "XDG_CACHE_HOME": str(tmp_path)}
    ran = pushctl("send", "--sandbox", "honor", "-p", str(profile), *HELLO, "-v", env=env)
    assert ran.code == 0, ran.out + ran.err
    assert "https://push-api.cloud.hihonor.com/api/v1/104777777/sendMessage" in ran.out + ran.err


# --- lint and the other side's checks --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("honor-both"), [EMULATOR]).credentials("honor")


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
    message = Message(assignments=assignments, **words)  # type: ignore[arg-type]
    target = Target("token", token_of())
    findings = lint(VENDOR, ACCOUNT, [(message, target)], Env(0, bytes))
    if any(finding.rule == "set-conflict" for finding in findings):
        return
    act = served(folder, message)
    serious = [finding.rule for finding in findings if finding.level in ("error", "warning")]
    if act.code is not None:
        assert serious, (act.code, act.note)
    (verdict,) = VENDOR.judge("send", act.response or Response(0), (target,))
    assert verdict.says.code == (act.code or "200")


def test_the_two_sides_know_the_same_fields(folder: Path) -> None:
    values = {"string": "x", "integer": 1, "boolean": True, "object": {}, "objects": [], "strings": ["x"]}
    for path, field in FIELDS.items():
        if field.place == "body" and ".buttons." not in path and path != "token":
            wrong = Message(title="Hi", body="There", assignments=(Assignment(path, {"zzz": 1}),))
            act = served(folder, wrong)
            assert act.code == "80100003", path
            right = Message(title="Hi", body="There", assignments=(Assignment(path, values[field.type[0]]),))
            assert "not a known field" not in served(folder, right).note, path
