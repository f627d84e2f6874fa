"""What a code, a lint rule, a payload field or a raw answer means. Offline, without a profile."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.finding import Finding
from pushctl.core.report import Report, Result
from pushctl.core.rules import Fields, PayloadField, Rule, Rules
from pushctl.core.wire import Goaway, Reply, Response
from pushctl.vendors import registry

if TYPE_CHECKING:
    from pushctl.core.catalogue import Entry
    from pushctl.core.message import Target
    from pushctl.core.vendor import Vendor

Headers = Sequence[tuple[str, str]]
_Reading = Callable[[bytes], Reply]


@dataclass(frozen=True, slots=True)
class Explained:
    """Everything that a word means.

    :ivar close: when it means nothing, words that it may have been meant to be, in the form that explain takes.
    """

    entries: tuple[Entry, ...] = ()
    rules: tuple[Rule, ...] = ()
    fields: tuple[PayloadField, ...] = ()
    close: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.entries or self.rules or self.fields)


def explain(vendor: str | None, word: str) -> Explained:
    """The catalogue entries, lint rules and payload fields called ``word``, letter case ignored.

    :param vendor: id or alias; None takes it from ``vendor:word``, else searches all vendors.
    :raises UsageError: for an unknown vendor. A word that means nothing is a value: see :attr:`Explained.close`.
    """
    vendors, word = _scope(vendor, word)
    entries = tuple(entry for one in vendors for entry in explain_code(one, word))
    rules = tuple(rule for one in vendors for rule in explain_rule(one, word))
    fields = tuple(field for one in vendors for field in explain_field(one, word))
    found = Explained(entries, rules, fields)
    return found or Explained(close=_close(vendors, word))


def explain_code(vendor: str, code: str) -> tuple[Entry, ...]:
    """Every meaning of a code in this vendor's catalogue."""
    return registry.catalogue(vendor).meanings(code.strip())


def explain_rule(vendor: str, rule: str) -> tuple[Rule, ...]:
    """The lint rule of this id, as a tuple of one or none."""
    wanted = rule.strip().casefold()
    return tuple(one for one in _rules(vendor).values() if one.id == wanted)


def explain_field(vendor: str, path: str) -> tuple[PayloadField, ...]:
    """The fields of this path. ``interruption-level`` finds ``aps.interruption-level``: leading keys may be left out
    where no field has the path itself."""
    wanted = path.strip().casefold()
    fields = _fields(vendor).values()
    exact = tuple(field for field in fields if field.path.casefold() == wanted)
    return exact or tuple(field for field in fields if wanted and field.path.casefold().endswith(f".{wanted}"))


def _scope(vendor: str | None, word: str) -> tuple[tuple[str, ...], str]:
    """Which vendors are meant, and the word without its vendor."""
    if vendor is not None:
        return (registry.resolve(vendor),), word
    name, colon, rest = word.partition(":")
    if colon and rest:
        return (registry.resolve(name),), rest
    return tuple(registry.VENDORS), word


def _close(vendors: Iterable[str], word: str) -> tuple[str, ...]:
    """Up to three words like this one, best first."""
    known = {
        name.casefold(): f"{vendor}:{name}"
        for vendor in vendors
        for name in (*registry.catalogue(vendor).codes(), *_rules(vendor), *_fields(vendor))
    }
    wanted = word.strip().casefold()
    matches = difflib.get_close_matches(wanted, known, n=3, cutoff=0.6)
    matches += [name for name in known if len(wanted) >= 4 and wanted in name and name not in matches]
    return tuple(known[match] for match in matches[:3])


def _rules(vendor: str) -> Rules:
    return Rules(registry.folder(vendor) / "rules.json")


def _fields(vendor: str) -> Fields:
    return Fields(registry.folder(vendor) / "fields.json")


# --- a raw answer, wherever it was logged ----------------------------------------------------------------------------


