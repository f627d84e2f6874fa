"""Canaries: secrets are planted everywhere, and looked for in everything that pushctl says or names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "canary-p12-password"
PROXY_PASSWORD = "canary-proxy-password"


@pytest.fixture
def key(tmp_path: Path) -> tuple[ec.EllipticCurvePrivateKey, str]:
    """A provider key, its profile, and a fragment of its PEM that must never be seen."""
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "AuthKey_CANARY0001.p8").write_bytes(pem)
    (tmp_path / "ios.toml").write_text(
        'vendor = "apns"\nenvironment = "sandbox"\n[credentials]\nkey = "file:AuthKey_CANARY0001.p8"\n'
        'key_id = "CANARY0001"\nteam_id = "TEAM000001"\n[app]\nbundle_id = "com.example.app"\n'
    )
    return private, pem.decode().splitlines()[1][:40]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A profile with a .p12 whose password comes from the environment."""
    import datetime

    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Apple Push Services: com.example.app")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=90))
        .sign(private, hashes.SHA256())
    )
    encryption = serialization.BestAvailableEncryption(PASSWORD.encode())
    (tmp_path / "push.p12").write_bytes(pkcs12.serialize_key_and_certificates(b"push", private, made, None, encryption))
    (tmp_path / "cert.toml").write_text(
        'vendor = "apns"\nenvironment = "sandbox"\n[credentials]\ncertificate = "file:push.p12"\n'
        'password = "env:P12_PASSWORD"\n[app]\nbundle_id = "com.example.app"\n'
    )
    return tmp_path / "cert.toml"


COMMANDS = [
    ("send", "-p", "./ios.toml", "-t", "ab" * 32, "--title", "Hi", "--dry-run"),
    ("send", "-p", "./ios.toml", "-t", "ab" * 32, "--title", "Hi", "--dry-run", "--json"),
    ("send", "-p", "./ios.toml", "-t", "ab" * 32, "--title", "Hi", "--as", "curl"),
    (
        "send",
        "-p",
        "./ios.toml",
        "-t",
        "ab" * 32,
        "--title",
        "Hi",
        "-v",
        "--debug",
        "--endpoint",
        "https://127.0.0.1:9",
    ),
    ("send", "-p", "./ios.toml", "-t", "ab" * 32, "--title", "Hi", "--endpoint", "https://example.com", "--json"),
    ("profile", "show", "./ios.toml"),
    ("profile", "show", "./ios.toml", "--json"),
    ("profile", "check", "./ios.toml", "--debug"),
]


@pytest.mark.parametrize("argv", COMMANDS, ids=" ".join)
def test_a_provider_key_and_its_signatures_are_never_shown(
    pushctl: Any, key: tuple[Any, str], argv: tuple[str, ...], tmp_path: Path
) -> None:
    _, fragment = key
    token = pushctl("auth", "-p", "./ios.toml").out.strip()
    assert token.count(".") == 2
    ran = pushctl(*argv)
    said = ran.out + ran.err
    assert said
    assert fragment not in said
    assert token.rpartition(".")[2] not in said
    assert token.rpartition(".")[0] not in said, "a JWT is shown as its header and claims, not as it is"
    assert not any(fragment in str(path) for path in tmp_path.rglob("*"))


@pytest.mark.parametrize("password", [PASSWORD, "canary-wrong-password"])
def test_a_password_is_never_shown_right_or_wrong(pushctl: Any, certificate: Path, password: str) -> None:
    env = {"P12_PASSWORD": password}
    for argv in (
        ("profile", "show", str(certificate)),
        ("profile", "check", str(certificate), "--json"),
        ("send", "-p", str(certificate), "-t", "ab" * 32, "--title", "Hi", "--dry-run", "-v"),
        ("send", "-p", str(certificate), "-t", "ab" * 32, "--title", "Hi", "--as", "curl"),
        ("send", "-p", str(certificate), "-t", "ab" * 32, "--title", "Hi", "--endpoint", "https://127.0.0.1:9"),
    ):
        ran = pushctl(*argv, env=env)
        assert ran.out + ran.err
        assert "canary" not in ran.out + ran.err


def test_a_proxy_password_is_never_shown(pushctl: Any, key: tuple[Any, str]) -> None:
    proxy = f"http://me:{PROXY_PASSWORD}@127.0.0.1:9"
    for argv in (("--proxy", proxy), ("--proxy", proxy, "-v", "--json"), ("--proxy", proxy, "--as", "curl")):
        ran = pushctl("send", "-p", "./ios.toml", "-t", "ab" * 32, "--title", "Hi", *argv)
        assert PROXY_PASSWORD not in ran.out + ran.err
        assert ran.code in (0, 7)


def test_cached_tokens_are_private_and_named_by_public_ids(pushctl: Any, key: tuple[Any, str], tmp_path: Path) -> None:
    token = pushctl("auth", "-p", "./ios.toml").out.strip()
    files = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    kept = [path for path in files if token in path.read_text("utf-8", "replace")]
    assert len(kept) == 1
    assert "CANARY0001" in kept[0].name
    if os.name != "nt":
        assert kept[0].stat().st_mode & 0o777 == 0o600
        assert kept[0].parent.stat().st_mode & 0o777 == 0o700


def test_a_literal_secret_in_a_profile_is_refused_without_repeating_it(pushctl: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(
        'vendor = "apns"\nenvironment = "sandbox"\n[credentials]\nkey = "canary-literal"\nkey_id = "A"\nteam_id = "B"\n'
        '[app]\nbundle_id = "com.example.app"\n'
    )
    ran = pushctl("send", "-p", "./bad.toml", "-t", "ab" * 32, "--title", "Hi", "--json")
    assert ran.code == 2
    assert "canary" not in ran.out + ran.err
    assert "credentials.key" in ran.out
