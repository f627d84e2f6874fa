from __future__ import annotations

import os
from pathlib import Path

import pytest

from pushctl.config import files
from pushctl.core.errors import LocalError, ProfileError


def test_a_written_file_is_for_its_owner_only_and_so_are_its_new_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file"
    files.write_private(path, b"content")
    assert path.read_bytes() == b"content"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o700


def test_writing_tightens_a_file_that_others_could_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o644)
    files.write_private(path, b"new")
    assert path.stat().st_mode & 0o777 == 0o600


def test_writing_through_a_link_keeps_the_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    files.write_private(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_full_disk_keeps_the_old_content_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LocalError, match="No space left on device") as caught:
        files.write_private(path, b"new")
    assert caught.value.exit_code == 1
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("file", b"old")]


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LocalError):
        files.write_private(tmp_path / "file" / "below", b"")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ProfileError, match="not an ordinary file"):
        files.read_file(tmp_path / "pipe", "credentials.key", rule="secret-file")


def test_a_path_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="no valid path"):
        files.read_file(Path("a\0b"), "credentials.key", rule="secret-file")
    with pytest.raises(ProfileError, match="File name too long"):
        files.read_file(tmp_path / ("a" * 5000), "credentials.key", rule="secret-file")
