"""The request: what the wire cases in ``tests/cases/fcm/requests.json`` do not show."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import UsageError
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant
from pushctl.core.wire import Request
from pushctl.vendors.fcm import VENDOR
from pushctl.vendors.fcm.hosts import HOSTS
from pushctl.vendors.fcm.lint_subject import FIELDS

NOW = 1767323045.9
TOKEN = Target("token", "cVgZ3abcdefghijklmnopq:APA91b" + "x" * 134)
APP = {"project_id": "demo-project"}


def made(message: Message, target: Target = TOKEN, app: dict[str, str] | None = None) -> Request:
    account = Account("production", None, APP if app is None else app, HOSTS["production"])
    (job,) = VENDOR.plan([(message, target)])
    grant = Grant(Secret("ya29.canary", "$PUSHCTL_TOKEN"), 0, 3600)
    return VENDOR.request(account, job, grant, None, Env(NOW, bytes))


def inner(message: Message, target: Target = TOKEN) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(made(message, target).body(reveal=True))["message"]
    return found


def test_every_push_is_a_request_of_its_own_and_the_list_is_read_lazily() -> None:
    def endless() -> Any:
        while True:
            yield Message(title="x"), TOKEN

    jobs = VENDOR.plan(endless())

    assert [next(jobs).targets for _ in range(3)] == [(TOKEN,)] * 3


@pytest.mark.parametrize("kind", ["alias", "user", "channel", "tag", "all"])
def test_a_target_that_fcm_has_not_is_refused_with_what_it_has(kind: str) -> None:
    with pytest.raises(UsageError, match=f"cannot push to a {kind}.*installation ids, topics"):
        list(VENDOR.plan([(Message(title="x"), Target(kind, "x"))]))
    assert VENDOR.card.not_targets[kind]


def test_a_profile_without_a_project_is_refused_with_where_to_find_it() -> None:
    with pytest.raises(UsageError) as refused:
        made(Message(title="x"), app={})

    assert (refused.value.rule, refused.value.where) == ("project-missing", "app.project_id")
    assert "Project settings" in refused.value.fix


def test_a_project_id_cannot_leave_its_place_in_the_path() -> None:
    url = made(Message(title="x"), app={"project_id": "a/../b?c#d e"}).url

    assert url == "https://fcm.googleapis.com/v1/projects/a%2F..%2Fb%3Fc%23d%20e/messages:send"


def test_the_access_token_stands_in_one_header_and_is_shown_nowhere() -> None:
    request = made(Message(title="x"))

    assert "ya29.canary" not in repr(request)
    assert [str(value) for name, value in request.headers if name == "Authorization"] == ["Bearer $PUSHCTL_TOKEN"]


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("x y", "1", "header-name"),
        ("", "1", "header-name"),
        ("x", "a\r\nb: c", "header-value"),
        ("x", "\ud800", "header-value"),
    ],
)
def test_what_is_no_header_is_refused(name: str, value: str, rule: str) -> None:
    with pytest.raises(UsageError) as refused:
        made(Message(title="x", headers=((name, value),)))

    assert refused.value.rule == rule


texts = st.none() | st.text(max_size=20)
messages = st.builds(
    Message,
    title=texts, subtitle=texts, body=texts, image=texts, sound=texts, collapse=texts, channel=texts, category=texts,
    badge=st.none() | st.integers(0, 99), ttl=st.none() | st.integers(0, 10**7), silent=st.booleans(),
    data=st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.integers() | st.none(), max_size=3),
    priority=st.sampled_from([None, "high", "normal"]),
    click=st.none() | st.sampled_from(["app", "url:https://x.y", "activity:A", "intent:#Intent;end", "url:", "x"]),
    validate_only=st.booleans(),
    options=st.just({}) | st.just({"fcm": {"analytics_label": "x", "android": {"ttl": "1s"}}}),
)  # fmt: skip
targets = st.builds(Target, st.sampled_from(VENDOR.card.targets), st.text(min_size=1, max_size=20))


@given(messages, targets)
def test_what_is_built_is_always_json_with_one_target_and_known_names(message: Message, target: Target) -> None:
    body = json.loads(made(message, target).body(reveal=True).decode("utf-8", "surrogatepass"))

    assert body.keys() <= {"message", "validate_only"}
    assert ("validate_only" in body) is message.validate_only
    told = body["message"]
    assert {kind: told[kind] for kind in VENDOR.card.targets if kind in told} == {target.kind: target.value}
    assert told.get("data", {}) == dict(message.data)  # never made into something else
    assert unknown(told) == []


def unknown(value: dict[str, Any], parent: str = "") -> list[str]:
    """The paths that ``fields.json`` does not have; below data and aps everything is the user's."""
    found = []
    for key, item in value.items():
        path = f"{parent}{key}"
        if path not in FIELDS:
            found.append(path)
        elif isinstance(item, dict) and path not in ("data", "apns.payload.aps.alert"):
            found += unknown(item, f"{path}.")
    return found


