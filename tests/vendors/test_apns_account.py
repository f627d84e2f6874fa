from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from apns_credentials import (
    FILES,
    NOW,
    PUSHY_TOPICS,
    cert_pem,
    certificate,
    der,
    key,
    opened,
    pem,
    public_pem,
    secret,
    token_fields,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import ProfileError
from pushctl.core.finding import Finding
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account
from pushctl.core.verdict import ExitCode
from pushctl.vendors.apns.account import ProviderKey, inspect
from pushctl.vendors.apns.certificate import parse_topics
from pushctl.vendors.apns.keyfile import pem_blocks

SEC1 = PrivateFormat.TraditionalOpenSSL


def refused(credentials: dict[str, Any], **more: Any) -> ProfileError:
    with pytest.raises(ProfileError) as caught:
        opened(credentials, **more)
    error = caught.value
    assert error.exit_code is ExitCode.USAGE
    assert error.fix
    said = f"{error.text}{error.fix}{error.where}"
    for value in credentials.values():
        if isinstance(value, bytes) and len(value) > 40:
            assert value.decode("latin-1")[30:60] not in said
    return error


def found(account: Account, now: float = NOW.timestamp()) -> dict[str, Finding]:
    return {finding.rule: finding for finding in inspect(account, now)[1]}


def facts(account: Account, now: float = NOW.timestamp()) -> dict[str, str]:
    return dict(inspect(account, now)[0])


def request() -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    return builder.sign(key(), hashes.SHA256()).public_bytes(Encoding.PEM)


# Token authentication


@pytest.mark.parametrize(
    "content",
    [
        pem,
        lambda: pem(style=SEC1),
        der,
        lambda: b"\xef\xbb\xbf" + pem(),
        lambda: pem().replace(b"\n", b"\r\n"),
        lambda: pem().replace(b"\n", b"\\n"),
        lambda: pem().replace(b"\n", b" "),
        lambda: b"  leading text\n" + pem() + b"trailing",
        lambda: b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + pem(style=SEC1),
    ],
    ids=["p8", "sec1", "der", "bom", "crlf", "backslash-n", "one-line", "text-around", "ec-parameters"],
)
def test_a_p256_key_is_read_in_every_shape_people_have_it(content: Any) -> None:
    account = opened(token_fields(content()))
    assert isinstance(account.credential, ProviderKey)
    assert account.identity is None
    assert account.hosts["push"] == "https://api.sandbox.push.apple.com"


@pytest.mark.parametrize("style", [PrivateFormat.PKCS8, SEC1])
def test_an_encrypted_key_wants_its_password(style: PrivateFormat) -> None:
    content = pem(password=b"secret", style=style)
    assert refused(token_fields(content)).rule == "key-encrypted"
    assert refused(token_fields(content, password=b"wrong")).rule == "key-password"
    assert opened(token_fields(content, password=b"secret")).environment == "sandbox"
    assert refused(token_fields(der(password=b"secret"))).rule == "key-encrypted"


@pytest.mark.parametrize(
    ("content", "rule", "said"),
    [
        (lambda: b"", "credential-missing", "neither"),
        (lambda: b" \n", "key-empty", "is empty"),
        (lambda: pem("rsa"), "key-not-ec", "is an RSA key"),
        (lambda: pem("rsa", style=SEC1), "key-not-ec", "is an RSA key"),
        (lambda: pem("ed25519"), "key-not-ec", "ED25519 key"),
        (lambda: pem("p384"), "key-wrong-curve", "secp384r1"),
        (public_pem, "key-wrong-file", "a public key"),
        (cert_pem, "key-wrong-file", "a certificate, not a private key"),
        (lambda: certificate().public_bytes(Encoding.DER), "key-wrong-file", "a certificate, not a private key"),
        (request, "key-wrong-file", "a certificate request"),
        ((FILES / "rc2-password.p12").read_bytes, "key-wrong-file", ".p12"),
        (lambda: b"hello", "key-wrong-file", "no line -----BEGIN PRIVATE KEY-----"),
        (lambda: b'{"type": "service_account"}', "key-wrong-file", "no private key"),
        (lambda: pem()[:100], "key-wrong-file", "cut short"),
        (lambda: b"\n".join(pem().splitlines()[:2] + pem().splitlines()[-1:]), "key-unreadable", "damaged"),
        (lambda: der()[:50], "key-unreadable", "damaged"),
        (lambda: b"-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----", "key-unreadable", "damaged"),
        (
            lambda: b"-----BEGIN DH PARAMETERS-----\nAA\n-----END DH PARAMETERS-----",
            "key-wrong-file",
            "dh parameters",
        ),
    ],
)
def test_what_is_no_provider_key_is_told_apart(content: Any, rule: str, said: str) -> None:
    error = refused(token_fields(content()))
    assert (error.rule, said in error.text) == (rule, True), error.text


@pytest.mark.parametrize("missing", ["key_id", "team_id"])
def test_the_ids_are_required(missing: str) -> None:
    assert refused(token_fields(pem(), **{missing: ""})).where == f"credentials.{missing}"
    assert refused(token_fields(pem(), **{missing: "a\x1bb"})).rule == "credential-id"


def test_the_key_id_is_taken_from_the_files_name() -> None:
    fields = token_fields(pem(), key=secret(pem(), "file:keys/AuthKey_QRS456TUVW.p8"))
    del fields["key_id"]
    assert opened(fields).credential.key_id == "QRS456TUVW"


def test_nothing_and_both_ways_at_once_are_told() -> None:
    assert refused({}).rule == "credential-missing"
    assert refused(token_fields(pem(), certificate=cert_pem())).rule == "credential-mixed"


def test_another_port_is_for_the_push_host_alone() -> None:
    hosts = opened(token_fields(pem()), environment="production", port=2197).hosts
    assert hosts["push"] == "https://api.push.apple.com:2197"
    assert hosts["manage"] == "https://api-manage-broadcast.push.apple.com:2196"


@pytest.mark.parametrize(
    ("key_id", "team_id", "file", "rules"),
    [
        ("ABC123DEFG", "DEF123GHIJ", "file:AuthKey_ABC123DEFG.p8", set()),
        ("ABC123DEFG", "DEF123GHIJ", "env:KEY", set()),
        ("DEF123GHIJ", "ABC123DEFG", "file:AuthKey_ABC123DEFG.p8", {"key-ids-swapped"}),
        ("XXX123DEFG", "DEF123GHIJ", "file:AuthKey_ABC123DEFG.p8", {"key-id-file-name"}),
        ("ABC123DEFG", "ABC123DEFG", "env:KEY", {"key-ids-equal"}),
        ("abc123defg", "DEF123GHIJ", "env:KEY", {"key-id-shape"}),
        ("ABC123DEFG", "DEF123", "env:KEY", {"key-id-shape"}),
    ],
)
def test_ids_that_look_wrong_are_found(key_id: str, team_id: str, file: str, rules: set[str]) -> None:
    account = opened({"key": secret(pem(), file), "key_id": key_id, "team_id": team_id})
    assert set(found(account)) == rules
    assert facts(account)["key id"] == key_id
    assert "says nothing" in facts(account)["scope"]


# Certificate authentication


def bundle(password: bytes | None = b"secret", chain: bool = False) -> bytes:
    protection: Any = NoEncryption()
    if password is not None:
        builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(10)
        protection = builder.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC).build(password)
    others = [certificate(name="Issuer", kind="other")] if chain else None
    return pkcs12.serialize_key_and_certificates(b"push", key(), certificate(), others, protection)


