"""Too many silent pushes to one token are noticed before the vendor holds them back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pushctl.flows import silent
from pushctl.vendors.apns import CARD as APNS

NOW = 1_700_000_000.0


def test_the_fourth_within_an_hour_is_warned_about(tmp_path: Path) -> None:
    path = tmp_path / "silent.json"
    told = [silent.count(path, APNS, ["t"], NOW + 60 * minute) for minute in range(5)]
    assert [len(findings) for findings in told] == [0, 0, 0, 1, 1]
    assert told[3][0].rule == "silent-too-often"
    assert "number 4" in told[3][0].text


def test_other_tokens_other_vendors_and_older_pushes_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "silent.json"
    for number in range(3):
        assert not silent.count(path, APNS, ["t"], NOW + number)
    assert not silent.count(path, APNS, ["u"], NOW + 10)
    assert not silent.count(path, replace(APNS, id="fcm"), ["t"], NOW + 10)
    assert not silent.count(path, APNS, ["t"], NOW + 3700)


def test_tokens_are_kept_as_hashes_only(tmp_path: Path) -> None:
    path = tmp_path / "silent.json"
    silent.count(path, APNS, ["secret-looking-token"], NOW)
    assert "secret-looking-token" not in path.read_text()


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"a": 1}', b'{"a": ["x"]}', b"\xff"])
def test_a_broken_counter_counts_from_the_start(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "silent.json"
    path.write_bytes(content)
    assert silent.count(path, APNS, ["t"], NOW) == []
    assert silent.count(path, APNS, ["t"], NOW) == []


def test_a_counter_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert silent.count(tmp_path / "file" / "silent.json", APNS, ["t"] * 9, NOW) == []
