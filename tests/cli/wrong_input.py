"""What tests of bad input share: files, profiles, and what a usage error looks like."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parents[2] / "profiles"
GOOGLE: dict[str, Any] = json.loads((SAMPLES / "sample-project-service-account.json").read_text("utf-8"))
PEM: str = GOOGLE["private_key"]
CANARY = "canary+of/a-secret"
SECRETS = (PEM.splitlines()[3], CANARY)
"""What no usage error may repeat."""


def put(folder: Path, name: str, content: bytes | dict[str, Any]) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    path.chmod(0o600)


def profile(folder: Path, vendor: str, credentials: str, app: str = "") -> None:
    put(folder, "it.toml", f'vendor = "{vendor}"\n[credentials]\n{credentials}\n[app]\n{app}\n'.encode())


def told(ran: Any, *said: str) -> None:
    """A usage error: exit 2, one JSON document, these words, and no secret."""
    assert "internal error" not in ran.out
    assert not [secret for secret in SECRETS if secret in ran.out]
    assert ran.err == ""
    document = json.loads(ran.out)
    assert (ran.code, document["exit_code"], document["ok"]) == (2, 2, False), ran.out
    first = next(one for one in document["findings"] if one["level"] == "error")
    assert first["text"]
    assert first["fix"]
    text = json.dumps(first, ensure_ascii=False)
    for words in said:
        assert json.dumps(words, ensure_ascii=False)[1:-1] in text
