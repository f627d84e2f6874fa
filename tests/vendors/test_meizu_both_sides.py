"""From the command line to the emulated Flyme Push and back: what lint lets pass is what the other side takes, and what
that answers is judged as what it meant."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meizu_emulator_bench import FORM, Bench

from pushctl.core.emulated import Act, Seen
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant
from pushctl.core.wire import Response
from pushctl.flows.lint import lint
from pushctl.sandbox import forge
from pushctl.vendors.meizu import VENDOR, auth
from pushctl.vendors.meizu.emulator import EMULATOR
from pushctl.vendors.meizu.emulator_credentials import APP, file_of
from pushctl.vendors.meizu.emulator_handsets import token_of
from pushctl.vendors.meizu.emulator_scenarios import BOOK
from pushctl.vendors.meizu.emulator_tasks import FINISHED_TASK
from pushctl.vendors.meizu.hosts import REGIONS
from pushctl.vendors.meizu.lint_subject import FIELDS

ACCOUNT = Account("production", None, {"app_id": APP, "package_name": "com.example.app"}, REGIONS["mainland"])
HELLO = ("--title", "Your order", "--body", "It has been sent today")
PUSHES = {
    "notification": HELLO,
    "chat": (*HELLO, "--class", "im", "--collapse", "order-42", "--ttl", "1h", "--data", "n:=1"),
    "marketing": (*HELLO, "--class", "marketing", "--sound", "none"),
    "web page": (*HELLO, "--click", "url:https://example.com"),
    "page of the app": (*HELLO, "--click", "activity:com.example.app.Detail"),
    "not kept": (*HELLO, "--ttl", "0"),
    "payload": ("--payload", '{"noticeBarInfo": {"title": "Your order", "content": "It has been sent"}}'),
    "set": (*HELLO, "--set", "advanceInfo.suspend:=false", "--set", "noticeBarInfo.noticeBarType:=2"),
}
Send = Callable[..., dict[str, Any]]


@pytest.fixture
def env(sandbox_home: Path, tmp_path: Path) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(sandbox_home), "XDG_CACHE_HOME": str(tmp_path)}


@pytest.fixture
def send(pushctl: Any, env: dict[str, str]) -> Send:
    """Run ``pushctl send --sandbox meizu``; every command has an emulator of its own."""

    def run(*argv: str) -> dict[str, Any]:
        ran = pushctl("send", "--sandbox", "meizu", *argv, "--json", env=env)
        document: dict[str, Any] = json.loads(ran.out)
        assert ran.code == document["exit_code"], document
        return document

    return run


@pytest.mark.parametrize("kind", PUSHES)
def test_a_push_of_each_kind_is_accepted(send: Send, kind: str) -> None:
    document = send(*PUSHES[kind])
    (result,) = document["results"]
    assert (result["outcome"], document["exit_code"]) == ("accepted", 0)
    assert len(result["message_id"]) == 32
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
def test_every_code_comes_to_its_entry_with_meizus_own_words(send: Send, code: str) -> None:
    document = send(*HELLO, "--scenario", code)
    (result,) = document["results"]
    expect = BOOK.all[code].expect
    assert (result["outcome"], result["code"], document["exit_code"]) == tuple(expect.values())
    assert result["term"] or code == "300" or code.startswith("http/")


def test_a_silent_push_is_refused_before_anything_is_sent(pushctl: Any, env: dict[str, str]) -> None:
    ran = pushctl("send", "--sandbox", "meizu", "--silent", "--data", "a=b", env=env)
    assert ran.code == 2
    assert "2018-06-16" in ran.err


def test_several_targets_get_a_verdict_each(send: Send) -> None:
    tokens = {token_of(): "accepted", token_of("token-dead"): "refused", f"XXX{'0' * 42}": "refused"}
    document = send(*HELLO, *(f"--token={token}" for token in tokens))
    assert {row["target"]["value"]: row["outcome"] for row in document["results"]} == tokens
    assert len({row["message_id"] for row in document["results"]}) == 1
    assert document["exit_code"] == 9


def test_a_message_is_deposited_once_and_its_numbers_can_be_asked_for(
    pushctl: Any, env: dict[str, str], tmp_path: Path
) -> None:
    message = tmp_path / "task.toml"
    message.write_text('title = "Your order"\nbody = "It has been sent today"\n[meizu]\ntask = true\n')
    targets = (f"--token={token_of()}", f"--token={token_of('switch-off')}", "--alias=nobody")
    ran = pushctl("send", "--sandbox", "meizu", "--message", str(message), *targets, "--json", "-v", env=env)
    document = json.loads(ran.out)
    assert {row["code"] for row in document["results"]} == {"200", "target/110010", "target/110005"}
    assert [finding["rule"] for finding in document["findings"]].count("task-id") == 1


def test_the_commonest_mistake_is_told_in_its_own_words(send: Send) -> None:
    (result,) = send(*HELLO, "--scenario", "app-key")["results"]
    assert "AppKey" in result["causes"][0]


@pytest.mark.parametrize("scenario", ["accepted", "wrong-secret"])
def test_no_secret_and_no_signature_is_shown(pushctl: Any, env: dict[str, str], scenario: str) -> None:
    told = ""
    for more in (("-v",), ("--json", "-v"), ("--dry-run",), ("--as", "curl")):
        ran = pushctl("send", "--sandbox", "meizu", *HELLO, "--scenario", scenario, *more, env=env)
        told += ran.out + ran.err
    secrets = {path.read_text() for path in Path(env["XDG_STATE_HOME"]).rglob("meizu/app-*.txt")}
    assert len(secrets) > 3
    for secret in secrets:
        assert secret not in told
    assert "sign=$PUSHCTL_SIGN" in told
    assert pushctl("auth", "--sandbox", "meizu", env=env).out.strip() in secrets


# --- questions, and the other region ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code", "bar"),
    [
        ("", 0, "1 (on)"),
        ("switch-off", 0, "0 (off)"),
        ("token-dead", 3, ""),
        ("token-bad", 3, ""),
    ],
)
def test_a_pushid_can_be_asked_about_without_a_push(
    pushctl: Any, env: dict[str, str], name: str, code: int, bar: str
) -> None:
    ran = pushctl("token", "inspect", "--sandbox", "meizu", token_of(name), env=env)
    assert ran.code == code, ran.out + ran.err
    told = " ".join(ran.out.split())
    assert (f"barTypeSwitch {bar}" in told) if bar else ("barTypeSwitch" not in told)


def test_there_is_always_a_task_and_a_day_to_trace(pushctl: Any, env: dict[str, str]) -> None:
    for which in ((str(FINISHED_TASK),), ()):
        ran = pushctl("trace", "--sandbox", "meizu", *which, env=env)
        assert (ran.code, "targetNo" in ran.out) == (0, True), ran.out + ran.err
    assert pushctl("trace", "--sandbox", "meizu", "1", env=env).code == 3


@pytest.mark.parametrize("region", ["mainland", "overseas"])
def test_a_profile_keeps_its_app_and_its_region_in_the_sandbox(
    pushctl: Any, env: dict[str, str], tmp_path: Path, region: str
) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text(
        f'vendor = "meizu"\n[credentials]\napp_secret = "env:NOWHERE"\n[app]\napp_id = "777777"\nregion = "{region}"\n'
    )
    ran = pushctl("send", "--sandbox", "meizu", "-p", str(profile), *HELLO, "-v", env=env)
    assert ran.code == 0, ran.out + ran.err
    host = "server-api-push.in.meizu.com" if region == "overseas" else "server-api-push.meizu.com"
    assert f"https://{host}/garcia/api/server/push/varnished/pushByPushId" in ran.out + ran.err


def test_aliases_have_verdicts_of_their_own(send: Send) -> None:
    document = send(*HELLO, "--alias", "sandbox", "--alias", "switch-off", "--alias", "nobody")
    assert [row["code"] for row in document["results"]] == ["200", "target/110005", "target/110005"]


# --- lint and the other side's checks --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("meizu-both"), [EMULATOR]).credentials("meizu")


def signed(bench: Bench, parameters: dict[str, str]) -> bytes:
    """A form of these parameters, in the sandbox's own app."""
    secret = Secret((bench.folder / file_of("secret-own")).read_text(), "$X")
    told = {**parameters, "appId": APP}
    return urlencode({**told, "sign": auth.sign(told, secret).reveal()}).encode()


