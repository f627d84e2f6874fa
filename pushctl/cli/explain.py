"""``pushctl explain``: a code, a raw response, a payload field, a lint rule."""

from __future__ import annotations

import dataclasses
import os
import re
from typing import TYPE_CHECKING, Annotated

from pushctl.cli.base import Cli, application, argument, command, option
from pushctl.cli.options.values import assignment
from pushctl.core.errors import UsageError
from pushctl.core.verdict import ExitCode
from pushctl.flows.explain import Explained
from pushctl.flows.explain import explain as look_up

if TYPE_CHECKING:
    from pushctl.core.catalogue import Entry

app = application("What a code, a raw response, a payload field or a lint rule means.")
PANEL = "A response from your logs"


@dataclasses.dataclass(frozen=True, slots=True)
class ResponseOptions:
    """An answer of the vendor, wherever it was logged."""

    http_status: Annotated[int | None, option("--http-status", metavar="N", panel=PANEL, help="Its HTTP status.")] = (
        None
    )
    goaway: Annotated[
        bool, option("--goaway", panel=PANEL, help="It stood in an HTTP/2 GOAWAY frame and has no status.")
    ] = False
    headers: Annotated[
        list[str] | None,
        option("--response-header", "--header", metavar="K=V", panel=PANEL, help="One of its headers. Repeatable."),
    ] = None
    body: Annotated[
        str | None, option("--body", metavar="FILE", panel=PANEL, help="Its body; - is stdin; {…} is taken as it is.")
    ] = None
    target: Annotated[str | None, option("--target", metavar="TOKEN", panel=PANEL, help="Whom the push went to.")] = (
        None
    )
    call: Annotated[
        str | None,
        option(
            "--call", metavar="NAME", panel=PANEL, help="The interface that answered: send, auth, topic …; receipt."
        ),
    ] = None


@command(
    app,
    examples="""
    pushctl explain apns:BadDeviceToken
    pushctl explain apns aps.interruption-level
    pushctl explain apns silent-priority
    pushctl explain apns --http-status 410 --body '{"reason":"Unregistered"}'
    pushctl explain apns --goaway --body '{"reason":"BadCertificateEnvironment"}'
    pushctl explain honor --call receipt --body '{"statuses":[{"status":40000002}]}'
    """,
)
def explain(
    cli: Cli,
    vendor: Annotated[str, argument("VENDOR|VENDOR:CODE|CODE", "The vendor, or all in one.")],
    response: ResponseOptions,
    code: Annotated[str, argument("[CODE|FIELD|RULE]", "The code, payload field or lint rule.")] = "",
) -> ExitCode:
    """Say what a code means: cause, fix, whether to retry, whether the token is dead.

    With --http-status, --goaway or --body a whole response is judged as 'send' would have judged it, with its exit
    code: a log line with text around it, escaped JSON and what 'curl -i' printed will do. Works offline and needs no
    profile.
    """
    raw = response.http_status is not None or response.goaway or response.body is not None
    if raw and code:
        raise UsageError(
            f"Either the code {code!r} or a response is explained, not both.", "Leave one of them out.", where="--body"
        )
    return _judge(cli, vendor, response) if raw else _look_up(cli, vendor, code)


def _look_up(cli: Cli, vendor: str, code: str) -> ExitCode:
    from pushctl.output import documents, screens
    from pushctl.output.screens.knowledge import field_view, rule_view
    from pushctl.output.view import Blank, View
    from pushctl.vendors.registry import VENDORS

    # "apns" alone is the vendor, though others have a field of that name.
    found = look_up(vendor, code) if code else Explained() if vendor in VENDORS else look_up(None, vendor)
    if not found:
        raise _not_found(vendor, code, found)
    views = [
        *(screens.entry_view(entry) for entry in found.entries),
        *(rule_view(rule) for rule in found.rules),
        *(field_view(field) for field in found.fields),
    ]
    view: View = ()
    for one in views:
        view = (*view, *((Blank(),) if view else ()), *one)
    for family, entries in _families(found).items():
        rows = [(one.code.rpartition("/")[2], one.summary) for one in entries]
        heading = f"{family}/… by what the answer says" if found.entries else f"{family}/…"
        view = (*view, *((Blank(),) if view else ()), *screens.facts_view(rows, heading))
    rules = [dataclasses.asdict(rule) for rule in found.rules]
    fields = [dataclasses.asdict(field) for field in found.fields]
    cli.console.show(view, documents.explain_document(found.entries, rules, fields, found.narrower))
    return ExitCode.ACCEPTED