@pytest.mark.parametrize(
    "credentials",
    [
        lambda: {"certificate": bundle(), "password": b"secret"},
        lambda: {"certificate": bundle(None)},
        lambda: {"certificate": (FILES / "rc2-password.p12").read_bytes(), "password": b"secret"},
        lambda: {"certificate": (FILES / "rc2-empty-password.p12").read_bytes()},
        lambda: {"certificate": cert_pem() + pem()},
        lambda: {"certificate": pem() + cert_pem()},
        lambda: {"certificate": cert_pem(), "key": pem()},
        lambda: {"certificate": cert_pem(), "key": pem(password=b"secret"), "password": b"secret"},
        lambda: {"certificate": certificate().public_bytes(Encoding.DER), "key": pem()},
        lambda: {"certificate": certificate().public_bytes(Encoding.DER), "key": der()},
        lambda: {"certificate": cert_pem(name="Issuer", kind="other") + cert_pem() + pem()},
        lambda: {"certificate": cert_pem(kind="rsa") + pem("rsa")},
    ],
    ids=["p12", "p12-plain", "rc2", "rc2-empty", "pem", "pem-key-first", "two-pem", "two-pem-encrypted", "cer",
         "cer-der-key", "chain", "rsa"],
)  # fmt: skip
def test_a_certificate_is_read_in_every_shape_people_have_it(credentials: Any) -> None:
    account = opened(credentials())
    assert account.identity is not None
    leaf = x509.load_pem_x509_certificate(account.identity.certificate)
    assert account.identity.key.reveal_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")
    assert "Apple Push Services" in leaf.subject.rfc4514_string()
    assert facts(account)["environments"] == "sandbox, production"


