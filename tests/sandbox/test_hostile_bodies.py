"""A client that sends nonsense in its JSON gets an answer from every emulated service, and breaks nothing."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hostile import answered, bodies, requests, unharmed

from pushctl.flows.session import Opening, open_session

TARGETS = {"vivo": 2}  # a list, besides


@pytest.mark.parametrize("vendor", ["fcm", "hms", "harmony", "honor", "vivo"])
def test_nonsense_is_answered(vendor: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    with open_session(Opening(os.environ, tmp_path, bytes, sandbox=vendor)) as session:
        made = [request for count in (1, TARGETS.get(vendor, 1)) for request, _ in requests(session, count)]
        for request in {request.url: request for request in made if request.json is not None}.values():
            for body in bodies(json.loads(request.body(reveal=True))):
                answered(session, replace(request, json=None, raw=body))
        unharmed(session)