def served(folder: Path, message: Message, *, strict: bool = True) -> Act:
    bench = Bench(folder, strict=strict)
    grant = Grant(Secret((folder / file_of("secret-own")).read_text(), "$X"), 0, 9e9)
    (job,) = VENDOR.plan([(message, Target("token", token_of()))])
    made = VENDOR.request(ACCOUNT, job, grant, None, Env(bench.now, bytes))
    path = made.url.removeprefix(ACCOUNT.hosts["push"])
    return bench.serve(Seen("POST", path, (FORM,), made.body(reveal=True)))


values = st.one_of(
    st.booleans(),
    st.none(),
    st.integers(-2, 4),
    st.sampled_from([24, 72, 73, 1800, 7201]),
    st.sampled_from(["", "x", "https://a.b", "com.a.B", "1", "#206CFF", "2026-01-31 08:00:00", "order-424", "字" * 40]),
    st.just({}),
    st.just({"zzz": 1}),
    st.lists(st.integers(), max_size=1),
)
paths = st.sampled_from(
    [path.replace("callback.", "callback\\.") for path, one in FIELDS.items() if one.place == "body"]
)


@given(st.lists(st.tuples(paths, values), max_size=3))
def test_what_lint_calls_right_is_taken_and_what_is_refused_lint_had_said(
    folder: Path, pairs: list[tuple[str, Any]]
) -> None:
    assignments = tuple(Assignment(path, value) for path, value in pairs)
    message = Message(title="Your order", body="It has been sent", klass="service", assignments=assignments)
    target = Target("token", token_of())
    findings = lint(VENDOR, ACCOUNT, [(message, target)], Env(0, bytes))
    if any(finding.rule == "set-conflict" for finding in findings):
        return
    act = served(folder, message)
    serious = [finding.rule for finding in findings if finding.level in ("error", "warning")]
    if act.code is not None:
        assert serious, (act.code, act.note)
    (verdict,) = VENDOR.judge("send", act.response or Response(0), (target,))
    assert verdict.says.code.removeprefix("target/") == (act.code or "200").removeprefix("target/")


