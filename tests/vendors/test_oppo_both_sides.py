"""From the command line to the emulated OPPO PUSH and back: what lint lets pass is what the other side takes, and what
that answers is judged as what it meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote_plus

import both_sides_bench
import pytest
from both_sides_bench import Send, accepted, agree, comes_to, comes_to_its_entry, each_code, each_named, fates
from hypothesis import given
from hypothesis import strategies as st
from oppo_emulator_bench import Bench

from pushctl.core.emulated import Act
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, Job
from pushctl.vendors.oppo import VENDOR
from pushctl.vendors.oppo.emulator import EMULATOR
from pushctl.vendors.oppo.emulator_handsets import token_of
from pushctl.vendors.oppo.emulator_scenarios import BOOK
from pushctl.vendors.oppo.hosts import hosts_of
from pushctl.vendors.oppo.lint_subject import FIELDS

ACCOUNT = Account("production", None, {"package_name": "com.example.app"}, hosts_of("heytapmobi.com"))
NOW = 1_700_000_000.0
HELLO = ("--title", "Your order", "--body", "It arrives on Friday", "--channel", "order", "--category", "NEWS")
PUSHES = {
    "bare": ("--title", "Hi", "--body", "There"),
    "news": HELLO,
    "everything": (*HELLO, "--subtitle", "Sub", "--badge", "3", "--collapse", "7", "--ttl", "1h", "--data", "n:=1"),
    "web page": (*HELLO, "--click", "url:https://example.com"),
    "page": (*HELLO, "--click", "activity:com.example.app.Detail"),
    "own scheme": (*HELLO, "--click", "intent:example://detail"),
    "long text": (*HELLO, "--set", "style:=2"),
    "class": ("--title", "Your order", "--body", "It arrives on Friday", "--class", "marketing"),
    "payload": (
        "--payload",
        json.dumps({"notification": {"title": "Your order", "content": "It arrives on Friday", "channel_id": "order"}}),
    ),
}
env, send, folder = both_sides_bench.fixtures("oppo", EMULATOR)


@pytest.mark.parametrize("kind", PUSHES)
def test_a_push_of_each_kind_is_accepted(send: Send, kind: str) -> None:
    result = accepted(send(*PUSHES[kind]))
    assert "-1-1-" in result["message_id"]


@each_named(BOOK)
def test_every_named_scenario_comes_to_what_it_expects(send: Send, name: str) -> None:
    comes_to(send(*HELLO, "--scenario", name), BOOK.named[name])


@each_code(BOOK)
def test_every_code_comes_to_its_entry(send: Send, code: str) -> None:
    comes_to_its_entry(send(*HELLO, "--scenario", code), BOOK.all[code])


# --- regions, batches, broadcasts ------------------------------------------------------------------------------------


TARGETS = {token_of(): "accepted", token_of("token-dead"): "refused", "CN_" + "00" * 16: "refused"}
BROADCAST = (
    'title = "Your order"\nbody = "It arrives"\nchannel = "order"\ncategory = "NEWS"\n[oppo]\nbroadcast = true\n'
)


@pytest.mark.parametrize("way", ["batch", "broadcast"])
@pytest.mark.parametrize("scenario", ["accepted", "auth-expired"])
def test_several_ids_get_a_verdict_each(send: Send, tmp_path: Path, way: str, scenario: str) -> None:
    """Also where the cached token has expired: it is renewed once, before a saved body, too."""
    tokens = [f"--token={token}" for token in TARGETS]
    (tmp_path / "message.toml").write_text(BROADCAST)
    words = ("--message", str(tmp_path / "message.toml")) if way == "broadcast" else HELLO
    document = send(*words, *tokens, "--scenario", scenario)
    assert fates(document) == TARGETS
    assert [row["token_dead"] for row in document["results"]] == [None, True, True]


def test_a_dry_run_shows_each_request_with_nothing_secret(pushctl: Any, env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "message.toml").write_text(BROADCAST)
    tokens = [f"--token={token}" for token in (token_of(), "IN_" + "0a" * 16)]
    message = ("--message", str(tmp_path / "message.toml"))
    ran = pushctl("send", "--sandbox", "oppo", *tokens, *message, "--dry-run", "--json", env=env)
    urls = [request["url"].split("/", 2)[2] for request in json.loads(ran.out)["requests"]]
    cn, intl = "api-push-cn.heytapmobi.com/server/v1/", "api-intl.push.oppomobile.com/server/v1/"
    assert urls == [
        f"{host}{path}"
        for host in (cn, intl)
        for path in ("auth", "message/notification/save_message_content", "message/notification/broadcast")
    ]


def test_ids_of_both_regions_go_each_to_its_own_host_with_its_own_token(
    send: Send, pushctl: Any, env: dict[str, str]
) -> None:
    tokens = json.loads(pushctl("sandbox", "tokens", "oppo", "--json", env=env).out)
    foreign = next(word for word in _texts(tokens) if word.startswith("IN_"))
    document = send(*HELLO, f"--token={token_of()}", f"--token={foreign}")
    assert [row["outcome"] for row in document["results"]] == ["accepted", "accepted"]
    wrong = send(*HELLO, f"--token={foreign.replace('IN_', 'CN_')}")
    assert wrong["results"][0]["code"] == "10000"


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in inner for text in _texts(item)]


# --- what must not happen --------------------------------------------------------------------------------------------


def test_a_silent_push_is_refused_and_nothing_is_sent(pushctl: Any, env: dict[str, str]) -> None:
    ran = pushctl("send", "--sandbox", "oppo", "--silent", "--data", "a=b", env=env)
    assert ran.code == 2
    assert "no silent push" in ran.err
    assert "connection" in ran.err


def test_a_wrong_clock_is_told_from_the_date(send: Send) -> None:
    (result,) = send(*HELLO, "--scenario", "clock-wrong")["results"]
    assert result["code"] == "19"
    assert "clock" in result["causes"][0]


def test_the_commonest_mistake_is_told_first(send: Send) -> None:
    (result,) = send(*HELLO, "--scenario", "app-secret")["results"]
    assert "AppSecret" in result["summary"] + result["causes"][0]


@pytest.mark.parametrize("scenario", ["accepted", "wrong-secret", "auth-expired-forever"])
def test_no_secret_signature_or_token_is_shown(pushctl: Any, env: dict[str, str], scenario: str) -> None:
    told = both_sides_bench.told(pushctl, env, "oppo", *HELLO, "--scenario", scenario)
    secrets = both_sides_bench.secrets(env, "oppo", "master-secret-*.txt") - {_app_key(told)}
    assert len(secrets) > 4
    for canary in (*secrets, *map(quote_plus, secrets), both_sides_bench.granted(pushctl, env, "oppo")):
        assert canary not in told
    assert "auth_token = $PUSHCTL_TOKEN" in told
    assert "$PUSHCTL_SIGN" in told


def _app_key(told: str) -> str:
    """The sandbox's AppKey, which one of its secrets is a copy of."""
    return told.partition("app_key=")[2][:32]