def test_the_chain_of_a_p12_is_kept_behind_the_leaf() -> None:
    identity = opened({"certificate": bundle(chain=True), "password": b"secret"}).identity
    assert identity is not None
    assert [label for label, _ in pem_blocks(identity.certificate)] == ["CERTIFICATE"] * 2


@pytest.mark.parametrize(
    ("credentials", "rule", "said"),
    [
        (lambda: {"certificate": b"\n"}, "certificate-empty", "is empty"),
        (lambda: {"certificate": bundle(), "password": b"no"}, "certificate-password", "password does not open"),
        (lambda: {"certificate": bundle()}, "certificate-password", "none is given"),
        (lambda: {"certificate": bundle()[:300], "password": b"secret"}, "certificate-wrong-file", "cut short"),
        (lambda: {"certificate": (FILES / "no-key.p12").read_bytes(), "password": b"secret"},
         "certificate-without-key", "a certificate without its private key"),
        (lambda: {"certificate": (FILES / "no-certificate.p12").read_bytes(), "password": b"secret"},
         "certificate-missing", "without its certificate"),
        (lambda: {"certificate": cert_pem()}, "certificate-without-key", "without its private key"),
        (lambda: {"certificate": cert_pem(), "key": pem("other")}, "key-mismatch", "does not belong"),
        (lambda: {"certificate": cert_pem() + pem("other")}, "key-mismatch", "does not belong"),
        (lambda: {"certificate": pem()}, "certificate-wrong-file", "a private key, not a certificate"),
        (lambda: {"certificate": der()}, "certificate-wrong-file", "a private key, not a certificate"),
        (lambda: {"certificate": cert_pem(), "key": cert_pem()}, "key-wrong-file", "a certificate, not a private key"),
        (lambda: {"certificate": public_pem()}, "certificate-wrong-file", "a public key"),
        (lambda: {"certificate": request()}, "certificate-wrong-file", "certificate request"),
        (lambda: {"certificate": b"hello"}, "certificate-wrong-file", "neither .p12 nor .pem nor .cer"),
        (lambda: {"certificate": cert_pem()[:200]}, "certificate-wrong-file", "cut short"),
        (lambda: {"certificate": certificate().public_bytes(Encoding.DER)[:99]}, "certificate-wrong-file", "cut short"),
        (lambda: {"certificate": cert_pem() + pem(password=b"x")}, "key-encrypted", "encrypted"),
    ],
)  # fmt: skip
def test_what_is_no_client_certificate_is_told_apart(credentials: Any, rule: str, said: str) -> None:
    error = refused(credentials())
    assert (error.rule, said in error.text) == (rule, True), error.text


def with_certificate(environment: str = "sandbox", app: str = "com.example.app", **what: Any) -> Account:
    return opened({"certificate": cert_pem(**what) + pem()}, environment=environment, app=app)


