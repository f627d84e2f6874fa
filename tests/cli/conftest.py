"""Command lines share one folder of throw-away sandbox credentials: making keys is slow."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def shared_sandbox(monkeypatch: pytest.MonkeyPatch, sandbox_home: Path, clean_environment: None) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(sandbox_home))
