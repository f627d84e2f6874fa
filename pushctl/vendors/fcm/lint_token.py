"""Checks of the target: the shape of a registration token and of an installation id; topics are in ``lint_topic``.

Google promises neither length nor form of a token, so what merely looks odd is a warning; what certainly is something
else is an error. (Firebase: cloud-messaging/manage-tokens; shapes as seen in 2026.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import short
from pushctl.vendors import _tokens
from pushctl.vendors.fcm.judge import RULES
from pushctl.vendors.fcm.lint_topic import lint_condition, lint_topic
from pushctl.vendors.fcm.request import TARGETS

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target
    from pushctl.core.vendor import Account

_SERVER_KEY = re.compile(r"AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{134}")
_SECRETS = (
    (re.compile(r"ya29\..+"), "an OAuth access token"),
    (re.compile(r"AIza[0-9A-Za-z_-]{35}"), "an API key"),
    (re.compile(r"eyJ[0-9A-Za-z_-]+\.[0-9A-Za-z_-]+\..*"), "a signed token (JWT)"),
)
_USUAL = 140  # letters, of the shortest that were seen: 152
_MOST = 4096  # letters; the message itself may not have more bytes


def lint_target(account: Account | None, target: Target) -> Iterator[Finding]:  # noqa: ARG001 - as for every vendor
    """What is wrong with the target itself, whatever it is sent. No finding quotes a token in full: it may be a
    secret."""
    if target.kind not in TARGETS:
        yield RULES["target-kind"].finding(target.kind, kind=target.kind)
    elif target.kind == "topic":
        yield from lint_topic(target.value)
    elif target.kind == "condition":
        yield from lint_condition(target.value)
    elif target.kind == "fid":
        yield from _fid(target.value)
    else:
        yield from _token(target.value)


def _token(token: str) -> Iterator[Finding]:
    """One finding at most: the first thing that is wrong with the token."""
    where, form = _tokens.place(token), _form(token)
    if _SERVER_KEY.fullmatch(token):
        yield RULES["token-is-server-key"].finding("token")
    elif what := next((name for shape, name in _SECRETS if shape.fullmatch(token.strip())), None):
        yield RULES["token-is-secret"].finding("token", what=what)
    elif form == "token" and len(token) >= _USUAL:
        return
    elif fault := _tokens.pasted(token):
        yield RULES[fault[0]].finding(where, **fault[1])
    elif form == "fid":
        yield RULES["token-is-fid"].finding(where)
    elif form == "old":
        yield RULES["token-old"].finding(where)
    elif form in ("token", "cut"):
        yield RULES["token-cut"].finding(where, length=len(token))
    elif finding := _tokens.of_another(token, "fcm", RULES):
        yield finding
    else:
        yield RULES["token-shape"].finding(where, why=_odd(token))


def _form(token: str) -> str:
    """Which of FCM's forms it has (``token``, ``cut``, ``odd``, ``old``, ``fid``), "" for none."""
    shape = _tokens.own(token, "fcm")
    return shape.form if shape else ""


def _odd(token: str) -> str:
    """In words what is unusual about a token, the first thing."""
    strange = next(
        (letter for letter in token if not (letter.isascii() and (letter.isalnum() or letter in "-_:"))), None
    )
    if len(token) > _MOST:
        return f"it has {len(token)} letters"
    if strange is not None:
        return f"it has the letter {short(strange)} in it"
    if token.count(":") != 1:
        return f"it has {token.count(':') or 'no'} colon{'s' if token.count(':') else ''}, and tokens have one"
    return "the part behind the colon does not start with APA91"


def _fid(fid: str) -> Iterator[Finding]:
    form = _form(fid)
    if form in ("token", "cut"):
        yield RULES["fid-is-token"].finding("fid")
    elif not fid:
        yield RULES["target-empty"].finding("fid", kind="fid")
    elif fault := _tokens.pasted(fid):
        yield RULES[fault[0]].finding("fid", **fault[1])
    elif form != "fid":
        yield RULES["fid-shape"].finding("fid")