def test_what_is_inside_a_certificate_is_told() -> None:
    account = with_certificate(topics=PUSHY_TOPICS, uid="com.eatthepath.pushy", app="com.eatthepath.pushy")
    assert facts(account) == {
        "credential": "client certificate",
        "subject": "Apple Push Services: com.example.app",
        "topics": "com.eatthepath.pushy (app), com.eatthepath.pushy.voip (voip), "
        "com.eatthepath.pushy.complication (complication)",
        "environments": "sandbox, production",
        "team": "TEAM",
        "issuer": "Test Issuer",
        "serial": "ABC",
        "not after": "2027-05-22 00:00 UTC (355 days left)",
    }
    assert found(account) == {}


@pytest.mark.parametrize(
    ("days_from_now", "rule", "level"),
    [
        (31, None, ""),
        (30.5, None, ""),
        (29, "certificate-expires-soon", "warning"),
        (-1, "certificate-expired", "error"),
    ],
)
def test_the_end_of_a_certificate_is_seen_coming(days_from_now: float, rule: str | None, level: str) -> None:
    account = with_certificate()
    now = (NOW + timedelta(days=355 - days_from_now)).timestamp()
    assert [(one.rule, one.level) for one in found(account, now).values()] == ([(rule, level)] if rule else [])


def test_a_certificate_of_the_future_is_found() -> None:
    assert found(with_certificate(start=NOW + timedelta(days=1)))["certificate-not-yet-valid"].level == "error"


def test_a_certificate_of_the_other_environment_is_found() -> None:
    wrong = found(with_certificate(environments="sandbox", environment="production"))["certificate-environment"]
    assert (wrong.level, wrong.confidence) == ("error", "high")
    assert not found(with_certificate(environments="sandbox", environment="sandbox"))


def test_without_extensions_the_name_tells_with_less_confidence() -> None:
    name = "Apple Production IOS Push Services: com.example.app"
    wrong = found(with_certificate(name=name, environments=""))["certificate-environment"]
    assert wrong.confidence == "low"
    assert not found(with_certificate(name=name, environments="", environment="production"))


def test_a_certificate_that_is_not_for_push_is_found() -> None:
    assert "certificate-not-push" in found(with_certificate(name="Apple Development: Jo", environments=""))


def test_a_certificate_of_another_app_is_found() -> None:
    wrong = found(with_certificate(app="com.example.other"))["certificate-topic"]
    assert "com.example.app" in wrong.text
    assert "com.example.other" in wrong.text
    assert not found(with_certificate(uid="com.example.app.voip"))
    assert "certificate-topic" in found(with_certificate(app="com.example"))


def test_apples_list_of_topics_is_read() -> None:
    assert parse_topics(PUSHY_TOPICS) == {
        "com.eatthepath.pushy": "app",
        "com.eatthepath.pushy.voip": "voip",
        "com.eatthepath.pushy.complication": "complication",
    }


@given(st.binary() | st.integers(0, len(PUSHY_TOPICS)).map(lambda n: PUSHY_TOPICS[:n]))
def test_any_bytes_as_topics_do_no_harm(data: bytes) -> None:
    assert all(isinstance(topic, str) for topic in parse_topics(data))


@given(st.binary(max_size=200), st.sampled_from(["key", "certificate"]))
def test_any_bytes_as_a_credential_give_one_clear_error(data: bytes, name: str) -> None:
    with pytest.raises(ProfileError):
        opened(token_fields(data) if name == "key" else {"certificate": data})


def test_base64_of_a_key_in_one_line_is_rewrapped() -> None:
    body = b"".join(pem().split(b"\n")[1:-2])
    assert base64.b64decode(body) == der()
    ((label, block),) = pem_blocks(b"-----BEGIN PRIVATE KEY-----" + body + b"-----END PRIVATE KEY-----")
    assert label == "PRIVATE KEY"
    assert opened(token_fields(block)).environment == "sandbox"


def test_no_secret_shows_in_an_account() -> None:
    account = with_certificate()
    assert account.identity is not None
    assert isinstance(account.identity.key, Secret)
    assert "BEGIN PRIVATE" not in repr(account)
