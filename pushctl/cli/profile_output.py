"""How profiles are shown: views for people, ``pushctl/profile/1`` and ``pushctl/profiles/1`` for machines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.verdict import ExitCode
from pushctl.output import documents, screens
from pushctl.output.view import Blank, View

if TYPE_CHECKING:
    from pushctl.flows.profiles import Inspection, Listed

_ORIGINS = {
    "folder": "$PUSHCTL_PROFILE_DIR",
    "project": "this project",
    "user": "your configuration",
    "path": "named by its path",
    "sandbox": "the emulator",
}


def view(inspection: Inspection, written: Sequence[Path] = ()) -> View:
    """The profile's fields, what is inside its credential, then the findings."""
    profile = inspection.profile
    rows = [("written", str(path)) for path in written] or [("file", str(profile.path))]
    rows += [
        ("from", _ORIGINS[profile.origin] + ("" if inspection.trusted else ", not trusted")),
        ("vendor", profile.vendor),
        ("environment", profile.environment or "missing"),
    ]
    for table in ("app", "credentials", "defaults", "network"):
        rows += [(f"{table}.{key}", str(value)) for key, value in getattr(profile, table).items()]
    facts: View = (Blank(), *screens.facts_view(inspection.facts, "Inside the credential")) if inspection.facts else ()
    findings = screens.findings_view(inspection.findings, nothing="the profile can be used")
    return (*screens.facts_view(rows, f"Profile {profile.name}"), *facts, Blank(), *findings)


def document(inspection: Inspection, code: ExitCode, written: Sequence[Path] = ()) -> dict[str, Any]:
    """``pushctl/profile/1``; ``exit_code`` is that of the command."""
    profile = inspection.profile
    return documents.document(
        "profile",
        {
            "ok": inspection.exit_code is ExitCode.ACCEPTED,
            "exit_code": int(code),
            "name": profile.name,
            "path": str(profile.path),
            "origin": profile.origin,
            "trusted": inspection.trusted,
            "vendor": profile.vendor,
            "environment": profile.environment or None,
            "app": dict(profile.app),
            "credentials": dict(profile.credentials),
            "defaults": dict(profile.defaults),
            "network": dict(profile.network),
            "facts": dict(inspection.facts),
            "written": [str(path) for path in written],
            "findings": [documents.finding_row(finding) for finding in inspection.findings],
        },
    )


def listing_view(rows: Sequence[Listed]) -> View:
    """One line per profile."""
    return screens.table_view(
        ("name", "vendor", "environment", "from", "note"),
        [
            (row.place.name, row.vendor or "?", row.environment or "?", _ORIGINS[row.place.origin], _note(row))
            for row in rows
        ],
        nothing="There is no profile yet. Make one with 'pushctl profile add' or 'pushctl profile import FILE…'.",
    )


def listing_document(rows: Sequence[Listed]) -> dict[str, Any]:
    """``pushctl/profiles/1``."""
    profiles = [
        {
            "name": row.place.name,
            "path": str(row.place.path),
            "origin": row.place.origin,
            "vendor": row.vendor or None,
            "environment": row.environment.strip("-") or None,
            "trusted": row.trusted,
            "hidden_by": str(row.place.hidden_by) if row.place.hidden_by else None,
            "problem": row.problem or None,
        }
        for row in rows
    ]
    return documents.document("profiles", {"ok": True, "exit_code": 0, "profiles": profiles})


def paths(found: Sequence[Path]) -> tuple[View, dict[str, Any]]:
    """Paths alone, one a line, for ``$(pushctl profile path NAME)``."""
    from pushctl.output.view import Code

    names = [str(path) for path in found]
    fields = {"ok": True, "exit_code": 0, "paths": names}
    return (Code("\n".join(names)),), documents.document("profile-paths", fields)


def removed(found: Sequence[Path]) -> tuple[View, dict[str, Any]]:
    """What was deleted."""
    names = [str(path) for path in found]
    fields = {"ok": True, "exit_code": 0, "removed": names}
    return screens.facts_view([("removed", name) for name in names]), documents.document("profile-removed", fields)


def _note(row: Listed) -> str:
    if row.problem:
        return row.problem
    if row.place.hidden_by:
        return f"hidden by {row.place.hidden_by}"
    return "" if row.trusted else "not trusted: pushctl profile trust " + row.place.name
