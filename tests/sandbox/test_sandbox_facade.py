"""Starting, finding and leaving a sandbox; the journal; what an import costs."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from apns_client import Client

import pushctl.sandbox
from pushctl.core.errors import LocalError, UsageError
from pushctl.core.masking import masked_body
from pushctl.core.message import Message
from pushctl.sandbox import Running
from pushctl.sandbox.journal import Journal, masked, masked_path, parse


def dead_pid() -> int:
    done = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    return int(done.stdout)


def test_profile_has_absolute_files_and_the_callers_app(running: Running) -> None:
    profile = running.profile("apns", "production", {"bundle_id": "org.example.mine"})
    path = Path(profile["credentials"]["key"].removeprefix("file:"))
    assert path.is_absolute()
    assert path.is_file()
    assert (profile["vendor"], profile["environment"]) == ("apns", "production")
    assert profile["app"] == {"bundle_id": "org.example.mine"}


def test_every_host_has_an_address_of_its_own_on_loopback(running: Running) -> None:
    assert {ip for ip, _ in running.via.values()} == {"127.0.0.1"}
    assert len({port for _, port in running.via.values()}) == 4


def test_unknown_vendor_and_scenario_are_usage_errors(home: Path, running: Running) -> None:
    with pytest.raises(UsageError):
        pushctl.sandbox.start(["nokia"], home=home)
    with pytest.raises(UsageError, match="no scenario"):
        pushctl.sandbox.start(["apns"], home=home, scenario="nonsense")
    with pytest.raises(UsageError, match="does not serve"):
        running.profile("fcm", "production")


def test_taken_port_and_impossible_port_are_said_so(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(LocalError, match="cannot listen"):
        pushctl.sandbox.start(["apns"], home=home, port=taken.getsockname()[1])
    for port in (65533, 70000, -1):
        with pytest.raises(UsageError, match="--port"):
            pushctl.sandbox.start(["apns"], home=home, port=port)


def test_closing_twice_is_fine(start: Callable[..., Running]) -> None:
    running = start()
    running.close()
    running.close()


def test_attached_sandbox_is_used_like_ones_own(running: Running, tmp_path: Path) -> None:
    pushctl.sandbox.announce(running, tmp_path)
    attached = pushctl.sandbox.attach(tmp_path)
    assert (attached.via, attached.ca, attached.journal) == (running.via, running.ca, None)
    assert attached.profile("apns", "sandbox") == running.profile("apns", "sandbox")
    with Client(attached) as client:
        assert client.push(attached.target("apns", Message(title="Hi"), "sandbox").value).status == 200
    attached.close()
    assert running.journal is not None
    assert running.journal.entries[-1].status == 200
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / "running.json").stat().st_mode) == 0o600


def test_scenario_can_be_chosen_for_one_command_at_a_running_sandbox(running: Running, tmp_path: Path) -> None:
    pushctl.sandbox.announce(running, tmp_path)
    attached = pushctl.sandbox.attach(tmp_path)
    for scenario, status in (("token-dead", 410), ("badpriority", 400), ("accepted", 200)):
        attached.scenario = scenario
        with Client(attached) as client:
            assert client.push(attached.target("apns", Message(title="Hi"), "sandbox").value).status == status
    attached.scenario = "nonsense"
    with pytest.raises(UsageError, match="no scenario"):
        attached.target("apns", Message(title="Hi"), "sandbox")


def test_second_sandbox_in_the_same_folder_is_refused(running: Running, tmp_path: Path) -> None:
    pushctl.sandbox.announce(running, tmp_path)
    with pytest.raises(LocalError, match="running already"):
        pushctl.sandbox.announce(running, tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        lambda told: None,
        lambda told: "{",
        lambda told: "[]",
        lambda told: json.dumps({**told, "via": {}}),
        lambda told: json.dumps({**told, "via": {"host": "nonsense"}}),
        lambda told: json.dumps({**told, "pid": dead_pid()}),
        lambda told: json.dumps({**told, "via": {"host": ["127.0.0.1", 1]}}),
    ],
)
def test_stale_or_broken_announcement_says_what_to_do(
    running: Running, tmp_path: Path, change: Callable[[dict[str, object]], str | None]
) -> None:
    path = pushctl.sandbox.announce(running, tmp_path)
    changed = change(json.loads(path.read_text()))
    path.unlink()
    if changed is not None:
        path.write_text(changed)
    with pytest.raises(LocalError) as caught:
        pushctl.sandbox.attach(tmp_path)
    assert "pushctl sandbox serve" in caught.value.fix


# --- the journal


def test_journal_file_has_a_line_per_request_and_no_signature(start: Callable[..., Running], tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    running = start(journal=Journal(path))
    with Client(running) as client:
        client.push("abcd", b"\xff\xfe")
        signature = client.jwt.rpartition(".")[2]
    entry = parse(path.read_text())
    assert entry is not None
    assert (entry["status"], entry["code"], entry["rule"]) == (400, "BadDeviceToken", "token-known")
    assert entry["body"] == "base64://4="
    assert '"iss":"SBXTEAM001"' in dict(entry["headers"])["authorization"]
    assert signature not in path.read_text()
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_journal_that_cannot_be_written_does_not_stop_the_sandbox(
    start: Callable[..., Running], tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "missing" / "journal.jsonl")
    with Client(start(journal=journal)) as client:
        assert client.push("abcd").status == 400
    assert "cannot be written" in journal.trouble
    assert len(journal.entries) == 1


def test_reader_that_went_away_does_not_stop_the_sandbox(start: Callable[..., Running]) -> None:
    def gone(_: object) -> None:
        raise BrokenPipeError("nobody reads")

    journal = Journal(watch=gone)
    with Client(start(journal=journal)) as client:
        assert client.push("abcd").status == 400
    assert "nobody reads" in journal.trouble


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("bearer e30.e30.c2VjcmV0", "bearer {} {}"),
        ("bearer canary", "bearer $SECRET"),
        ("canary", "$SECRET"),
        ("bearer a.b.canary", "bearer $SECRET"),
        ("bearer WzFd.e30.canary", "bearer $SECRET"),
    ],
)
def test_secrets_are_masked(value: str, shown: str) -> None:
    assert masked((("authorization", value), ("apns-topic", "x"))) == (("authorization", shown), ("apns-topic", "x"))


@pytest.mark.parametrize("line", ["", "{", "[]", "{}", '{"time":"x"}', '{"time":1,"status":"x"}'])
def test_broken_journal_lines_are_passed_over(line: str) -> None:
    assert parse(line) is None


# --- what an import costs

HEAVY = {"asyncio", "h2", "h11", "ssl", "cryptography", "jwt", "filelock", "httpx"}


def imported_by(code: str) -> set[str]:
    script = f"{code}\nimport sys; print(*sorted(name.partition('.')[0] for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_import_is_cheap() -> None:
    assert not imported_by("import pushctl.sandbox") & HEAVY


def test_attaching_and_finding_profile_and_target_is_cheap(running: Running, tmp_path: Path) -> None:
    pushctl.sandbox.announce(running, tmp_path)
    code = f"""
