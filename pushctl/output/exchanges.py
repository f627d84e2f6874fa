"""Views of requests and of what went over the wire, secrets masked."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pushctl.core.secret import Secret, shown
from pushctl.core.wire import Exchange, Goaway, Lost, Request, Response
from pushctl.output.masking import safe_reply
from pushctl.output.screens.findings import finding_view
from pushctl.output.screens.outcome import EMULATED
from pushctl.output.text import plural, shorten_tokens
from pushctl.output.view import Blank, Code, Headline, View

if TYPE_CHECKING:
    from pushctl.core.finding import Finding

_NAME = re.compile(r"\$[A-Z][A-Z0-9_]*")
_MOST_SHOWN = 4096  # characters of a body on screen; machine output has it whole


def requests_view(
    requests: Sequence[Request],
    findings: Sequence[Finding] = (),
    http_version: str | None = "2",
    *,
    emulated: bool = False,
    tokens: tuple[str, ...] = (),
) -> View:
    """A dry run: every request that would have been sent, its JSON or its form spread out to be read.

    :param tokens: device tokens to shorten, beside those that are recognised by their length.
    """
    number = plural(len(requests), "request")
    view: View = (
        *(EMULATED if emulated else ()),
        Headline("info", "DRY RUN:", f"{number} built, nothing was sent"),
    )
    for request in requests:
        text = "\n".join([*_head(request, http_version), *_notes(request, "# ")])
        body = _readable_body(request)
        text += f"\n\n{body}" if body else ""
        size = len(request.body(reveal=True))  # of the real body; only its length is told
        form = ", a form, percent-encoded on the wire" if request.form is not None else ""
        text += f"\n# body: {plural(size, 'byte')}{form}" if size else ""
        view = (*view, Blank(), Code(shorten_tokens(text, tokens), "http"))
    if findings:
        view = (*view, Blank(), *(block for finding in findings for block in finding_view(finding)))
    return view


def exchange_view(exchange: Exchange, tokens: tuple[str, ...] = ()) -> View:
    """What was sent (``>``) and what came back (``<``), as curl shows it; ``*`` marks what was not on the wire."""
    request, reply = exchange.request, safe_reply(exchange.request, exchange.reply)
    http_version = reply.http_version if isinstance(reply, Response) else "2" if isinstance(reply, Goaway) else None
    lines = [f"> {line}" for line in _head(request, http_version)]
    lines += [">", *(f"> {line}" for line in _body_lines(request.body(reveal=False)))]
    lines += _notes(request, "* ")
    match reply:
        case Response():
            lines.append(f"< HTTP/{http_version} {reply.status}")
            lines += [f"< {name}: {value}" for name, value in reply.headers]
            lines += ["<", *(f"< {line}" for line in _body_lines(reply.body)), f"* {reply.ms} ms"]
        case Goaway():
            lines.append(f"< GOAWAY error code {reply.error_code}, not processed: {reply.sent == 'no'}")
            lines += [f"< {line}" for line in _body_lines(reply.debug)]
        case Lost():
            lines.append(f"* no answer ({reply.code}, sent: {reply.sent}): {reply.why}")
    return (Code(shorten_tokens("\n".join(lines), tokens), "http"),)


def _head(request: Request, http_version: str | None) -> list[str]:
    """The request line and headers; the version is left out where no answer told it."""
    lines = [f"{request.method} {request.target(reveal=False)}{f' HTTP/{http_version}' if http_version else ''}"]
    return lines + [f"{name}: {shown(value)}" for name, value in request.headers]


def _notes(request: Request, mark: str) -> list[str]:
    """What may be told of the masked values: a JWT's header and claims, a key's id."""
    values = [value for _, value in (*request.headers, *request.query, *(request.form or ()))]
    told: dict[str, str] = {}
    for value in values:
        if isinstance(value, Secret) and value.about:
            name = _NAME.search(value.shown)
            told[name.group() if name else value.shown] = value.about
    return [f"{mark}{name} = {about}" for name, about in told.items()]


def _readable_body(request: Request) -> str:
    body = request.body(reveal=False)
    if request.form is not None:
        return "\n".join(f"{name} = {_readable_value(shown(value))}" for name, value in request.form)
    if request.json is None:
        return "\n".join(_body_lines(body))
    return json.dumps(json.loads(body), ensure_ascii=False, indent=2)


def _readable_value(text: str) -> str:
    """A form's value without its percent signs; JSON in it spread out, a line break in it told as JSON tells it."""
    if text.startswith(("{", "[")):
        try:
            return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
        except (ValueError, RecursionError):
            pass
    return text if text.isprintable() else json.dumps(text, ensure_ascii=False)


def _body_lines(body: bytes) -> list[str]:
    if not body:
        return []
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return [f"({plural(len(body), 'byte')} that are no text)"]
    if len(text) > _MOST_SHOWN:
        text = f"{text[:_MOST_SHOWN]}…\n({len(text) - _MOST_SHOWN:,} more characters)"
    return text.splitlines()