def test_the_two_sides_know_the_same_fields(folder: Path) -> None:
    for path, field in FIELDS.items():
        if field.place == "body":
            place = path.replace("callback.", "callback\\.")
            wrong = Message(title="Hi you", body="There", assignments=(Assignment(place, [["zzz"]]),))
            act = served(folder, wrong)
            assert act.code in ("1005", "110004") or path == "clickTypeInfo.parameters", path
            assert "not a known field" not in act.note, (path, act.note)


FOREIGN = json.loads((Path(__file__).parents[1] / "cases" / "meizu" / "foreign.json").read_text("utf-8"))["pushes"]


@pytest.mark.parametrize("case", FOREIGN, ids=lambda case: f"{case['client'].split(' ')[0]}: {case['name']}")
@pytest.mark.parametrize("strict", [True, False])
def test_the_emulated_service_gets_on_with_what_others_send(folder: Path, case: dict[str, Any], strict: bool) -> None:
    """Their very bodies, for a phone, packages and a task that this service knows."""
    bench, sent = Bench(folder, strict=strict), dict(parse_qsl(case["body"], keep_blank_values=True))
    del sent["sign"]
    if "pushIds" in sent:
        sent["pushIds"] = token_of()
    if "restrictedPackageNames" in sent:
        sent["restrictedPackageNames"] = "com.example.app,com.example.app.lite"
    if "taskId" in sent:
        made = bench.call(
            "push/pushTask/getTaskId", pushType="0", messageJson='{"noticeBarInfo":{"title":"a b","content":"c"}}'
        )
        assert made.response is not None
        sent["taskId"] = str(json.loads(made.response.body)["value"]["taskId"])
    act = bench.serve(Seen("POST", case["path"], (FORM,), signed(bench, sent)))
    assert act.response is not None
    answer = json.loads(act.response.body)
    assert answer["code"] == "200", act.note
    if "alias" in sent:
        assert answer["value"] in ({}, {"110005": ["bob"]})
    elif "pushIds" in sent:
        assert answer["value"] == {}
