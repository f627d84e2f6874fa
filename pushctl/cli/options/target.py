"""To whom it goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated

from pushctl.cli.base import Cli, option
from pushctl.cli.options.values import decoded
from pushctl.core.errors import UsageError
from pushctl.core.message import Target
from pushctl.flows.tokens import read_tokens

if TYPE_CHECKING:
    from pushctl.core.vendor import Card

PANEL = "Target"
MAX_TOKEN_BYTES = 64 * 1024 * 1024
"""Of a file of tokens; about a million of them."""


@dataclass(frozen=True, slots=True)
class TargetOptions:
    """Device tokens, or whatever else a vendor can send to."""

    token: Annotated[
        list[str] | None,
        option(
            "-t", "--token", metavar="TOKEN", panel=PANEL, help="A device token; repeatable; - is stdin, @FILE a file."
        ),
    ] = None
    tokens: Annotated[
        str | None, option("--tokens", metavar="FILE", panel=PANEL, help="Tokens, one a line, or CSV, or JSONL.")
    ] = None
    fid: Annotated[
        list[str] | None, option("--fid", metavar="ID", panel=PANEL, help="A Firebase installation id. Repeatable.")
    ] = None
    topic: Annotated[str | None, option("--topic", metavar="NAME", panel=PANEL, help="A topic (FCM, HMS, Mi).")] = None
    condition: Annotated[
        str | None, option("--condition", metavar="EXPR", panel=PANEL, help="Topics combined (FCM, HMS).")
    ] = None
    alias: Annotated[
        list[str] | None,
        option("--alias", metavar="NAME", panel=PANEL, help="An alias (Mi, OPPO, vivo, Meizu). Repeatable."),
    ] = None
    user: Annotated[
        list[str] | None, option("--user", metavar="ID", panel=PANEL, help="A user account (Mi). Repeatable.")
    ] = None
    channel_id: Annotated[
        str | None, option("--channel-id", metavar="ID", panel=PANEL, help="An APNs broadcast channel.")
    ] = None


@dataclass(frozen=True, slots=True)
class TokenOptions:
    """Devices only."""

    token: Annotated[
        list[str] | None,
        option(
            "-t", "--token", metavar="TOKEN", panel=PANEL, help="A device token; repeatable; - is stdin, @FILE a file."
        ),
    ] = None
    tokens: Annotated[
        str | None, option("--tokens", metavar="FILE", panel=PANEL, help="Tokens, one a line, or CSV, or JSONL.")
    ] = None
    fid: Annotated[
        list[str] | None, option("--fid", metavar="ID", panel=PANEL, help="A Firebase installation id. Repeatable.")
    ] = None


_KINDS = {"topic": "topic", "condition": "condition", "alias": "alias", "user": "user", "channel_id": "channel"}


def targets(cli: Cli, given: TargetOptions, card: Card) -> list[Target]:
    """Every target, in order, each once. Empty when none is named.

    Raises ``UsageError`` for a kind that the vendor has not, and for a file that holds no token.
    """
    found = _devices(cli, given)
    for item in fields(given):
        kind, value = _KINDS.get(item.name), getattr(given, item.name)
        if kind and value is not None:
            found += [Target(kind, one) for one in (value if isinstance(value, list) else [value])]
    return _fitting(found, card)


def token_targets(cli: Cli, given: TokenOptions, card: Card) -> list[Target]:
    """Every device, in order, each once. Raises ``UsageError`` as :func:`targets` does."""
    return _fitting(_devices(cli, given), card)


def _devices(cli: Cli, given: TargetOptions | TokenOptions) -> list[Target]:
    return [*(Target("token", one) for one in _tokens(cli, given)), *(Target("fid", one) for one in given.fid or [])]


def _fitting(found: list[Target], card: Card) -> list[Target]:
    for target in found:
        flag = "--" + target.kind.replace("channel", "channel-id")
        decoded(target.value, flag)
        if target.kind not in card.targets:
            article = "an" if target.kind[0] in "aeio" else "a"  # "a user"
            raise UsageError(
                f"{flag}: {card.name} cannot send to {article} {target.kind}.",
                card.not_targets.get(target.kind, f"It sends to: {', '.join(card.targets)}."),
                rule="no-such-target",
                where=flag,
            )
    return list(dict.fromkeys(found))


def _tokens(cli: Cli, given: TargetOptions | TokenOptions) -> Iterator[str]:
    for value in given.token or []:
        if value == "-" or value.startswith("@"):
            yield from _file(cli, value.removeprefix("@"), "--token")
        elif value == "":
            raise UsageError(
                "--token is empty.", "Is the variable set? Give the device token.", rule="empty-token", where="--token"
            )
        else:
            yield value
    if given.tokens is not None:
        yield from _file(cli, given.tokens, "--tokens")


def _file(cli: Cli, name: str, flag: str) -> list[str]:
    return read_tokens(cli.process.read_file(name, flag, MAX_TOKEN_BYTES), "standard input" if name == "-" else name)
