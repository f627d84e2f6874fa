"""Intents as Mi Push's forms: what the wire cases do not show one by one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import UsageError
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret, revealed
from pushctl.core.vendor import Account, Env, Grant, Job
from pushctl.core.wire import Request
from pushctl.vendors.mi import VENDOR
from pushctl.vendors.mi.hosts import HOSTS
from pushctl.vendors.mi.options import FIELDS_OF, OPTIONS

APP = {"package_name": "com.example.app"}
TOKEN = Target("token", "d//igwEhgBGCI2TG6lWqlCc+A/8=")
HELLO = Message(title="Hi", body="There")
ENV = Env(1_767_323_045.0, bytes)


def made(message: Message, *targets: Target, app: dict[str, str] = APP, grant: Grant | None = None) -> Request:
    account = Account("production", None, app, HOSTS["production"])
    return VENDOR.request(account, Job("send", message, targets or (TOKEN,)), grant, None, ENV)


def fields(message: Message, *targets: Target, app: dict[str, str] = APP) -> dict[str, str]:
    return dict(parse_qsl(made(message, *targets, app=app).body(reveal=True).decode(), keep_blank_values=True))


def tokens(count: int) -> list[Target]:
    return [Target("token", f"t{number}") for number in range(count)]


def test_the_first_wire_case_is_the_test_vector() -> None:
    cases = json.loads((Path(__file__).parents[1] / "cases/mi/requests.json").read_text("utf-8"))
    body = cases[0]["request"]["body"].encode()
    assert len(body) == 325
    assert hashlib.sha256(body).hexdigest() == "027911c583a28b1f12c156a0ea3d4ebbff033d3a83f1b2afcb9a08fc6ded4148"


def test_the_secret_stands_in_the_header_as_it_is() -> None:
    request = made(HELLO, grant=Grant(Secret("dummySecret+/==", "$PUSHCTL_TOKEN"), 0, 1))
    (name, value), _ = request.headers
    assert (name, revealed(value)) == ("Authorization", "key=dummySecret+/==")
    assert str(value) == "key=$PUSHCTL_TOKEN"


# --- which pushes share a request ------------------------------------------------------------------------------------


def test_up_to_a_thousand_targets_of_a_kind_go_into_one_request() -> None:
    jobs = list(VENDOR.plan((HELLO, target) for target in tokens(2001)))
    assert [len(job.targets) for job in jobs] == [1000, 1000, 1]
    assert [target for job in jobs for target in job.targets] == tokens(2001)


def test_each_kind_of_target_and_each_topic_has_its_own_request() -> None:
    targets = [Target(*one.split("=")) for one in ("token=a", "token=b", "alias=c", "user=d", "topic=e", "topic=f")]
    jobs = list(VENDOR.plan((HELLO, target) for target in targets))
    assert [[target.value for target in job.targets] for job in jobs] == [["a", "b"], ["c"], ["d"], ["e"], ["f"]]


def test_each_message_has_its_own_request_and_a_plan_starts_before_the_last_push_is_read() -> None:
    other = Message(title="Other", body="x")
    jobs = list(VENDOR.plan([(HELLO, TOKEN), (other, TOKEN), (other, TOKEN), (HELLO, TOKEN)]))
    assert [(job.message, len(job.targets)) for job in jobs] == [(HELLO, 1), (other, 2), (HELLO, 1)]

    def pushes() -> Any:
        yield from ((HELLO, target) for target in tokens(1001))
        raise AssertionError("read too far")

    assert len(next(VENDOR.plan(pushes())).targets) == 1000


def test_a_payload_that_names_its_targets_is_one_request() -> None:
    raw = Message(raw=b"registration_id=" + b"%2C".join(b"t%d" % number for number in range(1200)))
    named = VENDOR.named(raw)
    assert [len(job.targets) for job in VENDOR.plan((raw, target) for target in named)] == [1200]


@pytest.mark.parametrize("kind", ["condition", "channel", "tag", "all", "fid"])
def test_other_targets_are_refused_with_what_to_do(kind: str) -> None:
    with pytest.raises(UsageError) as refused:
        list(VENDOR.plan([(HELLO, Target(kind, "x"))]))
    assert refused.value.rule == "target-kind"
    assert kind in VENDOR.card.not_targets


# --- the message -----------------------------------------------------------------------------------------------------


def test_a_silent_push_is_refused_and_never_faked() -> None:
    with pytest.raises(UsageError) as refused:
        made(Message(silent=True, data={"a": 1}))
    assert refused.value.rule == "no-silent"
    assert "2022-09-12" in VENDOR.card.no_silent
    assert not VENDOR.card.silent


def test_every_message_says_what_a_tap_does() -> None:
    clicks = [None, "app", "url:https://a", "activity:.B", "intent:#Intent;end"]
    assert [fields(Message(title="a", click=click))["extra.notify_effect"] for click in clicks] == list("11322")
    assert fields(Message(options={"mi": {"class_name": "a.B"}}))["extra.notify_effect"] == "2"


@pytest.mark.parametrize(
    ("collapse", "number"),
    [("7", "7"), ("007", "7"), (" 9 ", "9"), ("0", "0"), ("2147483647", "2147483647")],
)
def test_a_number_collapses_as_itself(collapse: str, number: str) -> None:
    assert fields(Message(collapse=collapse))["notify_id"] == number


@given(st.text(min_size=1, max_size=20))
def test_any_other_text_collapses_as_a_number_of_its_own(collapse: str) -> None:
    message = Message(collapse=collapse)
    number = fields(message)["notify_id"]
    assert 0 <= int(number) <= 2**31 - 1
    assert fields(Message(collapse=collapse)) == fields(message)


def test_what_the_options_say_wins_over_what_flags_became() -> None:
    said = {"notify_id": 9, "notify_type": 4, "style_type": 1, "only_send_once": 0}
    message = Message(collapse="7", sound="default", image="https://a", ttl=0, options={"mi": said})
    sent = fields(message)
    assert (sent["notify_id"], sent["notify_type"]) == ("9", "4")
    assert (sent["extra.notification_style_type"], sent["extra.only_send_once"]) == ("1", "0")


def test_every_option_has_a_line_about_it_and_a_field() -> None:
    assert OPTIONS.keys() == FIELDS_OF.keys()
    sent = fields(Message(options={"mi": dict.fromkeys(OPTIONS, "x")}))
    assert {name for name, value in sent.items() if value == "x"} == set(FIELDS_OF.values())


def test_a_sound_that_is_an_address_stays_and_a_name_is_a_file_of_the_app() -> None:
    sounds = ["android.resource://a.b/raw/c", "bell", "/raw/bell.mp3"]
    bell = "android.resource://com.a.b/raw/bell"
    app = {"package_name": "com.a.b,com.c.d"}
    assert [fields(Message(sound=one), app=app)["extra.sound_uri"] for one in sounds] == [sounds[0], bell, bell]


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        (Message(click="nowhere"), "click"),
        (Message(click="url:"), "click"),
        (Message(options={"mi": {"job_key": "x"}}), "unknown-option"),
        (Message(options={"mi": {"locale": [{"a": 1}]}}), "form-value"),
        (Message(assignments=(Assignment("extra.x", [[1]]),)), "form-value"),
        (Message(title="\ud800"), "text-not-unicode"),
        (Message(raw=b'{"title": "\\ud800"}'), "text-not-unicode"),
        (Message(raw=b"title=a", assignments=(Assignment("title", "b"),)), "set-on-raw"),
        (Message(raw=b"[1]"), "payload-not-object"),
        (Message(raw=b'{"title"'), "payload-not-object"),
        (Message(headers=(("X-A", "b\nc"),)), "header-value"),
    ],
)
def test_what_cannot_be_written_down_is_refused(message: Message, rule: str) -> None:
    with pytest.raises(UsageError) as refused:
        made(message)
    assert refused.value.rule == rule


@pytest.mark.parametrize("message", [HELLO, Message(raw=b"title=a"), Message(raw=b'{"title": "a"}')])
def test_a_target_with_a_broken_letter_is_refused_whatever_is_sent(message: Message) -> None:
    with pytest.raises(UsageError) as refused:
        made(message, Target("alias", "a\udcff"))
    assert (refused.value.rule, refused.value.where) == ("text-not-unicode", "alias")


def test_an_activity_needs_to_know_its_package() -> None:
    with pytest.raises(UsageError) as refused:
        fields(Message(click="activity:.B"), app={})
    assert refused.value.rule == "click-package"
    named = fields(Message(click="activity:com.c.d/.B"), app={})
    assert named["extra.intent_uri"] == "intent:#Intent;component=com.c.d/.B;end"


letters = st.text(st.characters(codec="utf-8"), max_size=6)


@given(letters, letters, st.dictionaries(letters, letters | st.integers() | st.none(), max_size=3))
def test_texts_and_data_come_back_as_they_were(title: str, body: str, data: dict[str, Any]) -> None:
    sent = fields(Message(title=title, body=body, data=data))
    assert (sent["title"], sent["description"]) == (title, body)
    assert json.loads(sent.get("payload", "{}")) == data


@given(st.lists(st.tuples(letters.filter(bool), letters), max_size=4), st.booleans())
def test_set_takes_every_key_literally(pairs: list[tuple[str, str]], after: bool) -> None:
    message = Message(title="Hi" if after else None, assignments=tuple(Assignment(*pair) for pair in pairs))
    sent = fields(message)
    assert {key: sent[key] for key, _ in pairs if key != "registration_id"} == {
        key: value for key, value in dict(pairs).items() if key != "registration_id"
    }


# --- payloads of one's own -------------------------------------------------------------------------------------------


def test_a_payload_names_its_targets_as_a_server_reads_them() -> None:
    def named(raw: bytes) -> list[tuple[str, str]]:
        return [(target.kind, target.value) for target in VENDOR.named(Message(raw=raw))]

    assert named(b"registration_id=a%2Cb&title=x") == [("token", "a"), ("token", "b")]
    assert named(b"registration_id=a+b%3D") == [("token", "a b=")]
    assert named(b"alias=a&alias=b%2Cc&topic=t") == [("alias", "a"), ("alias", "b"), ("alias", "c")]
    assert named(b'{"topic": "a,b"}') == [("topic", "a,b")]
    assert named(b'{"user_account": ["a", "b"]}') == [("user", "a"), ("user", "b")]
    assert named(b"title=x") == named(b"\xff") == named(b"[1]") == named(b"registration_id=") == []


@given(st.binary(max_size=40))
def test_a_form_of_ones_own_is_sent_byte_by_byte(raw: bytes) -> None:
    if raw.lstrip()[:1] not in (b"{", b"[", b'"'):
        assert raw.strip() in made(Message(raw=raw)).body(reveal=True)
