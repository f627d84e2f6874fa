"""A request as a shell command that a person can run, change and send to a colleague.

Secrets are variables of the shell. They reach curl as a config file on its standard input (``--config -``), never
through the arguments of a process, which everybody on the machine can read; ``printf`` is built into the shell.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pushctl.core.secret import Pairs, Secret, Text, shown
from pushctl.core.wire import Request, encode_json
from pushctl.transport.address import authority, is_loopback, place
from pushctl.transport.route import Route, proxy_of

TOKEN = "PUSHCTL_TOKEN"
_LONGEST_ARGUMENT = 100_000  # Linux allows 131,072 bytes for one argument
_VARIABLE = re.compile(r"\$([A-Z][A-Z0-9_]*)")
_MARK = re.compile("\ue000([A-Z][A-Z0-9_]*)\ue001")  # private use: stands for a variable while JSON is written
_ESCAPE = r"""esc() { printf %s "$1" | sed 's/[\\"]/\\&/g'; } &&"""


@dataclass(frozen=True, slots=True)
class _Variable:
    name: str


_Parts = list[str | _Variable]


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of curl's config file.

    :ivar escapes: how often the variables' values must be escaped: for the quotes of the config file, for JSON.
    """

    option: str
    parts: _Parts
    escapes: int = 1

    @property
    def names(self) -> list[str]:
        return [part.name for part in self.parts if isinstance(part, _Variable)]

    def printf(self) -> str:
        """The shell command that prints it."""
        text = "".join("%s" if isinstance(part, _Variable) else _format(_quoted(part)) for part in self.parts)
        values = []
        for name in self.names:
            value = f'"${name}"'
            for _ in range(self.escapes):
                value = f'"$(esc {value})"'
            values.append(value)
        return " ".join(["printf", shlex.quote(f'{self.option} = "{text}"\\n'), *values])


def curl(
    request: Request,
    *,
    token_command: str | None = None,
    identity: str | None = None,
    http2: bool = True,
    route: Route | None = None,
) -> str:
    """The request as a POSIX shell command.

    :param token_command: the command line that prints the provider token (``pushctl auth -p my-ios``), quoted for the
        shell by the caller. Other secrets are variables that whoever runs it has to set; the command says which.
    :param identity: path of the client certificate with its key, PEM or PKCS#12.
    :param http2: whether the vendor insists on HTTP/2.
    :param route: adds deadline, CA bundle, proxy and redirection to the sandbox.

    The variables are those that the secrets' stand-ins name (``$PUSHCTL_TOKEN``). Secrets must not contain line
    breaks. A secret in the query needs curl 7.87 or later.
    """
    lines = list(_config(request, route))
    digests = dict(_digests(request))
    names = list(dict.fromkeys(name for line in lines for name in line.names))
    if any(name in digests for name in names):  # made from the token, which comes first
        names = [TOKEN, *(name for name in names if name != TOKEN)]
    file = _needs_file(request)
    script = [_setting(name, token_command, digests.get(name)) for name in names]
    if any(line.escapes for line in lines):
        script.append(_ESCAPE)
    if file:
        script.append(f'BODY=$(mktemp) && {_print_body(request.body(reveal=False))} >"$BODY" &&')
    if len(lines) == 1:
        script.append(f"{lines[0].printf()} |")
    elif lines:
        script.append("{ " + "; ".join(line.printf() for line in lines) + "; } |")
    options = list(_options(request, identity, route, http2=http2, config=bool(lines), file=file))
    command = " \\\n  ".join([" ".join(["curl", *options[:1]]), *options[1:]])
    script.append(command + ('; rm -f "$BODY"' if file else ""))
    return "\n".join(script)


def _config(request: Request, route: Route | None) -> Iterator[_Line]:
    """What holds a secret, as lines of the config file."""
    for name, value in request.headers:
        if isinstance(value, Secret):
            # RFC 9110 section 11.4: credentials have no quotes or backslashes, so the usual line stays readable
            yield _Line("header", [f"{name}: ", *_parts(value)], escapes=0 if name.lower() == "authorization" else 1)
    if _has_secret(request.query):
        for name, value in request.query:
            yield _Line("url-query", [f"{_encoded(name)}=", *_parts(value)])
    if request.form is not None and _has_secret(request.form):
        for name, value in request.form:
            yield _Line("data-urlencode", [f"{_encoded(name)}=", *_parts(value)])
    if _json_has_secret(request):
        text = encode_json(_marked(request.json)).decode("utf-8", "surrogatepass")
        yield _Line("data-raw", _split(text, _MARK), escapes=2)
    if route is not None and _proxied(request, route) and route.proxy is not None:
        proxy = proxy_of(route.proxy)
        if proxy.password is not None:
            yield _Line("proxy-user", [f"{proxy.user}:", _Variable("PUSHCTL_PROXY_PASSWORD")])


