"""What a lint rule and a payload field are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pushctl.output.view import Facts, Headline, Paragraph, View

if TYPE_CHECKING:
    from pushctl.core.rules import PayloadField, Rule


def rule_view(rule: Rule) -> View:
    """A lint rule: what it is for, what it says, what to do."""
    rows = [("level", rule.level), ("says", rule.text), ("fix", rule.fix)]
    return (
        Headline("info", f"{rule.vendor}:{rule.id}", "lint rule"),
        Paragraph(rule.about, indent=2),
        Facts(_told([*rows, *_evidence(rule.confidence, rule.source)])),
    )


def field_view(field: PayloadField) -> View:
    """A payload field or header: its type and values, when it is required, since when it is known."""
    rows = [
        ("type", " or ".join(field.type)),
        ("values", ", ".join(str(value) for value in field.values)),
        ("required", field.required),
        ("push types", ", ".join(field.push_types)),
        ("since", field.since),
        ("retired", field.retired),
    ]
    return (
        Headline("info", f"{field.vendor}:{field.path}", "header" if field.place == "header" else "payload field"),
        Paragraph(field.notes, indent=2),
        Facts(_told([*rows, *_evidence(field.confidence, field.source)])),
    )


def _told(rows: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, text) for label, text in rows if text)


def _evidence(confidence: str, source: str) -> list[tuple[str, str]]:
    return [("confidence", "" if confidence == "high" else confidence), ("source", source)]
