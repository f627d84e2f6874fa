"""Two of Huawei's services share a host: one sandbox serves both, and the path tells them apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pushctl import sandbox


@pytest.mark.parametrize("order", [["hms", "harmony"], ["harmony", "hms"]], ids="-".join)
def test_each_request_reaches_its_own_service(
    order: list[str], pushctl: Any, sandbox_home: Path, tmp_path: Path
) -> None:
    running = sandbox.start(order, home=sandbox_home / "pushctl" / "sandbox")
    try:
        sandbox.announce(running, tmp_path)
        env = {"PUSHCTL_SANDBOX": str(tmp_path)}
        for vendor in order:
            ran = pushctl("send", "--sandbox", vendor, "--title", "Hi", "--body", "There", env=env)
            assert ran.code == 0, ran.out
        assert running.journal is not None
        sends = [entry for entry in running.journal.entries if "messages:send" in entry.path]
        assert {(entry.vendor, entry.path[:4]) for entry in sends} == {("hms", "/v1/"), ("harmony", "/v3/")}
    finally:
        running.close()
