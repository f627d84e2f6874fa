"""What is said, in which order, and what never appears."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from output_samples import (
    APNS_ID,
    CANARY,
    CATALOGUE,
    TOKEN,
    acceptance,
    bearer,
    console,
    loss,
    refusal,
    request,
    screens,
    sent,
)
from test_text import obeyed

from pushctl.core.catalogue import Entry
from pushctl.core.errors import ProfileError
from pushctl.core.finding import Finding
from pushctl.core.message import Target
from pushctl.core.report import Report, Result
from pushctl.core.secret import Secret
from pushctl.core.vendor import Answer
from pushctl.core.verdict import Judgement, Verdict
from pushctl.core.wire import Exchange, Goaway, Lost, Request, Response
from pushctl.output import documents, exchanges, plain
from pushctl.output import screens as say
from pushctl.output.layout import height
from pushctl.output.terminal import Paper
from pushctl.output.text import is_unsafe
from pushctl.output.view import View

ENTRIES = [entry for entry in CATALOGUE.entries if entry.outcome == "refused"]


def text_of(view: View, cells: int = 80) -> str:
    return plain.render(view, Paper(cells))


def refused_with(entry: Entry, detail: str = "") -> Result:
    says = Judgement(
        "refused",
        entry.code,
        entry.category,
        token_dead=entry.token_dead,
        retryable=entry.retryable,
        http_status=entry.http_status,
        detail=detail,
        entry=entry,
    )
    verdict = Verdict(Target("token", TOKEN), says, APNS_ID, (("apns-unique-id", APNS_ID),), 143)
    reply = Response(entry.http_status or 400, (("apns-id", APNS_ID),))
    return Result("apns", verdict, "silent", reply, request(), "my-ios", "production", emulated=True)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.code}-{entry.http_status}")
@pytest.mark.parametrize("detail", ["", "What the vendor said in its own words. " * 30, "x/" * 900], ids=len)
def test_every_refusal_of_the_catalogue_fits_in_twelve_lines(entry: Entry, detail: str) -> None:
    view = say.result_view(refused_with(entry, detail))
    assert height(view, 80) <= 12
    lines = text_of(view).splitlines()
    assert lines[0] == "EMULATED: nothing left this machine"
    assert lines[1].startswith("REFUSED  ")
    assert entry.code in lines[1]
    assert any(f"pushctl explain {entry.id}" in line or f'pushctl explain "{entry.id}"' in line for line in lines)
    for label in ("cause", "fix", "token", "retry", "apns-id"):
        assert any(line.startswith(f"  {label} ") for line in lines), label


def test_verbose_tells_every_cause_and_fix_and_where_it_is_from() -> None:
    result = refusal("BadDeviceToken", 400)
    entry = result.verdict.says.entry
    assert entry is not None
    told = " ".join(text_of(say.result_view(result, verbose=1)).split())
    for text in (*entry.causes, *entry.fixes, *entry.sources):
        assert text in told


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (refusal("Unregistered", 410), "00fc13ad…e8f0 is dead in sandbox: stop sending to it there"),
        (refusal("BadDeviceToken", 400), "00fc13ad…e8f0 may be dead or alive: this answer does not tell"),
        (refusal("PayloadTooLarge", 413), "00fc13ad…e8f0 is not dead: keep it"),
        (refusal("NeverSeenBefore", 400), "00fc13ad…e8f0 may be dead or alive: this answer does not tell"),
    ],
)
def test_a_refusal_says_whether_the_token_is_dead(result: Result, expected: str) -> None:
    assert expected in text_of(say.result_view(result))


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (refusal("PayloadTooLarge", 413), "retry    no: the same request would be refused again"),
        (refusal("ServiceUnavailable", 503), "yes, after 15 minutes with back-off"),
        (refusal("TooManyProviderTokenUpdates", 429), "yes, reuse the previous JWT, or wait 20 minutes"),
        (loss("DNS", "no", "x"), "repeat   safe: nothing reached the vendor"),
        (loss("CLOSED", "maybe", "x"), "repeat   NOT SAFE: it may have arrived"),
    ],
)
def test_it_says_whether_and_when_to_try_again(result: Result, expected: str) -> None:
    assert expected in text_of(say.result_view(result))


def test_the_wait_that_an_answer_asks_for_is_told() -> None:
    reply = Response(429, (("apns-id", APNS_ID), ("retry-after", "90")), b'{"reason":"TooManyRequests"}')
    assert "after 90 s" in text_of(say.result_view(sent(reply)))


def test_accepted_is_not_delivered_and_where_to_look_next() -> None:
    told = text_of(say.result_view(acceptance()))
    assert told.startswith("ACCEPTED  ")
    assert "Accepted is not delivered" in told
    assert "apns-unique-id" in told
    assert "Push Notifications Console" in told


def test_an_uncertain_entry_says_so() -> None:
    uncertain = next(entry for entry in ENTRIES if entry.confidence == "low")
    assert "(confidence low: one weak source, or inferred)" in text_of(say.result_view(refused_with(uncertain)), 200)
    assert "one weak source" in text_of(say.entry_view(uncertain))


def test_a_code_that_no_catalogue_has_still_gets_sensible_words() -> None:
    says = Judgement("refused", "Surprise", "payload", http_status=400)
    told = text_of(say.result_view(replace(refusal("X", 400), verdict=Verdict(None, says))))
    assert "not in the catalogue: Surprise" in told
    assert "pushctl lint" in told
    assert "pushctl explain" not in told


def test_a_batch_is_told_by_lines_and_by_codes() -> None:
    results = [acceptance(), *[refusal("Unregistered", 410)] * 30, loss("CLOSED", "maybe", "cut")]
    told = text_of(say.report_view(Report(results)))
    assert "1 accepted, 30 refused, 1 unknown of 32" in told
    assert "30 × Unregistered" in told
    assert "30 tokens are dead" in told
    assert "… and 12 more (-v or -o jsonl shows all)" in told
    assert len(text_of(say.report_view(Report(results), verbose=1)).splitlines()) > 32


@pytest.mark.parametrize(("results", "expected"), [([], "nothing was sent"), ([acceptance()], "listed above was sent")])
def test_an_interrupted_run_says_so(results: list[Result], expected: str) -> None:
    told = text_of(say.report_view(Report(results, interrupted=True)))
    assert "INTERRUPTED" in told
    assert expected in told


def test_errors_come_before_warnings_and_the_numbers_before_both() -> None:
    warning, error = Finding("w", "warning", "Odd."), Finding("e", "error", "Wrong.", "Mend it.", "aps.x")
    lines = text_of(say.findings_view([warning, error])).splitlines()
    assert lines == [
        "1 error, 1 warning",
        "error: Wrong.",
        "  fix   Mend it.",
        "  rule  e · aps.x",
        "warning: Odd.",
        "  rule  w",
    ]


def test_no_finding_is_told_too() -> None:
    assert text_of(say.findings_view([])) == "OK  no objections\n"


def test_our_own_failure_has_a_text_and_a_remedy() -> None:
    error = ProfileError("There is no profile 'x'.", "Did you mean 'y'?", where="-p")
    assert text_of(say.error_view(error)) == "error: There is no profile 'x'. (-p)\n  fix: Did you mean 'y'?\n"


def test_an_answer_shows_its_facts() -> None:
    answer = Answer(Judgement("accepted", "", None, http_status=201), (("apns-channel-id", "dHN0LXNyY2gtY2hubA=="),))
    assert text_of(say.answer_view(answer, "apns", environment="sandbox", emulated=True)).splitlines() == [
        "EMULATED: nothing left this machine",
        "OK  HTTP 201 · apns sandbox",
        "  apns-channel-id  dHN0LXNyY2gtY2hubA==",
    ]


def test_a_dry_run_shows_the_request_with_its_secrets_by_name() -> None:
    told = text_of(exchanges.requests_view([request()]))
    assert "DRY RUN: 1 request built, nothing was sent" in told
    assert "POST https://api.sandbox.push.apple.com/3/device/00fc13ad…e8f0 HTTP/2" in told
    assert "authorization: bearer $PUSHCTL_TOKEN" in told
    assert '$PUSHCTL_TOKEN = {"alg":"ES256"' in told
    assert "# body: 47 bytes" in told


def test_a_dry_run_shows_a_form_field_by_field_with_its_json_spread_out() -> None:
    form = (("auth_token", Secret(CANARY, "$PUSHCTL_TOKEN")), ("message", '{"title":"订单 42"}'), ("text", "a\nb=c&d"))
    told = text_of(
        exchanges.requests_view([Request("send", "POST", "https://example.com/x", form=form)], http_version=None)
    )
    assert "auth_token = $PUSHCTL_TOKEN" in told
    assert 'message = {\n  "title": "订单 42"\n}' in told
    assert 'text = "a\\nb=c&d"' in told
    assert "a form, percent-encoded on the wire" in told
    assert CANARY not in told


def test_an_exchange_is_shown_as_curl_shows_it() -> None:
    exchange = Exchange(request(), Response(400, (("apns-id", APNS_ID),), b'{"reason":"BadDeviceToken"}', 12))
    lines = text_of(exchanges.exchange_view(exchange)).splitlines()
    assert lines[0] == "> POST https://api.sandbox.push.apple.com/3/device/00fc13ad…e8f0 HTTP/2"
    assert '> {"aps":{"alert":{"title":"Hi","body":"There"}}}' in lines
    assert lines[-5:] == ["< HTTP/2 400", f"< apns-id: {APNS_ID}", "<", '< {"reason":"BadDeviceToken"}', "* 12 ms"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Goaway(b'{"reason":"BadCertificate"}'), '< {"reason":"BadCertificate"}'),
        (Lost("no", "no route", "CONNECT"), "* no answer (CONNECT, sent: no): no route"),
        (Response(200, (), b"\xff\xfe"), "< (2 bytes that are no text)"),
    ],
)
def test_an_exchange_shows_whatever_came_back(reply: Response | Goaway | Lost, expected: str) -> None:
    assert expected in text_of(exchanges.exchange_view(Exchange(request(), reply)))


NASTY = "\x1b[2J\x1b]0;pwned\x07\u202eevil\u200b\u2066\x9b31m\r\n::error::gotcha\n##[error]gotcha"


def nasty_result() -> Result:
    says = Judgement("refused", NASTY, "payload", http_status=400, detail=NASTY)
    verdict = Verdict(Target("topic", NASTY), says, NASTY, ((NASTY, NASTY),))
    asked = Request("send", "POST", f"https://x.example/{NASTY}", headers=((NASTY, NASTY),), raw=NASTY.encode())
    reply = Response(400, ((NASTY, NASTY),), NASTY.encode())
    return Result("apns", verdict, "raw", reply, asked, NASTY, NASTY, emulated=True, where_next=NASTY)


@pytest.mark.parametrize("terminal", [False, True])
@pytest.mark.parametrize("output", ["human", "plain", "json", "jsonl"])
def test_nothing_that_a_vendor_says_reaches_the_terminal_or_the_runner_as_a_command(
    output: str, terminal: bool
) -> None:
    result = nasty_result()
    where, out, err = console(output, terminal=terminal, verbose=1, GITHUB_ACTIONS="true", TERM="xterm-256color")
    where.stream(result)
    where.stream(result)
    where.finish(Report([result, result], [Finding(NASTY, "warning", NASTY, NASTY, NASTY)]))
    exchange = Exchange(nasty_result().request, result.reply)  # type: ignore[arg-type]
    where.exchange(exchange)
    where.show(exchanges.requests_view([exchange.request]), documents.requests_document([exchange.request]))
    where.show(say.facts_view([(NASTY, NASTY)], NASTY), {"schema": "x", "text": NASTY})
    where.show(say.table_view([NASTY], [[NASTY]]), {"schema": "x"})
    where.talk(NASTY)
    where.error(ProfileError(NASTY, NASTY, where=NASTY))
    written = out.getvalue() + err.getvalue()
    assert "gotcha" in written
    if output == "human" and terminal:
        written = re.sub(r"\x1b\[[0-9;]*m", "", written)  # our own colours
    assert not [c for c in written if is_unsafe(c) and c != "\n"]
    assert not [line for line in written.splitlines() if obeyed(line)]


@pytest.mark.parametrize("output", ["human", "plain", "json", "jsonl"])
def test_a_secret_appears_nowhere_even_when_the_other_side_repeats_it(output: str) -> None:
    key = bearer()
    asked = Request(
        "send",
        "POST",
        "https://x.example/send",
        headers=(("authorization", key),),
        query=(("key", key),),
        form=None,
        json={"deep": [{"secret": key}]},
    )
    form = replace(asked, json=None, form=(("secret", key),))
    echo = f"you sent 'bearer {CANARY}' and {CANARY}"
    response = Response(403, (("x-echo", echo),), echo.encode())
    where, out, err = console(output, verbose=2)
    for reply in (response, Goaway(echo.encode()), Lost("maybe", echo)):
        says = Judgement("unknown", "X", "network", sent="maybe", detail=echo)
        result = Result("apns", Verdict(None, says), "raw", reply, asked)
        where.finish(Report([result]))
        for one in (asked, form):
            where.exchange(Exchange(one, reply))
            where.show(exchanges.requests_view([one]), documents.requests_document([one]))
    written = out.getvalue() + err.getvalue()
    assert CANARY not in written
    assert "$PUSHCTL_TOKEN" in written


def test_the_token_that_an_auth_answer_brings_is_not_shown() -> None:
    body = f'{{"access_token":"{CANARY}","expires_in":3600,"token_type":"Bearer"}}'.encode()
    exchange = Exchange(Request("auth", "POST", "https://x.example/token"), Response(200, (), body))
    told = text_of(exchanges.exchange_view(exchange))
    assert CANARY not in told
    assert '"token_type":"Bearer"' in told
    assert '"access_token":"$HIDDEN"' in told


@pytest.mark.parametrize("name", screens())
@pytest.mark.parametrize("cells", [20, 34, 60])
def test_a_narrow_window_wraps_and_loses_nothing(name: str, cells: int) -> None:
    view = say.report_view(screens()[name])
    narrow = text_of(view, cells)
    assert "".join(narrow.split()) == "".join(text_of(view, 200).split())
    assert all(
        len(line) <= cells or "/" in line or len(max(line.split(), key=len)) > cells - 16
        for line in narrow.splitlines()
    )


# --- receipts --------------------------------------------------------------------------------------------------------


def receipt(outcome: str, code: str, token: str = TOKEN, entry: Entry | None = ENTRIES[0]) -> Result:
    says = Judgement(outcome, f"receipt/{code}", None, http_status=200, detail="Said so.", entry=entry)  # type: ignore[arg-type]
    return Result("hms", Verdict(Target("token", token), says), "raw", Response(200))


@pytest.mark.parametrize(
    ("outcome", "word"), [("accepted", "DELIVERED"), ("refused", "NOT DELIVERED"), ("unknown", "NOT YET")]
)
def test_a_receipt_tells_of_the_delivery_and_not_of_the_vendors_taking_it(outcome: str, word: str) -> None:
    told = text_of(say.report_view(Report([receipt(outcome, "0")])))
    assert told.startswith(word)
    assert not any(no in told for no in ("Accepted is not delivered", "HTTP 200", "repeat", "retry"))


def test_a_tap_is_told_as_one_and_a_type_that_nobody_knows_as_unclear() -> None:
    tapped = replace(ENTRIES[0], name="Clicked")
    assert text_of(say.report_view(Report([receipt("accepted", "2", entry=tapped)]))).startswith("CLICKED")
    assert text_of(say.report_view(Report([receipt("refused", "99", entry=None)]))).startswith("UNCLEAR")


def test_several_receipts_are_counted_by_what_became_of_them() -> None:
    told = text_of(say.report_view(Report([receipt("accepted", "0"), receipt("refused", "256", "b" * 64)])))
    assert "1 delivered, 1 not delivered of 2" in told
    assert "accepted" not in told


def test_a_doubt_is_on_the_screen_however_long_the_answer_is() -> None:
    entry = replace(ENTRIES[0], confidence="low", causes=("a cause " * 30,) * 3, fixes=("a fix " * 30,) * 3)
    told = text_of(say.report_view(Report([refused_with(entry, "The vendor says: " + "word " * 200)])))
    assert "confidence low" in " ".join(told.split())


def test_what_an_accepted_push_would_meet_is_no_news_of_a_refused_one() -> None:
    note = Finding("class", "info", "Handled as MARKETING.")
    warning = Finding("clock-wrong", "warning", "The clock is wrong.")
    refused = text_of(say.report_view(Report([refusal("BadDeviceToken", 400)], [note, warning])))
    assert "Handled as MARKETING" not in refused
    assert "The clock is wrong" in refused
    assert "Handled as MARKETING" in text_of(say.report_view(Report([acceptance()], [note])))
