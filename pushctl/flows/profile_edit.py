"""Change a profile's file: the new text is checked before it replaces the old one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pushctl.config import files, profiles, trust
from pushctl.core.errors import ProfileError, UsageError
from pushctl.flows.profile_files import validated

if TYPE_CHECKING:
    from pushctl.config.profiles import Profile
    from pushctl.core.finding import Finding
    from pushctl.flows.profiles import Surroundings


def edit(profile: Profile, change: Callable[[str], str], around: Surroundings) -> list[Finding]:
    """Replace a profile's text, after checking the new one. A profile that was trusted stays so.

    :param change: the old text to the new.
    :raises ProfileError: the new text is not valid; the file is then untouched.
    """
    old = files.read_file(profile.path, f"Profile {profile.name!r}", rule="profile-unreadable")
    content = change(old.decode("utf-8-sig")).encode()
    changed = profiles.parse(content, profile.path, profile.origin)
    findings = validated(changed, around)
    trusted = trust.is_trusted(profile, around.environ)
    files.write_private(profile.path, content)
    if profile.origin == "project" and trusted:
        trust.trust(changed, around.environ)
    return findings


def edit_with_editor(profile: Profile, around: Surroundings) -> list[Finding]:
    """Open $VISUAL or $EDITOR on a copy; what comes back is checked and replaces the profile.

    :raises ProfileError: the new text is not valid. The copy is kept and named, the profile untouched.
    :raises UsageError: no editor, or one that fails.
    """
    import shlex
    import subprocess

    command = around.environ.get("VISUAL") or around.environ.get("EDITOR")
    if not command:
        raise UsageError("Neither VISUAL nor EDITOR is set.", "Set one, or use --set KEY=VALUE.", rule="no-editor")
    copy = profile.path.with_name(f".{profile.name}.edited.toml")
    files.write_private(copy, files.read_file(profile.path, f"Profile {profile.name!r}", rule="profile-unreadable"))
    try:
        code = subprocess.run([*shlex.split(command), str(copy)], check=False).returncode  # noqa: S603 - the user's own
    except (OSError, ValueError):
        code = 127
    if code:
        copy.unlink(missing_ok=True)
        raise UsageError(
            f"The editor ended with {code}; nothing was changed.", "Correct VISUAL or EDITOR.", rule="editor"
        )
    try:
        findings = edit(profile, lambda _: copy.read_text("utf-8"), around)
    except ProfileError as error:
        raise ProfileError(
            error.text, f"{error.fix} Nothing was changed; your text is in {copy}.", rule=error.rule, where=error.where
        ) from None
    copy.unlink(missing_ok=True)
    return findings