def _families(found: Explained) -> dict[str, list[Entry]]:
    """The narrower entries by what they narrow, ``hms:80300007``: each vendor has its own."""
    families: dict[str, list[Entry]] = {}
    for entry in found.narrower:
        families.setdefault(entry.id.rpartition("/")[0], []).append(entry)
    return families


def _not_found(vendor: str, code: str, found: Explained) -> UsageError:
    from pushctl.vendors.registry import VENDORS, resolve

    if not code and (vendor in VENDORS or any(vendor in aliases for aliases in VENDORS.values())):
        return UsageError(
            f"What of {vendor} is to be explained?",
            f"Add a code, a payload field, a lint rule, or a response: pushctl explain {_example(vendor)}.",
            rule="nothing-to-explain",
        )
    name, colon, rest = vendor.partition(":")
    asked, word = (vendor, code) if code else (name, rest) if colon and rest else ("", vendor)
    if found.elsewhere:
        others = dict.fromkeys(one.partition(":")[0] for one in found.elsewhere)
        commands = " or ".join(f"'pushctl explain {one}'" for one in found.elsewhere)
        return UsageError(
            f"{resolve(asked)} has no {word!r}; {' and '.join(others)} {'has' if len(others) == 1 else 'have'}.",
            f"Ask {commands}.",
            rule="not-in-catalogue",
        )
    close = f"Did you mean {' or '.join(found.close)}? " if found.close else ""
    return UsageError(
        f"Nothing is known of {word!r}{f' for {asked}' if asked else ''}.",
        f"{close}A whole response can be explained with --http-status and --body.",
        rule="not-in-catalogue",
    )


def _example(vendor: str) -> str:
    """A code of the vendor's to try: the first that speaks of a token."""
    from pushctl.vendors.registry import catalogue

    return next(entry.id for entry in catalogue(vendor).entries if entry.category == "token")


def _judge(cli: Cli, vendor: str, response: ResponseOptions) -> ExitCode:
    from pushctl.core.message import Target
    from pushctl.flows.raw_answer import judge_raw

    status = response.http_status
    if status is not None and not 100 <= status <= 999:
        raise UsageError(
            f"--http-status {status} is no HTTP status.",
            "It has three digits.",
            rule="bad-status",
            where="--http-status",
        )
    pairs = [assignment(text, "--response-header") for text in response.headers or []]
    body = _body(cli, response.body)
    report = judge_raw(
        vendor,
        body,
        http_status=status,
        goaway=response.goaway,
        headers=[(name, str(value)) for name, value in pairs],
        call=response.call or "send",
        target=Target("token", response.target) if response.target else None,
    )
    from pushctl.cli import explain_output

    explain_output.show(cli.console, explain_output.without_grants(report, response.call, body), response.call)
    return report.exit_code


_TEXTS = ("{", "[", "<", '"', "HTTP/", "data=", "cb=", "access_token=")
_FILE = re.compile(r"[~./\\]|[A-Za-z]:[/\\]|.*\.\w{1,5}$", re.DOTALL)


def _is_text(cli: Cli, name: str) -> bool:
    """Whether this is the body itself and no file's name: no name begins so, or holds an object; a few words are none
    where there is no such file."""
    from pushctl.flows.logged import holds_objects

    if name.lstrip().startswith(_TEXTS) or "\n" in name or holds_objects(name):
        return True
    return " " in name.strip() and not _FILE.match(name) and not cli.process.has_file(name)


def _body(cli: Cli, name: str | None) -> bytes:
    if name is None:
        return b""
    if _is_text(cli, name):
        return os.fsencode(name)
    return cli.process.read_file(name, "--body")
