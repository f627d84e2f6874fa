"""The twelve screens, recorded. ``PUSHCTL_UPDATE_GOLDEN=1 pytest tests/output`` records them anew; then read them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from output_samples import console, screens

from pushctl.core.report import Report
from pushctl.output.documents import findings_document, report_document
from pushctl.output.screens import findings_view

GOLDEN = Path(__file__).parent / "golden"
SCREENS = screens()
UPDATE = bool(os.environ.get("PUSHCTL_UPDATE_GOLDEN"))  # read before a fixture cleans the environment
SUFFIXES = {"human": "human.txt", "plain": "plain.txt", "json": "json"}


def shown(name: str, output: str) -> str:
    terminal = output == "human"
    where, out, _ = console(output, terminal=terminal, NO_COLOR="1", GITHUB_ACTIONS="true", COLUMNS="80")
    report: Report = SCREENS[name]
    if name.endswith("-lint"):
        stopped = any(finding.level == "error" for finding in report.findings)
        where.show(
            findings_view(report.findings, sent="nothing was sent" if stopped else ""),
            findings_document(report.findings),
        )
    else:
        for result in report.results:
            where.stream(result)
        where.finish(report)
    return out.getvalue()


@pytest.mark.parametrize("output", SUFFIXES)
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_what_was_recorded(name: str, output: str) -> None:
    path = GOLDEN / f"{name}.{SUFFIXES[output]}"
    text = shown(name, output)
    if UPDATE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("output", ["human", "plain"])
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_fits_in_twelve_lines_of_eighty_columns(name: str, output: str) -> None:
    lines = shown(name, output).splitlines()
    assert len(lines) <= 12
    assert max(map(len, lines)) <= 80 or name == "ci-refused"  # a table in a pipe keeps its rows whole


@pytest.mark.parametrize("name", [name for name in SCREENS if not name.endswith("-lint")])
def test_a_recorded_document_holds_the_verdict_of_its_report(name: str) -> None:
    document = json.loads(shown(name, "json"))
    assert document == report_document(SCREENS[name])
    assert [row["outcome"] for row in document["results"]] == [r.verdict.says.outcome for r in SCREENS[name].results]
