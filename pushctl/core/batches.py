"""Which pushes share a request, for services that take many targets at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from pushctl.core.vendor import Job

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target


def batches(
    pushes: Iterable[tuple[Message, Target]],
    most: Callable[[Message], int],
    alone: Callable[[Target], bool] | None = None,
) -> Iterator[Job]:
    """One ``send`` job for as many neighbouring targets of the same message as a request of it takes; the order stays.

    :param most: how many targets a request of this message can carry.
    :param alone: whether a target needs a request of its own (a topic); without it none does.
    """
    waiting: list[Target] = []
    message: Message | None = None
    limit = 0
    for each, target in pushes:
        single = alone is not None and alone(target)
        if message is not None and waiting and (each is not message or single or len(waiting) >= limit):
            yield Job("send", message, tuple(waiting))
            waiting = []
        if single:
            yield Job("send", each, (target,))
            continue
        if each is not message:
            message, limit = each, most(each)
        waiting.append(target)
    if message is not None and waiting:
        yield Job("send", message, tuple(waiting))
