"""Huawei's service account: the key file in every state that people have it in, and the JWT against the vector that
was computed by hand (PS256 is randomised: the signing input is compared, the signature is verified)."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_public_key,
)
from huawei_credentials import (
    KEY_ID,
    PROJECT,
    SUB_ACCOUNT,
    document,
    ec_pem,
    file,
    key,
    pem,
    public_pem,
    secret,
    short_pem,
)
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import ProfileError
from pushctl.vendors._huawei import service_account
from pushctl.vendors._huawei.service_account import ServiceAccount, read_key, signed

SIGNING_INPUT = (
    "eyJhbGciOiJQUzI1NiIsImtpZCI6IjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmIiwidHlwIjoiSldUIn0."
    "eyJpc3MiOiIxMDAwMDAwMDAiLCJhdWQiOiJodHRwczovL29hdXRoLWxvZ2luLmNsb3VkLmh1YXdlaS5jb20vb2F1dGgyL3YzL3Rva2VuIiwiaWF0"
    "IjoxNTgxNDA3MDY0LCJleHAiOjE1ODE0MTA2NjR9"
)
SIGNATURE = (
    "hkKMdSivxxy0Mo482AstzCZtZ9cZKXoa0ksdBORid_EnJ2FLWYUNGU5EezqexcW8h4bgP06vR09JfO7DgXgbx5Z3maxRyc2ljM5azlTLsvKgF7_6"
    "yB1nyCVJ6fOs78bjA10XzbL-KHgk50eXW0GfUQZBwhY3jC1Y9v0s4GJ1gdm88AE1FYuDpj7kHZEx2xnIL00vQ2CumTOg7FVo6Jwles-UqY3ZyE8i"
    "HMz5jY15cciwKBW9cybgKllCXaG3EVmsuSo3PkDfYifkSZQmbZR1_rmJBSbSoZFdEIEGOpBR8RsTkJ2e2PyMxT7UeBV98I6dVnE3I8nWgnRyV7tW"
    "L5l8IQ"
)
PUBLIC = b"""-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA6WZ9sFpamwwADLO9vYqn
5JZV3Gz9ik6sWSCETFeIF7MjLnDbfdgJpVEc1QYzdRgn4b/fZFl1G5+srrF2/gVh
uvA7g4s2C31MayZ4PVqZSFaIX/2eTfEz0sAZLiDmqsT3JbrKNz1YtMIZADJTRfVi
doMOozWRU6ipexAlj1y/xbsRHb6DyfUTckBa/OghbIxQW3r0o27WlBAFlMUxzHcm
+1K8uwcgl3JGaDbWuRufJabHa06aopzmx5doOmVJkOlJqqM9RFcvL9Fq7nnExWW2
LPfBcVp+XvuSBOBssWw3gjKiXpj2HPqsnTiX4wExQDkQnYPKg1tau59tI1AJJzsj
ewIDAQAB
-----END PUBLIC KEY-----
"""


def verify(token: str, public: Any) -> None:
    """PS256: RSASSA-PSS with SHA-256, MGF1-SHA-256 and a salt of exactly 32 bytes."""
    text, _, signature = token.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    public.verify(raw, text.encode(), padding.PSS(padding.MGF1(SHA256()), 32), SHA256())


def read(content: bytes | str, name: str = "private.json") -> ServiceAccount:
    return read_key(secret(content, name))


# --- the JWT ---------------------------------------------------------------------------------------------------------


def test_the_jwt_is_the_vectors_and_its_signature_verifies() -> None:
    token = signed(read(file()), 1581407064).value.reveal()

    assert token.rpartition(".")[0] == SIGNING_INPUT
    assert hashlib.sha256(SIGNING_INPUT.encode()).hexdigest().startswith("c764203926cd49e8")
    verify(token, key().public_key())


def test_the_check_of_the_signature_accepts_the_vectors_own_and_no_other() -> None:
    public = load_pem_public_key(PUBLIC)

    verify(f"{SIGNING_INPUT}.{SIGNATURE}", public)
    with pytest.raises(InvalidSignature):
        verify(f"{SIGNING_INPUT}.{SIGNATURE[:-4]}AAAA", public)


def test_what_may_be_told_of_the_jwt_holds_no_signature() -> None:
    grant = signed(read(file()), 1581407064)

    assert grant.value.about == (
        '{"alg":"PS256","kid":"0123456789abcdef0123456789abcdef","typ":"JWT"} '
        '{"iss":"100000000","aud":"https://oauth-login.cloud.huawei.com/oauth2/v3/token",'
        '"iat":1581407064,"exp":1581410664}'
    )
    assert (grant.minted, grant.expires) == (1581407064, 1581410664)
    assert grant.value.shown == "$PUSHCTL_TOKEN"


def test_a_jwt_is_reused_for_less_than_it_lives() -> None:
    assert 0 < service_account.REUSE_S < service_account.LIFE_S <= 86400


# --- the file --------------------------------------------------------------------------------------------------------


def test_the_key_file_is_read_as_it_comes() -> None:
    account = read(file())

    assert (account.project_id, account.key_id, account.sub_account) == (PROJECT, KEY_ID, SUB_ACCOUNT)
    spki = key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert account.fingerprint == hashlib.sha256(spki).hexdigest()[:16]
    assert "PRIVATE" not in repr(account).replace("$PUSHCTL_PRIVATE_KEY", "")


BARE = "".join(line for line in pem().splitlines() if not line.startswith("-----"))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbf" + file(), id="a byte order mark"),
        pytest.param(file().decode().encode("utf-16"), id="UTF-16, as PowerShell writes it"),
        pytest.param(b"\n\n" + file() + b"\r\n", id="blank lines around"),
        pytest.param(file(private_key=pem().replace("\n", "\\n")), id="\\n escaped twice"),
        pytest.param(file(private_key=pem().replace("\n", "\\r\\n")), id="\\r\\n escaped twice"),
        pytest.param(file(private_key=pem().replace("\n", "\r\n")), id="Windows line ends"),
        pytest.param(file(private_key=pem().replace("\n", " ")), id="newlines that became blanks"),
        pytest.param(file(private_key=BARE), id="bare base64"),
        pytest.param(file(private_key=f"{BARE[:64]}\n{BARE[64:]}\n"), id="bare base64 in lines"),
        pytest.param(file(private_key=pem(PrivateFormat.TraditionalOpenSSL)), id="PKCS#1"),
        pytest.param(json.dumps(file().decode()).encode(), id="the file as a JSON string"),
        pytest.param(file().replace(b"\\n", b"\n"), id="newlines that lost their escape"),
        pytest.param(file(project_id=int(PROJECT), sub_account=100000000), id="ids as numbers"),
    ],
)
def test_what_editors_and_ci_do_to_the_file_is_forgiven(content: bytes) -> None:
    account = read(content)

    assert (account.project_id, account.sub_account) == (PROJECT, SUB_ACCOUNT)
    verify(signed(account, 1581407064).value.reveal(), key().public_key())


def test_a_file_without_a_project_is_read() -> None:
    assert read(file(project_id=None)).project_id == ""


GOOGLE = {"type": "service_account", "project_id": "p", "private_key": pem(), "client_email": "a@b.c"}
API_CLIENT = {"developer_id": "1", "client_id": "2", "client_secret": "s", "region": "CN"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (json.dumps(GOOGLE), "Google's service account"),
        (json.dumps({"type": "authorized_user", "refresh_token": "x"}), "Google's"),
        (json.dumps({"project_info": {"project_id": "p"}, "client": []}), "google-services.json"),
        (json.dumps({"agcgw": {}, "client": {"project_id": PROJECT}}), "agconnect-services.json"),
        (json.dumps(API_CLIENT), "AppGallery Connect API"),
        (ec_pem(), "bare PEM or .p8"),
        (pem(), "bare PEM or .p8"),
        ("", "is empty"),
        ("  \n", "is empty"),
        ('{\\"project_id\\": \\"1\\"}', "quotes are escaped"),
        (base64.b64encode(file()).decode(), "base64-env:"),
        ('{"project_id": ', "line 1, column"),
        ("<html>", "is a web page"),
        ("vendor = 1", "line 1, column"),
        ("[]", "no object"),
        ("5", "no object"),
        (b"\x30\x82\xff\xfe", "binary file"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_wrong_file_is_called_by_its_name(content: bytes | str, says: str) -> None:
    with pytest.raises(ProfileError) as raised:
        read(content, "key.json")

    assert says in raised.value.text
    assert "credentials.service_account (file:key.json)" in raised.value.text
    assert "private.json" in raised.value.fix
    assert (raised.value.rule, raised.value.where) == ("key-wrong-file", "credentials.service_account")


@pytest.mark.parametrize("name", ["key_id", "sub_account", "private_key"])
@pytest.mark.parametrize("value", [None, "", " ", {}, True])
def test_a_missing_field_is_named(name: str, value: Any) -> None:
    with pytest.raises(ProfileError) as raised:
        read(file(**{name: value}))
    assert raised.value.rule == "key-incomplete"
    assert name in raised.value.text


@pytest.mark.parametrize(
    ("content", "rule", "says"),
    [
        (ec_pem(), "key-not-rsa", "of kind EC;"),
        (short_pem(), "key-too-short", "1024 bits"),
        (public_pem(), "key-unreadable", "a public key"),
        (pem(password=b"x"), "key-unreadable", "encrypted"),
        (pem(PrivateFormat.TraditionalOpenSSL, b"x"), "key-unreadable", "encrypted"),
        (pem()[:400], "key-unreadable", "cut short"),
        (pem().replace("A", "!"), "key-unreadable", "damaged"),
        (BARE[:-9], "key-unreadable", "damaged"),
        ("AAAA", "key-unreadable", "damaged"),
        ("secret", "key-unreadable", "damaged"),
    ],
)
def test_a_key_that_cannot_sign_is_refused_in_words(content: str, rule: str, says: str) -> None:
    with pytest.raises(ProfileError) as raised:
        read(file(private_key=content))
    assert raised.value.rule == rule
    assert says in raised.value.text
    assert content[40:80] not in raised.value.text or len(content) < 40


def test_a_project_that_is_no_number_is_refused() -> None:
    with pytest.raises(ProfileError) as raised:
        read(file(project_id="my-project"))
    assert raised.value.rule == "credential-id"
    assert "'my-project'" in raised.value.text


def test_files_are_told_apart() -> None:
    assert service_account.is_key_file(document())
    assert service_account.is_key_file({"sub_account": "1"})
    assert not service_account.is_key_file(GOOGLE)
    assert not service_account.is_key_file({"client": {"project_id": "1"}})


@given(
    st.dictionaries(st.sampled_from(sorted(document())), st.none() | st.text() | st.integers() | st.binary().map(str))
)
def test_no_file_ends_in_a_traceback(changes: dict[str, Any]) -> None:
    outcome = read_or_refused(file(**changes))
    if isinstance(outcome, ProfileError):
        assert outcome.text
        assert outcome.fix
        assert outcome.rule.startswith(("key-", "credential-"))
    else:
        assert outcome.key_id


def read_or_refused(content: bytes) -> ServiceAccount | ProfileError:
    try:
        return read(content)
    except ProfileError as error:
        return error


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_end_in_a_traceback(content: bytes) -> None:
    with pytest.raises(ProfileError):
        read(content)