# --- lint and the other side's checks --------------------------------------------------------------------------------


def served(folder: Path, message: Message) -> Act:
    bench = Bench(folder)
    grant = Grant(Secret(bench.token(), "$X"), bench.now, bench.now + 60)
    job = Job("send", message, (Target("token", token_of()),))
    made = VENDOR.request(ACCOUNT, job, grant, None, Env(bench.now, bench.world.nonce))
    form = parse_qsl(made.body(reveal=True).decode(), keep_blank_values=True)
    return bench.post(made.url.removeprefix(ACCOUNT.hosts["push"]), *form)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200) | st.sampled_from(["", "x", "https://a.b", "IM", "NEWS", "{}"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "title"]), inner, max_size=2),
    max_leaves=3,
)
paths = st.sampled_from(
    [
        path.removeprefix("notification.")
        for path in FIELDS
        if path.startswith("notification.") and "call_back" not in path
    ]
)


@given(st.lists(st.tuples(paths, json_values), max_size=2))
def test_what_is_refused_lint_had_said(folder: Path, pairs: list[tuple[str, Any]]) -> None:
    assignments = tuple(Assignment(path, value) for path, value in pairs)
    message = Message(
        title="Your order", body="It arrives on Friday", channel="order", category="NEWS", assignments=assignments
    )
    target = Target("token", token_of())
    agree(VENDOR, ACCOUNT, message, target, lambda: served(folder, message), success="0", now=NOW, cannot_be_written="")
