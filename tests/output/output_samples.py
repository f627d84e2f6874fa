"""Results as the flows make them, for every screen that is recorded."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pushctl.vendors
from pushctl.core.catalogue import Catalogue
from pushctl.core.finding import Finding
from pushctl.core.message import Target
from pushctl.core.report import Report, Result
from pushctl.core.secret import Secret
from pushctl.core.wire import Lost, Reply, Request, Response
from pushctl.output.console import Console, Options
from pushctl.vendors.apns.judge import judge

CATALOGUE = Catalogue(Path(pushctl.vendors.__path__[0]) / "apns" / "errors.json")
TOKEN = "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0"
TOKENS = (TOKEN, TOKEN.replace("00fc13ad", "71b2cc04"), TOKEN.replace("00fc13ad", "93ae5d11"))
APNS_ID = "8a6c7a4e-1f6b-4a3e-9e50-0c2d8f6b7a11"
UNIQUE_ID = "5f2c8a6c-7a4e-1f6b-4a3e-9e500c2d8f6b"
CANARY = "CANARY-2b7e151628aed2a6abf7158809cf4f3c"
CONSOLE = (
    "The Push Notifications Console (icloud.developer.apple.com) shows its delivery log under this apns-unique-id."
)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def bearer() -> Secret:
    about = '{"alg":"ES256","kid":"ABC123DEFG"} {"iss":"DEF123GHIJ","iat":1795000000}'
    return Secret(CANARY, "$PUSHCTL_TOKEN", about).within("bearer ")


def request(token: str = TOKEN, host: str = "api.sandbox.push.apple.com") -> Request:
    return Request(
        "send",
        "POST",
        f"https://{host}/3/device/{token}",
        headers=(
            ("authorization", bearer()),
            ("apns-topic", "com.example.app"),
            ("apns-push-type", "alert"),
            ("apns-id", APNS_ID),
        ),
        json={"aps": {"alert": {"title": "Hi", "body": "There"}}},
        message_id=APNS_ID,
    )


def sent(reply: Reply, *, token: str = TOKEN, ms: int = 143, **changes: object) -> Result:
    """A push and its answer, judged as the vendor judges it."""
    verdict = replace(judge(reply, (Target("token", token),))[0], ms=ms)
    known = {
        "vendor": "apns",
        "verdict": verdict,
        "kind": "notification",
        "reply": reply,
        "request": request(token),
        "profile": "my-ios",
        "environment": "sandbox",
    }
    return Result(**{**known, **changes})  # type: ignore[arg-type]


def refusal(code: str, status: int, body: bytes = b"", **changes: object) -> Result:
    reply = Response(status, (("apns-id", APNS_ID),), body or b'{"reason":"%s"}' % code.encode())
    return sent(reply, **changes)  # type: ignore[arg-type]


def acceptance(*, unique_id: bool = True, **changes: object) -> Result:
    ids = (("apns-id", APNS_ID), ("apns-unique-id", UNIQUE_ID))
    return sent(Response(200, ids if unique_id else ids[:1]), **{"where_next": CONSOLE, **changes})  # type: ignore[arg-type]


def loss(code: str, sent_: Literal["no", "maybe"], why: str, **changes: object) -> Result:
    return sent(Lost(sent_, why, code), **changes)  # type: ignore[arg-type]


SILENT_WITH_ALERT = Finding(
    "silent-with-alert",
    "error",
    "A silent push must not carry aps.alert: iOS would show it.",
    "Leave --title and --body out, or drop --silent.",
    "aps.alert",
    "https://developer.apple.com/documentation/usernotifications/pushing-background-updates-to-your-app",
)
BADGE_IS_TEXT = Finding(
    "badge-is-text", "warning", 'aps.badge is the text "3"; Apple wants a number.', "Write --badge 3.", "aps.badge"
)
SILENT_BUDGET = Finding(
    "silent-budget",
    "info",
    "Apple lets about two or three silent pushes an hour through to one device; more are held back.",
    "Space them out, and do not use them to keep an app alive.",
    confidence="medium",
)


def screens() -> dict[str, Report]:
    """The twelve screens: developer, CI and support; accepted, refused, unknown and lint."""
    emulated = {"emulated": True, "environment": "production", "profile": "sandbox"}
    raw = {"request": None, "profile": None, "environment": None, "kind": "raw"}
    gone = b'{"reason":"Unregistered","timestamp":1793525400000}'
    page = Response(502, (("content-type", "text/html"),), b"<html><h1>502 Bad Gateway</h1></html>")
    slow = "api.sandbox.push.apple.com:443 did not answer within 15 s."
    return {
        "developer-accepted": Report([acceptance()]),
        "developer-refused": Report([refusal("BadDeviceToken", 400)]),
        "developer-unknown": Report([loss("TIMEOUT", "maybe", slow, ms=15000)]),
        "developer-lint": Report(findings=[SILENT_WITH_ALERT, BADGE_IS_TEXT]),
        "ci-accepted": Report([acceptance(unique_id=False, kind="silent", **emulated)], [SILENT_BUDGET]),
        "ci-refused": Report(
            [
                acceptance(token=TOKENS[0]),
                refusal("BadDeviceToken", 400, token=TOKENS[1]),
                refusal("TooManyRequests", 429, token=TOKENS[2]),
            ]
        ),
        "ci-unknown": Report([loss("DNS", "no", "The name api.sandbox.push.apple.com was not found.", ms=12)]),
        "ci-lint": Report(findings=[SILENT_WITH_ALERT]),
        "support-accepted": Report([acceptance(**{**raw, "where_next": ""})]),
        "support-refused": Report([refusal("Unregistered", 410, gone, **raw)]),
        "support-unknown": Report([sent(page, **raw)]),  # type: ignore[arg-type]
        "support-lint": Report(findings=[BADGE_IS_TEXT, SILENT_BUDGET]),
    }


def console(
    output: str | None = None, *, terminal: bool = False, verbose: int = 0, quiet: bool = False, **environ: str
) -> tuple[Console, io.StringIO, io.StringIO]:
    out, err = (Terminal(), Terminal()) if terminal else (io.StringIO(), io.StringIO())
    return Console(out, err, environ, Options(output, "auto", verbose, quiet)), out, err  # type: ignore[arg-type]
