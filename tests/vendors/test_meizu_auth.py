"""Meizu's signatures: the vectors, the official one among them, and what is shown of them."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.message import Message, Target
from pushctl.core.secret import Secret, revealed
from pushctl.core.vendor import Account, Env, Grant
from pushctl.vendors.meizu import VENDOR, auth

SECRET = "0123456789abcdef0123456789abcdef"
PUSH_ID = "TST0123456789abcdef0123456789abcdef0123456789"
ENV = Env(1_563_105_451.0, bytes)


def account() -> Account:
    told = {"app_secret": Secret(SECRET, "$X")}
    return VENDOR.account(
        {"environment": "production", "credentials": told, "app": {"app_id": "100999"}, "network": {}}
    )


def granted(made: Account) -> Grant:
    spec = VENDOR.grant(made, "send")
    assert spec is not None
    with pytest.raises(StopIteration) as end:
        next(VENDOR.mint(made, spec, ENV))
    assert isinstance(end.value.value, Grant)
    return end.value.value


HELLO = '{"noticeBarInfo":{"title":"Hello","content":"World"}}'
CHINESE = '{"noticeBarInfo":{"title":"你好","content":"测试 a=b&c"}}'
VECTORS = [
    ({"appId": "100999", "pushIds": PUSH_ID, "messageJson": HELLO}, "c19365e1afcfe03ae1fb595cd3f52d3a"),
    ({"appId": "100999", "pushIds": PUSH_ID, "messageJson": CHINESE}, "5ba093940c6da01db20be58723f31329"),
    ({"appId": "100999", "pushId": PUSH_ID}, "347aa26185cf18f5696e578eba24a1dc"),
    ({"appId": "100999", "taskId": "45361"}, "711d9f7ab13407f44921721b6f867961"),
    ({"appId": "100999", "startTime": "20260101", "endTime": "20260131"}, "6717e00e291966425f274046cf9b38a1"),
    (
        {
            "appId": "100999",
            "messageJson": '{"title":"sync","content":"{\\"op\\":\\"refresh\\"}",'
            '"pushTimeInfo":{"offLine":1,"validTime":24}}',
            "pushIds": PUSH_ID,
        },
        "a5c8c5a40c45eb26c3bb73c46102eb70",
    ),
]


@pytest.mark.parametrize(("params", "expected"), VECTORS)
def test_a_signature_is_that_of_the_vector(params: dict[str, str], expected: str) -> None:
    assert auth.sign(params, Secret(SECRET, "$X")).reveal() == expected


@pytest.mark.parametrize(
    ("message_json", "expected"),
    [
        # What the Java snippet on Meizu's page signs, and the digest that the page prints.
        (
            '{"title":"title","content":"content","pushTimeInfo":{"offLine":1,"validTime":24}}',
            "ac076ff25d9900015a681cb5172aa53b",
        ),
        # The text that the page prints as the one that is signed has blanks in it, and another digest.
        (
            '{"title": "title","content": "content","pushTimeInfo": {"offLine": 1,"validTime": 24}}',
            "250ed115b2977afb5f81578daa33aa7c",
        ),
    ],
)
def test_the_official_vector_belongs_to_the_compact_json(message_json: str, expected: str) -> None:
    params = {
        "appId": "10000",
        "pushIds": "RA50c6348036344485d01776773577c64740465480a6b",
        "messageJson": message_json,
    }
    assert auth.sign(params, Secret("<APP_SECRET>", "$X")).reveal() == expected


def test_the_form_of_the_second_vector_is_as_it_is_encoded_there() -> None:
    made = account()
    message = Message(title="你好", body="测试 a=b&c")
    (job,) = VENDOR.plan([(message, Target("token", PUSH_ID))])
    request = VENDOR.request(made, job, granted(made), None, ENV)
    assert request.body(reveal=True) == (
        b"appId=100999&messageJson=%7B%22noticeBarInfo%22%3A%7B%22title%22%3A%22%E4%BD%A0%E5%A5%BD%22%2C%22content%22"
        b"%3A%22%E6%B5%8B%E8%AF%95+a%3Db%26c%22%7D%7D&pushIds=TST0123456789abcdef0123456789abcdef0123456789"
        b"&sign=5ba093940c6da01db20be58723f31329"
    )


def test_the_grant_is_the_secret_itself_and_there_is_no_other() -> None:
    made = account()
    spec = VENDOR.grant(made, "send")
    assert spec is not None
    assert (spec.kept, SECRET in spec.key, "100999" in spec.key) == ("given", False, True)
    grant = granted(made)
    assert grant.value.reveal() == SECRET
    assert grant.value.shown == "$PUSHCTL_TOKEN"
    assert grant.expires > ENV.now + 86400


def test_a_signature_is_masked_and_says_how_it_is_made() -> None:
    sign = auth.sign({"appId": "1", "pushId": "x"}, Secret(SECRET, "$X"))
    assert (str(sign), sign.digest) == ("$PUSHCTL_SIGN", ("md5", "appId=1pushId=x"))
    assert SECRET not in repr((sign, sign.about, sign.digest))


def test_without_a_grant_nothing_is_signed() -> None:
    assert auth.signed({"b": "2", "a": "1"}, None) == (("a", "1"), ("b", "2"))


names = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"), min_size=1, max_size=8)
texts = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.dictionaries(names.filter(lambda name: name != "sign"), texts, max_size=5))
def test_who_reads_the_form_comes_to_the_same_signature(params: dict[str, str]) -> None:
    pairs = auth.signed(params, Grant(Secret(SECRET, "$X"), 0, 1))
    from pushctl.core.wire import Request

    sent = Request("send", "POST", "https://x", form=pairs).body(reveal=True).decode()
    read = dict(parse_qsl(sent, keep_blank_values=True, strict_parsing=True))
    sign = read.pop("sign")
    assert read == params
    base = "".join(f"{name}={value}" for name, value in sorted(read.items()))
    assert sign == hashlib.md5((base + SECRET).encode(), usedforsecurity=False).hexdigest()
    assert [name for name, _ in pairs][-1] == "sign"
    assert revealed(pairs[-1][1]) == sign