from pathlib import Path
import pushctl.sandbox
from pushctl.core.message import Message
running = pushctl.sandbox.attach(Path({str(tmp_path)!r}))
running.profile("apns", "sandbox")
running.target("apns", Message(title="Hi"), "sandbox")
"""
    assert not imported_by(code) & HEAVY


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"grant_type=x&client_secret=canary%2F&a=1", "grant_type=x&client_secret=$SECRET&a=1"),
        (b'{"access_token":"canary","expires_in":3599}', '{"access_token":"$SECRET","expires_in":3599}'),
        (b'{"a":[{"accessToken":"canary"}],"refresh_token":7}', '{"a":[{"accessToken":"$SECRET"}],"refresh_token":7}'),
        (b'{"title":"a sign"}', '{"title":"a sign"}'),
        (b"\xff\xfe", "base64://4="),
    ],
)
def test_no_secret_of_a_body_is_kept(body: bytes, kept: str) -> None:
    assert masked_body(body) == kept


def test_of_an_assertion_its_claims_are_kept() -> None:
    jwt = ".".join(("eyJhbGciOiJSUzI1NiJ9", "eyJpc3MiOiJtZSJ9", "canary"))
    assert masked_body(f"assertion={jwt}".encode()) == 'assertion={"alg":"RS256"} {"iss":"me"}'
    assert masked_path(f"/send?access_token={jwt}x&a=1") == '/send?access_token={"alg":"RS256"} {"iss":"me"}&a=1'
