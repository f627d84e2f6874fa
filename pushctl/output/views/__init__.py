"""What is said about everything that can be said: from a value of ``core`` to a view."""

from pushctl.output.views.exchange import exchange_view, requests_view
from pushctl.output.views.findings import finding_view, findings_view, stopped_view
from pushctl.output.views.outcome import EMULATED, result_line, result_view
from pushctl.output.views.reference import answer_view, entries_view, entry_view, error_view, facts_view, table_view
from pushctl.output.views.run import closing_view, report_view, tally_view, untold_view

__all__ = [
    "EMULATED",
    "answer_view",
    "closing_view",
    "entries_view",
    "entry_view",
    "error_view",
    "exchange_view",
    "facts_view",
    "finding_view",
    "findings_view",
    "report_view",
    "requests_view",
    "result_line",
    "result_view",
    "stopped_view",
    "table_view",
    "tally_view",
    "untold_view",
]
