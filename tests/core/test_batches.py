"""Neighbouring targets of one message share a request."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.batches import batches
from pushctl.core.message import Message, Target

ONE, TWO = Message(title="one"), Message(title="two")


def token(value: object) -> Target:
    return Target("token", str(value))


def topic(value: object) -> Target:
    return Target("topic", str(value))


def shape(pushes: list[tuple[Message, Target]], most: int = 3) -> list[tuple[str | None, str]]:
    jobs = batches(pushes, lambda message: most, alone=lambda target: target.kind == "topic")
    return [(job.message.title, "".join(target.value for target in job.targets)) for job in jobs]


def test_a_request_carries_as_many_as_it_can() -> None:
    assert shape([(ONE, token(n)) for n in range(7)]) == [("one", "012"), ("one", "345"), ("one", "6")]


def test_another_message_is_another_request() -> None:
    assert shape([(ONE, token(1)), (TWO, token(2)), (TWO, token(3)), (ONE, token(4))]) == [
        ("one", "1"),
        ("two", "23"),
        ("one", "4"),
    ]


def test_a_topic_has_a_request_of_its_own_in_its_turn() -> None:
    assert shape([(ONE, token(1)), (ONE, topic("a")), (ONE, topic("b")), (ONE, token(2))]) == [
        ("one", "1"),
        ("one", "a"),
        ("one", "b"),
        ("one", "2"),
    ]


def test_each_message_has_its_own_limit() -> None:
    pushes = [(message, token(n)) for message in (ONE, TWO) for n in range(4)]
    jobs = batches(pushes, lambda message: 4 if message is ONE else 2)
    assert [len(job.targets) for job in jobs] == [4, 2, 2]


def test_a_request_goes_out_before_the_last_push_is_known() -> None:
    def endless() -> Iterator[tuple[Message, Target]]:
        while True:
            yield ONE, token("t")

    assert len(next(batches(endless(), lambda message: 1000)).targets) == 1000


PUSHES = st.tuples(st.sampled_from([ONE, TWO]), st.builds(Target, st.sampled_from(["token", "topic"]), st.text()))


@given(st.lists(PUSHES), st.integers(1, 4))
def test_no_push_is_lost_doubled_or_moved(pushes: list[tuple[Message, Target]], most: int) -> None:
    jobs = list(batches(pushes, lambda message: most, alone=lambda target: target.kind == "topic"))
    assert [(job.message, target) for job in jobs for target in job.targets] == pushes
    for job in jobs:
        assert 1 <= len(job.targets) <= most
        assert len(job.targets) == 1 or {target.kind for target in job.targets} == {"token"}
