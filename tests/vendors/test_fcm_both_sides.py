"""What lint lets pass is what the other side takes, and what that answers is judged as what it meant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fcm_emulator_bench import Bench
from hypothesis import given, settings
from hypothesis import strategies as st

from pushctl.core.emulated import Act, Peer, Seen
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.vendor import Account, Env
from pushctl.core.verdict import Judgement
from pushctl.core.wire import Response
from pushctl.flows.lint import lint
from pushctl.sandbox import forge
from pushctl.vendors.fcm import VENDOR
from pushctl.vendors.fcm import __file__ as module
from pushctl.vendors.fcm.emulator import EMULATOR
from pushctl.vendors.fcm.emulator_answers import Refusal, answers, call_of, refused
from pushctl.vendors.fcm.emulator_handsets import live
from pushctl.vendors.fcm.hosts import HOSTS
from pushctl.vendors.fcm.judge import CATALOGUE
from pushctl.vendors.fcm.lint_subject import FIELDS

NOW = 1767323045
ACCOUNT = Account("production", None, {"project_id": "demo-project"}, HOSTS["production"])


@cache
def schema() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((Path(module).parent / "emulator_fields.json").read_text("utf-8"))
    return read


def paths(message: str, parent: str = "") -> Iterator[tuple[str, str]]:
    """Every path of the other side's schema below a protobuf message, with its type."""
    for name, kind in schema()["messages"][message].items():
        yield f"{parent}{name}", kind
        if kind in schema()["messages"]:
            yield from paths(kind, f"{parent}{name}.")


def is_free(path: str) -> bool:
    """Below a map or a struct everything is the user's, and only one side knows some names."""
    return path.startswith(("webpush.notification.", "webpush.headers.", "apns.headers.", "apns.payload."))


def test_the_two_sides_know_the_same_fields_of_the_same_types() -> None:
    types = {
        "string": "string", "bool": "boolean", "int32": "integer", "double": "number", "duration": "duration",
        "duration[]": "durations", "string[]": "strings", "timestamp": "timestamp", "map": "string map",
    }  # fmt: skip
    enums = schema()["enums"]
    theirs = {path: "string" if kind in enums else types.get(kind, "object") for path, kind in paths("Message")}
    ours = {path: field.type[0] for path, field in FIELDS.items() if field.place == "body" and not is_free(path)}

    assert ours.pop("validate_only") == "boolean"
    assert ours == theirs


def test_the_two_sides_know_the_same_values() -> None:
    enums = schema()["enums"]
    for path, kind in paths("Message"):
        if kind in enums:
            assert {value for value in FIELDS[path].values if value.isupper()} == set(enums[kind]), path


def says(act: Act) -> Judgement:
    assert act.response is not None
    answer = Response(act.response.status, act.response.headers, act.response.body)
    (verdict,) = VENDOR.judge("send", answer, None)
    return verdict.says


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("fcm"), [EMULATOR]).credentials("fcm")


@pytest.fixture(scope="module")
def bench(folder: Path) -> Bench:
    return Bench(folder)


@pytest.mark.parametrize("code", answers())
def test_what_the_other_side_means_is_what_we_understand(code: str, bench: Bench) -> None:
    head = (("x-goog-api-format-version", "2"),)
    call = call_of(Seen("POST", "/x", head, b"", "fcm.googleapis.com"), Peer(EMULATOR.listeners[0], 1), bench.world)
    said = refused(call, Refusal(code, "test"))
    judged = says(said)

    entry = CATALOGUE.find(code)
    assert entry is not None
    assert (judged.category, judged.token_dead) == (entry.category, entry.token_dead)
    # A code may be told more exactly; and what APNs said is a part of an answer, behind the FcmError that FCM chose.
    told = (judged.code, judged.code.partition("/")[0])
    assert code in told or "ApnsError" in str(said.response)


words = st.none() | st.text(st.characters(codec="utf-8", min_codepoint=32), min_size=1, max_size=12)
messages = st.builds(
    Message,
    title=words, subtitle=words, body=words, sound=words, collapse=words, channel=words, category=words,
    image=st.sampled_from([None, "https://example.com/x.png"]),
    badge=st.none() | st.integers(0, 99), ttl=st.none() | st.integers(0, 2_500_000), silent=st.booleans(),
    data=st.dictionaries(st.sampled_from(["k", "gcm", "from", "googly", "x y"]), st.text(max_size=4) | st.integers()),
    priority=st.sampled_from([None, "high", "normal"]),
    click=st.sampled_from([None, "app", "url:https://x.y", "url:http://x.y", "activity:A"]),
    options=st.sampled_from([{}, {"fcm": {"analytics_label": "ok"}}, {"fcm": {"analytics_label": "not ok"}}]),
    assignments=st.sampled_from([
        (), (Assignment("android.notification.color", "#00ff00"),),
        (Assignment("android.notification.color", "green"),),
        (Assignment("android.notification.light_settings", {"color": {"red": 1}}),),
        (Assignment("android.notification.visibility", "SECRET"),), (Assignment("android.visibility", "SECRET"),),
        (Assignment("apns.payload.own", {"a": [1]}),), (Assignment("topic", "news"),), (Assignment("android.ttl", 5),),
        (Assignment("apns.headers.apns-priority", "10"),), (Assignment("apns.payload.aps", {}),),
    ]),
)  # fmt: skip


@settings(deadline=None)
@given(message=messages)
def test_what_lint_lets_pass_the_other_side_takes(message: Message, folder: Path) -> None:
    target = Target("token", live("android").token)
    findings = lint(VENDOR, ACCOUNT, [(message, target)], Env(NOW, bytes))
    if any(finding.level == "error" for finding in findings):
        return
    (job,) = VENDOR.plan([(message, target)])
    body = VENDOR.request(ACCOUNT, job, None, None, Env(NOW, bytes)).body(reveal=True)

    judged = says(Bench(folder).post(body))

    assert judged.outcome == "accepted", (judged.code, judged.detail, body.decode())