def _options(
    request: Request, identity: str | None, route: Route | None, *, http2: bool, config: bool, file: bool
) -> Iterator[str]:
    """Arguments of curl, quoted, without a single secret."""
    first = ["--include", *(["--config -"] if config else []), *(["--http2"] if http2 else [])]
    yield " ".join([*first, "--request", shlex.quote(request.method)])
    yield from _network(request, route)
    if identity is not None:
        kind = " --cert-type P12" if identity.lower().endswith((".p12", ".pfx")) else ""
        yield f"--cert {shlex.quote(identity)}{kind}"
    has_body = request.raw is not None or request.form is not None or request.json is not None
    for name, value in request.headers:
        if not isinstance(value, Secret):
            yield f"--header {shlex.quote(f'{name}: {value}' if value else f'{name};')}"
    if has_body and request.form is None and not any(name.lower() == "content-type" for name, _ in request.headers):
        yield "--header 'content-type:'"  # curl would claim that it is a form
    if file:
        yield '--data-binary @"$BODY"'
    elif has_body and not _has_secret(request.form or ()) and not _json_has_secret(request):
        yield f"--data-raw {shlex.quote(request.body(reveal=False).decode())}"
    url = request.url if _has_secret(request.query) else request.target(reveal=False)
    if any(char in url for char in "[]{}"):
        yield "--globoff"
    yield shlex.quote(url)


def _network(request: Request, route: Route | None) -> Iterator[str]:
    if route is None:
        return
    target = place(request.url)
    redirected = route.redirection(target.host, target.port)
    bundle = route.sandbox_ca if redirected else route.ca_bundle
    yield f"--max-time {route.total_s:g}"
    if bundle is not None:
        yield f"--cacert {shlex.quote(str(bundle))}"
    if redirected:
        yield f"--connect-to {authority(target.host, target.port)}:{authority(*redirected)}"
    if redirected or is_loopback(target.host):
        yield "--noproxy '*'"
    elif _proxied(request, route) and route.proxy is not None:
        proxy = proxy_of(route.proxy)
        yield f"--proxy http://{proxy.peer}"
        if proxy.user and proxy.password is None:
            yield f"--proxy-user {shlex.quote(proxy.user + ':')}"


def _proxied(request: Request, route: Route) -> bool:
    target = place(request.url)
    return route.way(target.host, target.port) == "proxy"


def _digests(request: Request) -> Iterator[tuple[str, tuple[str, str]]]:
    """The variables that are a digest of public text and the token: name to hash and text."""
    for _, value in (*request.headers, *request.query, *(request.form or ())):
        if isinstance(value, Secret) and value.digest and (found := _VARIABLE.search(value.shown)):
            yield found[1], value.digest


def _setting(name: str, token_command: str | None, digest: tuple[str, str] | None = None) -> str:
    if digest is not None:  # printf is built into the shell: the token is in no process's arguments
        return (
            f'{name}=$(printf %s%s {shlex.quote(digest[1])} "${TOKEN}" | '
            f"openssl dgst -{digest[0]} -r | cut -d' ' -f1) &&"
        )
    if name == TOKEN and token_command:
        return f"{name}=$({token_command}) &&"
    return f': "${{{name}:?set this variable first}}" &&'


def _needs_file(request: Request) -> bool:
    """Whether the body cannot be an argument: NUL, no UTF-8, or too long."""
    if _has_secret(request.form or ()) or _json_has_secret(request):
        return False
    body = request.body(reveal=False)
    try:
        body.decode()
    except UnicodeDecodeError:
        return True
    return b"\0" in body or len(body) > _LONGEST_ARGUMENT


def _print_body(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" not in text:
        return f"printf %s {shlex.quote(text)}"
    return "printf '" + "".join(f"\\{byte:03o}" for byte in body) + "'"


def _has_secret(pairs: Pairs) -> bool:
    return any(isinstance(value, Secret) for _, value in pairs)


def _json_has_secret(request: Request) -> bool:
    def within(value: Any) -> bool:
        if isinstance(value, dict):
            return any(within(item) for item in value.values())
        if isinstance(value, (list, tuple)):
            return any(within(item) for item in value)
        return isinstance(value, Secret)

    return request.raw is None and request.form is None and within(request.json)


def _marked(value: Any) -> Any:
    """JSON with marks in place of secrets, so that a plain text that merely looks like ``$NAME`` stays text."""
    if isinstance(value, dict):
        return {name: _marked(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_marked(item) for item in value]
    if isinstance(value, Secret):
        return "".join(f"\ue000{part.name}\ue001" if isinstance(part, _Variable) else part for part in _parts(value))
    return value


def _parts(text: Text) -> _Parts:
    if not isinstance(text, Secret):
        return [text]
    return _split(shown(text), _VARIABLE) if _VARIABLE.search(text.shown) else [_Variable("PUSHCTL_SECRET")]


def _split(text: str, pattern: re.Pattern[str]) -> _Parts:
    pieces: Iterable[tuple[int, str]] = enumerate(pattern.split(text))
    return [_Variable(piece) if position % 2 else piece for position, piece in pieces if piece]


def _encoded(name: str) -> str:
    from urllib.parse import quote_plus

    return quote_plus(name)


def _quoted(text: str) -> str:
    """For the inside of quotes in curl's config file (curl's manual, ``-K``)."""
    table = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
    return "".join(table.get(char, char) for char in text)


def _format(text: str) -> str:
    """For a format string of ``printf``."""
    return text.replace("\\", "\\\\").replace("%", "%%")
