"""``pushctl demo``: the main job against the sandbox, in one minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pushctl.cli.base import Cli, application, command
from pushctl.core.message import Message
from pushctl.core.report import Report, Result
from pushctl.core.verdict import ExitCode
from pushctl.flows.send import Run
from pushctl.flows.session import Opening, default_target, open_session
from pushctl.output.view import Blank, Facts, Headline, Paragraph, View

if TYPE_CHECKING:
    from pushctl.core.wire import Exchange

app = application("A guided run against the sandbox.")


@dataclass(frozen=True, slots=True)
class Step:
    """One push of the demo, the command line that does the same, and what must come of it."""

    about: str
    line: str
    message: Message
    vendor: str = "apns"
    scenario: str | None = None
    code: str = ""


STEPS = (
    Step(
        "A normal push.",
        "pushctl send --sandbox apns --title Hello --body 'From pushctl'",
        Message(title="Hello", body="From pushctl"),
    ),
    Step(
        "A silent push: it wakes the app and shows nothing.",
        "pushctl send --sandbox apns --silent --data sync=inbox",
        Message(silent=True, data={"sync": "inbox"}),
    ),
    Step(
        "A refusal: the app was removed from the phone.",
        "pushctl send --sandbox apns --scenario token-dead --title Hello",
        Message(title="Hello"),
        scenario="token-dead",
        code="Unregistered",
    ),
    Step(
        "A silent push to Android: Firebase gets data only, and what an iPhone needs besides.",
        "pushctl send --sandbox fcm --silent --data sync=inbox",
        Message(silent=True, data={"sync": "inbox"}),
        vendor="fcm",
    ),
    Step(
        "A refusal that looks like a dead token and need not be one: Huawei says the same of wrong credentials.",
        "pushctl send --sandbox hms --scenario token-dead --title Hello --body World",
        Message(title="Hello", body="World"),
        vendor="hms",
        scenario="token-dead",
        code="80300007",
    ),
    Step(
        "A refusal that comes with HTTP 200: the day's number of messages of this class is used up.",
        "pushctl send --sandbox oppo --scenario quota --category NEWS --title 'Your city' --body 'Rain from noon on'",
        Message(title="Your city", body="Rain from noon on", category="NEWS"),
        vendor="oppo",
        scenario="quota",
        code="33",
    ),
)


@command(app, examples="pushctl demo")
def demo(cli: Cli) -> ExitCode:
    """Send normal pushes, silent ones and some that are refused to the built-in emulators of Apple, Google, Huawei and
    OPPO.

    Each is shown with the request that went out. Nothing leaves this machine; no account is needed.
    """
    from pushctl.output import documents, exchanges, screens

    report = Report()
    view: View = ()
    surprises = 0
    for number, step in enumerate(STEPS, 1):
        result, sent = _run(cli, step)
        report.results.append(result)
        surprises += result.verdict.says.outcome != ("refused" if step.code else "accepted")
        view = (
            *view,
            Headline("info", f"{number}/{len(STEPS)}", step.about),
            Paragraph(f"$ {step.line}", indent=2),
            Blank(),
            *exchanges.exchange_view(sent[-1]),
            Blank(),
            *screens.result_view(result),
            Blank(),
        )
    code = ExitCode.REFUSED if surprises else ExitCode.ACCEPTED
    document = documents.report_document(report) | {"ok": not surprises, "exit_code": int(code)}
    cli.console.show((*view, *_farewell(surprises)), document)
    return code


def _run(cli: Cli, step: Step) -> tuple[Result, list[Exchange]]:
    sent: list[Exchange] = []
    opening = Opening(
        environ=cli.process.environ,
        cwd=cli.process.cwd,
        stdin=lambda: b"",
        sandbox=step.vendor,
        scenario=step.scenario,
        watch=sent.append,
    )
    with open_session(opening) as session:
        (result,) = Run(session, [(step.message, default_target(session, step.message))])
    return result, sent


def _farewell(surprises: int) -> View:

    if surprises:
        return (Headline("bad", "FAILED", "the emulator did not answer as it should; please report this", mark=True),)
    return (
        Headline("good", "DONE", "that was the main job, on this machine alone", mark=True),
        Facts(
            (
                ("your own phone", "pushctl profile import AuthKey_XXXXXXXXXX.p8, or a service account's JSON …"),
                ("more services", "pushctl vendors"),
                ("more refusals", "pushctl sandbox scenarios"),
                ("what a code means", "pushctl explain apns:BadDeviceToken"),
            )
        ),
    )
