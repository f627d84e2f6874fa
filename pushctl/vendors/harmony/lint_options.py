"""Checks of how it is sent: ``pushOptions``, and the tokens that a raw body names itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import is_integer, short, table, texts
from pushctl.vendors.harmony.judge import RULES
from pushctl.vendors.harmony.request import MOST_TEST_TOKENS, MOST_TOKENS

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.harmony.lint_subject import Subject

_O = "pushOptions"
_MOST_TTL_S = 1_296_000
_CALL_S = 60


def _ttl(pushed: Subject) -> Iterator[Finding]:
    value = pushed.options.get("ttl")
    if is_integer(value) and not 1 <= value <= _MOST_TTL_S:
        yield RULES["ttl-range"].finding(f"{_O}.ttl", value=value)
    call = pushed.push_type == "10" or pushed.notification.get("category") == "VOIP"
    if call and (value is None or (is_integer(value) and value > _CALL_S)):
        kept = (
            "no time to live is said, so it is kept for a day" if value is None else f"it is kept for {value} seconds"
        )
        yield RULES["call-ttl"].finding(f"{_O}.ttl", kept=kept)


def _collapse_key(pushed: Subject) -> Iterator[Finding]:
    value = pushed.options.get("collapseKey")
    if is_integer(value) and not -1 <= value <= 100:
        yield RULES["collapse-key-range"].finding(f"{_O}.collapseKey", value=value)
    if value is not None and pushed.kind is not None and not pushed.kind.collapses:
        yield RULES["collapse-for-push-type"].finding(f"{_O}.collapseKey", push_type=pushed.push_type)


def _background_mode(pushed: Subject) -> Iterator[Finding]:
    value = pushed.options.get("backgroundMode")
    if value is None:
        return
    if pushed.push_type != "6":
        yield RULES["background-mode-for-push-type"].finding(f"{_O}.backgroundMode", push_type=pushed.push_type)
    elif value == 1:
        yield RULES["background-mode-right"].finding(f"{_O}.backgroundMode")


def _bi_tag(pushed: Subject) -> Iterator[Finding]:
    value = pushed.options.get("biTag")
    size = len(value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else 0
    if size > 64:
        yield RULES["bi-tag-length"].finding(f"{_O}.biTag", size=size)


def _test_message(pushed: Subject) -> Iterator[Finding]:
    if pushed.is_test:
        yield RULES["test-message"].finding(f"{_O}.testMessage")


def _tokens(pushed: Subject) -> Iterator[Finding]:
    """Only a raw body names its own; others, and an empty array, are filled with as many as fit."""
    target = table(pushed.document, "target")
    tokens = texts(target, "token")
    if "token" not in target or not isinstance(target["token"], list):
        return
    count, most = len(tokens), pushed.kind.tokens if pushed.kind else MOST_TOKENS
    if count > most:
        yield RULES["token-count"].finding("target.token", count=count, most=most, push_type=pushed.push_type)
    elif pushed.is_test and count > MOST_TEST_TOKENS:
        yield RULES["test-message-tokens"].finding("target.token", count=count)
    twice = [token for token, times in Counter(tokens).items() if times > 1]
    if twice:
        yield RULES["token-twice"].finding("target.token", count=len(twice), token=short(twice[0][:8]))


CHECKS = (_ttl, _collapse_key, _background_mode, _bi_tag, _test_message, _tokens)
