"""Emulated phones of a service that has one kind of them: which tokens exist, what they look like, and what each stands
for."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

from pushctl.core.emulated import Handset
from pushctl.core.scenes import by_token

if TYPE_CHECKING:
    from pushctl.core.emulated import Scenario
    from pushctl.core.scenes import Book

ENVIRONMENT = "production"


class Phones:
    """:param book: the vendor's scenarios.
    :param token_of: makes the token of the phone that behaves as the scenario of this name says, "" for the one on
        which everything works.
    :param about: the latter, in words.
    """

    def __init__(self, book: Book, token_of: Callable[[str], str], about: str) -> None:
        self._book = book
        self._token_of = token_of
        self._about = about

    @property
    def live(self) -> Handset:
        """The phone on which everything works."""
        return Handset(self._token_of(""), ENVIRONMENT, "app", self._about)

    def listed(self) -> tuple[Handset, ...]:
        """The live phone, then one for every named scenario that a token can bring about."""
        return (self.live, *(self._of(each) for each in self._book.named.values() if by_token(each)))

    def chosen(self, scenario: str | None) -> Handset:
        """The phone of the scenario of this name; the live one where there is none, or no token brings it about."""
        found = self._book.all.get(scenario or "")
        return self._of(found) if found is not None and by_token(found) else self.live

    @cached_property
    def scenarios(self) -> Mapping[str, Scenario | None]:
        """Every token that exists, with its scenario; None for the live phone's."""
        acting = {self._token_of(each.name): each for each in self._book.all.values() if by_token(each)}
        return {self._token_of(""): None, **acting}

    def scenario_of(self, token: str) -> Scenario | None:
        """The scenario that a token stands for."""
        return self.scenarios.get(token)

    def reason_of(self, token: str) -> str | None:
        """What is wrong with a token, in the words of its scenario; "" for nothing, None for a token that does not
        exist."""
        if token not in self.scenarios:
            return None
        scenario = self.scenarios[token]
        return str(scenario.act.get("reason", "")) if scenario is not None else ""

    def _of(self, scenario: Scenario) -> Handset:
        return Handset(self._token_of(scenario.name), ENVIRONMENT, "app", scenario.about, scenario.name)


def deciding(tokens: list[str], scenario_of: Callable[[str], Scenario | None]) -> Scenario | None:
    """The first of the tokens' scenarios that decides more than its own token's fate."""
    whole = ("answer", "wire", "html", "delay_s", "expire")
    found = (each for each in map(scenario_of, tokens) if each is not None)
    return next((each for each in found if not each.act.keys().isdisjoint(whole)), None)


def make_token(prefix: str, size: int, readable: str, *, url_safe: bool) -> str:
    """The same token on every machine: ``prefix`` and then base64, ``size`` characters in all.

    :param url_safe: the alphabet with ``-`` and ``_``; else with ``+`` and ``/``, of which each occurs.
    """
    for turn in count():
        digest = hashlib.shake_256(f"pushctl sandbox {readable} {turn}".encode()).digest(size)
        encoded = (base64.urlsafe_b64encode if url_safe else base64.b64encode)(digest).decode()
        token = prefix + encoded[: size - len(prefix)]
        if url_safe or ("+" in token and "/" in token):
            return token
    raise AssertionError  # count() has no end
