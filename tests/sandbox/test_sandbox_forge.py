"""The throw-away certificates: really verified, reused, remade as a whole, safe against a second process."""

from __future__ import annotations

import os
import shutil
import ssl
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12

from pushctl.core.emulated import Emulator, Forge
from pushctl.core.errors import LocalError
from pushctl.sandbox import forge
from pushctl.sandbox.forge import Authority, Forged
from pushctl.vendors.apns.emulator import EMULATOR

HOSTS = [host for listener in EMULATOR.listeners for host in listener.hosts]
NOW = 1_800_000_000.0


class Tiny:
    """A vendor with a single key: forging for it takes no time."""

    vendor = "tiny"
    listeners = EMULATOR.listeners

    def provision(self, forge: Forge) -> dict[str, bytes]:
        return {"key.p8": forge.p256_key()}


TINY = cast(Emulator, Tiny())


@pytest.fixture(scope="module")
def forged(tmp_path_factory: pytest.TempPathFactory) -> Forged:
    return forge.ensure(tmp_path_factory.mktemp("forge"), [EMULATOR])


def handshake(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> None:
    """A whole TLS handshake in memory, client certificate included."""
    into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = server.wrap_bio(into, out, server_side=True)
    theirs = client.wrap_bio(out, into, server_hostname=name)
    pending = [theirs, ours]
    for _ in range(10):
        for side in tuple(pending):
            try:
                side.do_handshake()
                pending.remove(side)
            except ssl.SSLWantReadError:
                continue
        if not pending:
            return
    pytest.fail("the handshake did not come to an end")


def server_context(forged: Forged) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(forged.leaf, forged.leaf_key)
    return context


def strict_client(ca: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca)
    context.verify_flags |= ssl.VERIFY_X509_STRICT  # the default from Python 3.13 on
    return context


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1", *HOSTS])
def test_leaf_is_valid_for_loopback_and_every_vendor_host_in_strict_mode(forged: Forged, name: str) -> None:
    handshake(server_context(forged), strict_client(forged.ca), name)


def test_openssl_agrees(forged: Forged) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl on this machine")
    command = [openssl, "verify", "-x509_strict", "-CAfile", forged.ca, "-purpose"]
    certificate = forged.credentials("apns") / "certificate-pem.pem"
    for purpose, path in (("sslserver", forged.leaf), ("sslclient", certificate)):
        result = subprocess.run([*command, purpose, path], capture_output=True, text=True)
        assert result.returncode == 0, result.stderr


def test_name_constraints_are_honoured_by_tls(tmp_path: Path) -> None:
    authority = Authority(["api.push.apple.com"], time.time())
    assert authority.certificate.extensions.get_extension_for_class(x509.NameConstraints).critical
    authority._hosts = ("bank.example",)  # what somebody with its key could sign
    leaf, key = authority.server_leaf()
    for name, content in (("ca.pem", authority.pem), ("server.pem", leaf), ("server.key", key)):
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        handshake(server_context(Forged(tmp_path)), strict_client(tmp_path / "ca.pem"), "bank.example")


def test_no_key_of_the_authority_is_left(forged: Forged) -> None:
    public = x509.load_pem_x509_certificate(forged.ca.read_bytes()).public_key()
    keys = [path for path in forged.folder.rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
    assert len(keys) > 3
    for path in keys:
        pem = path.read_bytes()
        assert load_pem_private_key(pem[pem.index(b"-----BEGIN PRIVATE") :], None).public_key() != public


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_everything_is_the_owners_alone(forged: Forged) -> None:
    modes = {stat.S_IMODE(path.stat().st_mode) for path in forged.folder.rglob("*") if path.is_file()}
    folders = {
        stat.S_IMODE(path.stat().st_mode) for path in (forged.folder, *forged.folder.rglob("*")) if path.is_dir()
    }
    assert (modes, folders) == ({0o600}, {0o700})


def test_second_start_reuses_what_the_first_made(tmp_path: Path) -> None:
    first = forge.ensure(tmp_path, [TINY]).ca.read_bytes()
    assert forge.ensure(tmp_path, [TINY]).ca.read_bytes() == first


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "server.key").unlink(),
        lambda folder: (folder / "tiny" / "key.p8").write_bytes(b"cut"),
        lambda folder: (folder / "meta.json").write_text("{"),
        lambda folder: (folder / "meta.json").write_text('{"made_by": "pushctl 0"}'),
        lambda folder: (folder / "meta.json").write_text("[]"),
        shutil.rmtree,
    ],
)
def test_damaged_folder_is_remade_as_a_whole(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    before = forge.ensure(tmp_path, [TINY]).ca.read_bytes()
    damage(tmp_path / "forged")
    after = forge.ensure(tmp_path, [TINY])
    assert after.ca.read_bytes() != before
    handshake(server_context(after), strict_client(after.ca), "localhost")
    assert sorted(path.name for path in tmp_path.iterdir()) in (["forged"], ["forged", "forged.lock"])


def test_folder_about_to_expire_is_remade(tmp_path: Path) -> None:
    before = forge.ensure(tmp_path, [TINY], now=NOW).ca.read_bytes()
    days = 86400
    assert forge.ensure(tmp_path, [TINY], now=NOW + 357 * days).ca.read_bytes() == before
    assert forge.ensure(tmp_path, [TINY], now=NOW + 359 * days).ca.read_bytes() != before


def test_folder_without_a_wanted_vendor_is_remade(tmp_path: Path) -> None:
    forge.ensure(tmp_path, [TINY])
    assert forge.ensure(tmp_path, [EMULATOR]).credentials("apns").is_dir()


def test_threads_and_processes_at_once_make_one(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pushctl.sandbox import forge; "
        "from pushctl.vendors.apns.emulator import EMULATOR; "
        "print(hash(forge.ensure(Path(sys.argv[1]), [EMULATOR]).ca.read_bytes()))"
    )
    environ = {**os.environ, "PYTHONHASHSEED": "0"}

    def one(_: int) -> str:
        made = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, env=environ)
        return made.stdout + made.stderr

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(one, range(3)))) == 1


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom modes bind")
def test_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(LocalError, match="cannot be written"):
        forge.ensure(tmp_path / "home", [EMULATOR])


def test_home_that_is_a_file_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("x")
    with pytest.raises(LocalError, match="cannot be written"):
        forge.ensure(tmp_path / "home", [EMULATOR])


@pytest.mark.parametrize("name", ["certificate", "certificate-legacy", "certificate-no-password"])
def test_p12_opens_with_its_password(forged: Forged, name: str) -> None:
    profile = EMULATOR.profile(forged.credentials("apns"), "sandbox", name)["credentials"]
    password = Path(profile["password"].removeprefix("file:")).read_bytes() if "password" in profile else None
    key, certificate, _ = pkcs12.load_key_and_certificates(
        Path(profile["certificate"].removeprefix("file:")).read_bytes(), password
    )
    assert key is not None
    assert certificate is not None
    assert certificate.public_key() == key.public_key()


def test_every_file_that_a_profile_names_exists(forged: Forged) -> None:
    from pushctl.vendors.apns.emulator_credentials import BY_ENVIRONMENT, CERTIFICATES, KEYS

    for environment in ("sandbox", "production"):
        for name in ("", *KEYS, *CERTIFICATES, *BY_ENVIRONMENT):
            made = EMULATOR.profile(forged.credentials("apns"), environment, name)
            for value in made["credentials"].values():
                assert not value.startswith("file:") or Path(value.removeprefix("file:")).is_file()
