"""What is said about everything that can be said: from a value of ``core`` to a view."""

from pushctl.output.screens.findings import finding_view, findings_view, stopped_view
from pushctl.output.screens.outcome import EMULATED, result_line, result_view
from pushctl.output.screens.reference import answer_view, entry_view, error_view, facts_view, table_view
from pushctl.output.screens.run import closing_view, report_view, tally_view, untold_view

__all__ = [
    "EMULATED",
    "answer_view",
    "closing_view",
    "entry_view",
    "error_view",
    "facts_view",
    "finding_view",
    "findings_view",
    "report_view",
    "result_line",
    "result_view",
    "stopped_view",
    "table_view",
    "tally_view",
    "untold_view",
]