def judge_raw(
    vendor: str,
    body: bytes,
    *,
    http_status: int | None = None,
    goaway: bool = False,
    headers: Headers = (),
    call: str = "send",
    target: Target | None = None,
) -> Report:
    """What ``send`` would have made of this answer.

    A whole HTTP message is taken apart (its status and headers give way to those that were said), and where the body
    as it stands tells nothing the first JSON object in it that the vendor can read is judged; a finding says so.

    :param body: the answer's body, or the debug data of a GOAWAY frame.
    :param http_status: None only with ``goaway``, or where the body starts with a status line.
    :param target: whom the push went to; without it there is one result per target that the body tells apart.
    :raises UsageError: for an unknown vendor, and when there is no status.
    """
    judge = registry.load(vendor)
    given = tuple((name.lower(), value) for name, value in headers)
    found: tuple[Finding, ...] = ()
    if not goaway:
        taken = _http_message(body)
        if taken is not None:
            status, logged, body = taken
            http_status = status if http_status is None else http_status
            given += tuple(pair for pair in logged if pair[0] not in {name for name, _ in given})
            text = "A whole HTTP message was given; its status, headers and body are used."
            found += (_finding("http-message", text),)
        if http_status is None:
            raise UsageError(
                "The status of the answer is missing.",
                "Add --http-status N (or --goaway for what stood in a GOAWAY frame).",
                rule="no-http-status",
            )
    reply, extracted = _readable(judge, call, lambda content: _reply(http_status, given, content, goaway), body)
    verdicts = judge.judge(call, reply, (target,) if target else None)
    results = [Result(judge.card.id, verdict, "raw", reply) for verdict in verdicts]
    return Report(results, [*found, *extracted])


def _reply(http_status: int | None, headers: tuple[tuple[str, str], ...], body: bytes, goaway: bool) -> Reply:
    return Goaway(body) if goaway or http_status is None else Response(http_status, headers, body)


def _readable(judge: Vendor, call: str, reply_of: _Reading, body: bytes) -> tuple[Reply, list[Finding]]:
    """The answer as given; or, when the vendor cannot read it, with the JSON object inside the text that it can."""
    whole = reply_of(body)
    if _is_known(judge, call, whole) or (_is_refusal(judge, call, whole) and _is_object(body)):
        return whole, []
    for place, candidate in _objects(body):
        reply = reply_of(candidate)
        if candidate != body and _is_known(judge, call, reply):
            text = f"The JSON object at character {place + 1} is judged; the text around it is left out."
            return reply, [_finding("body-extracted", text)]
    return whole, []


def _is_known(judge: Vendor, call: str, reply: Reply) -> bool:
    """Whether the vendor reads a success in the answer, or a code of its catalogue."""
    says = [verdict.says for verdict in judge.judge(call, reply, None)]
    return any(one.outcome == "accepted" or (one.outcome == "refused" and one.entry is not None) for one in says)


def _is_refusal(judge: Vendor, call: str, reply: Reply) -> bool:
    return any(verdict.says.outcome == "refused" for verdict in judge.judge(call, reply, None))


def _is_object(body: bytes) -> bool:
    """A JSON object that refuses with a code of no catalogue is still the whole answer."""
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


def _objects(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Every JSON object in a text, with its place; outer ones before the ones inside."""
    text = body.decode("utf-8", "replace")
    decoder = json.JSONDecoder()
    for match in list(re.finditer(r"\{", text))[:200]:
        try:
            _, end = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        yield match.start(), text[match.start() : end].encode("utf-8", "surrogatepass")


_STATUS_LINE = re.compile(rb"HTTP/[0-9.]+ ([0-9]{3})\b[^\r\n]*(?:\r?\n|$)")


def _http_message(body: bytes) -> tuple[int, tuple[tuple[str, str], ...], bytes] | None:
    """Status, headers and body of what ``curl -i`` prints; None when the text does not start with a status line."""
    start = body.lstrip()
    line = _STATUS_LINE.match(start)
    if line is None:
        return None
    head, _, rest = start[line.end() :].replace(b"\r\n", b"\n").partition(b"\n\n")
    if not start[line.end() :].strip(b"\r\n"):
        return int(line[1]), (), b""
    pairs = (row.partition(":") for row in head.decode("utf-8", "replace").split("\n"))
    return int(line[1]), tuple((name.strip().lower(), value.strip()) for name, _, value in pairs if name.strip()), rest


def _finding(rule: str, text: str) -> Finding:
    return Finding(rule, "info", text)
