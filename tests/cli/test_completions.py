"""The checked-in completion scripts are those that this version makes, and a shell can read them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pushctl.cli import completion
from pushctl.vendors.registry import VENDORS

FILES = {"bash": "pushctl.bash", "zsh": "_pushctl", "fish": "pushctl.fish", "powershell": "pushctl.ps1"}
FOLDER = Path(__file__).parents[2] / "completions"
UPDATE = bool(os.environ.get("PUSHCTL_UPDATE_GOLDEN"))


@pytest.mark.parametrize("shell", FILES)
def test_the_checked_in_script_is_up_to_date(shell: str) -> None:
    path = FOLDER / FILES[shell]
    if UPDATE:
        path.write_text(completion.script(shell), "utf-8")
    assert path.read_text("utf-8") == completion.script(shell)


def complete(words: list[str], cwd: Path) -> list[str]:
    """What bash offers for a command line whose last word is being typed."""
    line = " ".join(f"'{word}'" for word in words)
    script = (
        f"source '{FOLDER / FILES['bash']}'; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _pushctl; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=cwd, timeout=20)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["pushctl", "sen"], {"send"}),
        (["pushctl", "send", "--sil"], {"--silent"}),
        (["pushctl", "send", "--sandbox", ""], set(VENDORS)),
        (["pushctl", "send", "-o", "json"], {"json", "jsonl"}),
        (["pushctl", "profile", "im"], {"import"}),
        (["pushctl", "profile", "import", "--envi"], {"--environment"}),
        (["pushctl", "send", "-p", "my"], {"my-ios"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bash_completes(words: list[str], offered: set[str], tmp_path: Path) -> None:
    (tmp_path / ".pushctl").mkdir()
    (tmp_path / ".pushctl" / "my-ios.toml").touch()
    assert set(complete(words, tmp_path)) == offered


@pytest.mark.skipif(shutil.which("fish") is None, reason="needs fish")
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("pushctl sen", {"send"}),
        ("pushctl send --sandbox ", {"apns"}),
        ("pushctl send -o js", {"json", "jsonl"}),
        ("pushctl send -p my", {"my-ios"}),
        ("pushctl profile check --output js", {"json", "jsonl"}),
    ],
)
def test_fish_completes(line: str, offered: set[str], tmp_path: Path) -> None:
    (tmp_path / "pushctl" / "profiles").mkdir(parents=True)
    (tmp_path / "pushctl" / "profiles" / "my-ios.toml").touch()
    done = subprocess.run(
        ["fish", "--no-config", "-c", f"source '{FOLDER / FILES['fish']}'; complete -C '{line}'"],
        capture_output=True,
        text=True,
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path)},
        timeout=20,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert {row.partition("\t")[0] for row in done.stdout.splitlines()} == offered


@pytest.mark.skipif(shutil.which("zsh") is None, reason="needs zsh")
def test_zsh_reads_its_script() -> None:
    done = subprocess.run(["zsh", "-n", FOLDER / FILES["zsh"]], capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stderr) == (0, "")
