from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import pushctl.sandbox
from pushctl.sandbox import Running


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the session's throw-away certificates lie; forged once."""
    return tmp_path_factory.mktemp("sandbox-home")


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Running]]:
    """Starts sandboxes that are closed at the end of the test, and were free of internal errors."""
    started: list[Running] = []

    def run(**settings: Any) -> Running:
        started.append(pushctl.sandbox.start(["apns"], home=settings.pop("home", home), **settings))
        return started[-1]

    yield run
    for running in started:
        server = running._server
        running.close()
        assert server is None or server.troubles == []


@pytest.fixture
def running(start: Callable[..., Running]) -> Running:
    """A sandbox without a scenario."""
    return start()
