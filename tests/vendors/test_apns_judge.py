"""The judge: never more than the answer says. Single answers are in ``tests/cases/apns/replies.json``."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.message import Target
from pushctl.core.verdict import Judgement
from pushctl.core.wire import Goaway, Lost, Reply, Response
from pushctl.vendors.apns import VENDOR
from pushctl.vendors.apns.judge import CATALOGUE

REASONS = [entry.code for entry in CATALOGUE.entries]

bodies = (
    st.binary(max_size=200)
    | st.text(max_size=100).map(str.encode)
    | st.builds(lambda reason: json.dumps({"reason": reason}).encode(), st.sampled_from(REASONS) | st.text())
    | st.builds(
        lambda stamp: json.dumps({"reason": "Unregistered", "timestamp": stamp}).encode(),
        st.integers() | st.floats() | st.text() | st.none() | st.booleans(),
    )
    | st.just(b"[" * 50_000)
)
heads = st.lists(
    st.tuples(st.sampled_from(["apns-id", "apns-unique-id", "retry-after", "content-type"]), st.text()), max_size=3
).map(tuple)
replies: st.SearchStrategy[Reply] = (
    st.builds(Response, st.integers(100, 599), heads, bodies)
    | st.builds(Goaway, bodies, st.integers(0, 20), st.sampled_from(["no", "maybe"]))
    | st.builds(Lost, st.sampled_from(["no", "maybe"]), st.text(), st.text())
)


def says(reply: Reply) -> Judgement:
    (verdict,) = VENDOR.judge("send", reply, None)
    return verdict.says


@given(replies)
def test_any_bytes_are_judged_and_only_a_success_is_called_accepted(reply: Reply) -> None:
    judged = says(reply)

    if judged.outcome == "accepted":
        assert isinstance(reply, Response)
        assert reply.status in (200, 201, 204)
        assert judged.category is None
    else:
        assert judged.category is not None
        assert judged.exit_code != 0
    if judged.outcome == "refused" and isinstance(reply, Response):
        assert reply.status >= 400
    if isinstance(reply, Lost):
        assert judged.outcome == "unknown"
        assert judged.token_dead is None
    assert judged == says(reply)


@given(st.lists(st.text(min_size=1), max_size=5), replies)
def test_every_target_has_its_verdict_in_order(tokens: list[str], reply: Reply) -> None:
    targets = tuple(Target("token", token) for token in tokens)

    verdicts = VENDOR.judge("send", reply, targets)

    assert [verdict.target for verdict in verdicts] == (list(targets) or [None])


@pytest.mark.parametrize("entry", CATALOGUE.entries, ids=lambda entry: entry.code)
def test_every_code_of_the_catalogue_is_recognised(entry: object) -> None:
    entry = CATALOGUE.meanings(entry.code)[0]  # type: ignore[attr-defined]
    judged = says(Response(entry.http_status or 400, (), json.dumps({"reason": entry.code}).encode()))

    assert (judged.code, judged.category, judged.token_dead, judged.retryable) == (
        entry.code,
        entry.category,
        entry.token_dead,
        entry.retryable,
    )
    assert judged.entry is entry


def test_equal_answers_share_one_judgement() -> None:
    first, second = (says(Response(400, (), b'{"reason":"BadDeviceToken"}', ms=ms)) for ms in (1, 2))

    assert first is second


def test_what_a_stranger_says_is_quoted_short_and_whole_pages_are_not() -> None:
    page = says(Response(502, (), b"<html><title>502 Bad\n Gateway</title>" + b"x" * 100_000))
    text = says(Response(502, (), b"upstream   timed out\n" + b"x" * 100_000))

    assert page.detail == "It said 502 with an HTML page headed '502 Bad Gateway'."
    assert text.detail.startswith("It said 502 with the body 'upstream timed out xxx")
    assert len(text.detail) < 120
    assert page.entry is not None
    assert "proxy or gateway" in page.entry.summary


def test_a_reason_without_end_is_cut() -> None:
    judged = says(Response(400, (), json.dumps({"reason": "x" * 100_000}).encode()))

    assert len(judged.code) == 80
    assert len(judged.detail) < 200


def test_a_body_full_of_brackets_is_read_in_no_time() -> None:
    assert says(Response(502, (), b"<title" * 200_000)).code == "NOT_APNS"


def rules(tally: dict[Judgement, int]) -> list[str]:
    return [finding.rule for finding in VENDOR.review(Counter(tally))]


def refusal(reason: str, status: int = 400) -> Judgement:
    return says(Response(status, (), json.dumps({"reason": reason}).encode()))


ACCEPTED = Judgement("accepted", "", None, http_status=200)


def test_a_run_in_which_every_token_is_bad_points_to_the_environment() -> None:
    bad = refusal("BadDeviceToken")

    assert rules({bad: 5}) == ["every-token-bad"]
    assert rules({bad: 1}) == []
    assert rules({bad: 5, ACCEPTED: 1}) == []
    assert rules({bad: 5, refusal("Unregistered", 410): 1}) == []


def test_a_run_without_a_success_points_to_what_its_refusals_share() -> None:
    assert rules({refusal("DeviceTokenNotForTopic"): 3}) == ["every-token-for-another-topic"]
    assert rules({refusal("InvalidProviderToken", 403): 2, refusal("Forbidden", 403): 1}) == ["credential-refused"]
    assert rules({says(Lost("no", "x", "DNS")): 1, says(Lost("maybe", "y", "CLOSED")): 1}) == ["nothing-answered"]
    assert rules({refusal("InvalidProviderToken", 403): 2, refusal("BadDeviceToken"): 1}) == []
    assert rules({}) == []