@given(messages)
def test_a_silent_push_shows_nothing_that_was_not_asked_for(message: Message) -> None:
    if not message.silent or any(v is not None for v in (message.title, message.body, message.image)):
        return
    told = inner(message)

    assert "notification" not in told
    assert "notification" not in told["android"]
    assert told["android"]["priority"] == (message.priority or "normal")
    assert told["apns"]["headers"].items() >= {"apns-priority": "5", "apns-push-type": "background"}.items()
    assert told["apns"]["payload"] == {"aps": {"content-available": 1}}


def test_data_alone_asks_apns_for_no_priority_that_it_would_refuse() -> None:
    assert "apns" not in inner(Message(data={"k": "v"}, priority="high"))
    assert inner(Message(sound="default", priority="high"))["apns"]["headers"]["apns-priority"] == "10"


def test_the_priority_is_said_for_what_set_makes_visible_and_never_beside_android_v2() -> None:
    shown = (Assignment("notification.title", "x"),)
    v2 = (*shown, Assignment("android_v2.remote_notification", {"notification": {}}))

    assert inner(Message(assignments=shown))["android"] == {"priority": "high"}
    assert "android" not in inner(Message(assignments=v2))


@given(st.binary(max_size=60) | st.sampled_from([b'{"message":{"token":"a"}}', b"[1]", b"null", b"[" * 50_000]))
def test_a_raw_body_is_sent_as_it_is_or_refused_with_a_reason(raw: bytes) -> None:
    message = Message(raw=raw)
    named = VENDOR.named(message)
    try:
        sent = made(message, named[0] if named else TOKEN).body(reveal=True)
    except UsageError as error:
        refused: UsageError | None = error
    else:
        refused = None
        assert sent == raw or not named
    if refused is not None:
        assert refused.rule in ("legacy-body", "message-missing", "message-not-object")
        assert refused.fix


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ({"to": "x", "notification": {}}, "legacy-body"),
        ({"registration_ids": ["x"], "data": {}}, "legacy-body"),
        ({"token": "x", "notification": {}}, "message-missing"),
        ({"message": [1]}, "message-not-object"),
        ({"message": None}, "message-not-object"),
        ({}, "message-missing"),
    ],
)
def test_a_raw_body_of_another_form_is_refused_with_the_right_one(body: dict[str, Any], rule: str) -> None:
    with pytest.raises(UsageError) as refused:
        made(Message(raw=json.dumps(body).encode()))

    assert refused.value.rule == rule
    assert '{"message":' in refused.value.fix


def test_a_raw_body_names_its_own_target() -> None:
    def named(**inside: Any) -> tuple[Target, ...]:
        return VENDOR.named(Message(raw=json.dumps({"message": inside}).encode()))

    assert named(token="a") == (Target("token", "a"),)
    assert named(topic="news", data={}) == (Target("topic", "news"),)
    assert named(topic="news", token="a") == (Target("token", "a"),)
    assert named() == named(token="") == named(token=5) == ()
    assert VENDOR.named(Message(title="x")) == VENDOR.named(Message(raw=b"{")) == ()


def test_a_check_never_delivers_whatever_the_raw_body_says() -> None:
    for own in ("validate_only", "validateOnly"):
        raw = json.dumps({"message": {"token": "a"}, own: False}).encode()
        body = json.loads(made(Message(raw=raw, validate_only=True), Target("token", "a")).body(reveal=True))

        assert body == {"message": {"token": "a"}, "validate_only": True}


def test_set_beside_a_raw_body_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot change a payload"):
        made(Message(raw=b'{"message":{}}', assignments=(Assignment("data.x", "y"),)))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_cannot_hold_is_refused(value: float) -> None:
    with pytest.raises(UsageError) as refused:
        made(Message(title="x", assignments=(Assignment("apns.payload.x", value),)))

    assert refused.value.rule == "not-json"


def test_a_broken_letter_is_refused() -> None:
    with pytest.raises(UsageError) as refused:
        made(Message(title="\ud83d"))

    assert refused.value.rule == "text-not-unicode"
