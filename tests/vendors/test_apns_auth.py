"""Provider tokens, against the vector of RFC 6979 A.2.5: its sample key signs the header and claims of Apple's page."""

from __future__ import annotations

import base64
import os
from typing import Any

import pytest
from apns_credentials import cert_pem, key, opened, pem, secret, token_fields
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_public_key
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.vendor import Account, Env, Grant
from pushctl.vendors.apns import auth

D = int("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721", 16)
PUBLIC = b"""-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYP7UuiVanTHJYet0xjVtaMBJuJI7
Yfps5mliLmDyn7Z5A/4QCLi8maQa6elWKLxk8vGyDC1+n1F3o8KU1EYimQ==
-----END PUBLIC KEY-----
"""
SIGNING_INPUT = "eyJhbGciOiJFUzI1NiIsImtpZCI6IkFCQzEyM0RFRkcifQ.eyJpc3MiOiJERUYxMjNHSElKIiwiaWF0IjoxNDM3MTc5MDM2fQ"
VECTOR = "b4lLr9shLM-cGLtZv_sbcf3t0MZvu2F4_7oeucznx5OjvhsUitFqcSPyVMHDZY9QxMPPeuNEwNwObMMNSfaXzA"


def minted(account: Account, now: float) -> Grant:
    spec = auth.grant(account, "send")
    assert spec is not None
    steps = auth.mint(account, spec, Env(now, os.urandom))
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert isinstance(end.value.value, Grant)
    return end.value.value


def sample_key() -> bytes:
    private = ec.derive_private_key(D, ec.SECP256R1())
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def verify(token: str, public: Any) -> None:
    signed, _, signature = token.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    assert len(raw) == 64
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public.verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))


def test_the_token_is_the_vectors_and_its_signature_verifies() -> None:
    token = minted(opened(token_fields(sample_key())), 1437179036.9).value.reveal()
    assert token.rpartition(".")[0] == SIGNING_INPUT
    public = load_pem_public_key(PUBLIC)
    verify(token, public)
    verify(f"{SIGNING_INPUT}.{VECTOR}", public)  # the check itself accepts the published signature
    with pytest.raises(InvalidSignature):
        verify(f"{SIGNING_INPUT}.{VECTOR[:-4]}AAAA", public)


def test_what_may_be_told_of_the_token_holds_no_signature() -> None:
    grant = minted(opened(token_fields(sample_key())), 1437179036)
    assert grant.value.about == '{"alg":"ES256","kid":"ABC123DEFG"} {"iss":"DEF123GHIJ","iat":1437179036}'
    assert grant.value.shown == "$PUSHCTL_TOKEN"
    assert (grant.minted, grant.expires) == (1437179036, 1437179036 + 3600)


@given(st.floats(0, 4e9))
def test_a_fresh_token_is_never_from_the_future(now: float) -> None:
    grant = minted(opened(token_fields(pem())), now)
    assert 0 <= now - grant.minted < 1


def test_the_grant_is_named_by_public_things_only() -> None:
    spec = auth.grant(opened(token_fields(sample_key())), "send")
    assert spec is not None
    assert spec.reuse_s == 3000
    # sha256 of the SubjectPublicKeyInfo of the vector's public key, computed from its PEM
    import hashlib

    spki = base64.b64decode(b"".join(PUBLIC.splitlines()[1:-1]))
    assert spec.key == f"apns.DEF123GHIJ.ABC123DEFG.{hashlib.sha256(spki).hexdigest()[:16]}"
    other = auth.grant(opened(token_fields(pem())), "send")
    assert other is not None
    assert other.key != spec.key


def test_every_interface_takes_the_same_token() -> None:
    account = opened(token_fields(pem()))
    assert auth.grant(account, "channel.create") == auth.grant(account, "send")


def test_an_encrypted_key_signs() -> None:
    account = opened(token_fields(pem(password=b"secret"), password=secret("secret")))
    verify(minted(account, 1e9).value.reveal(), key().public_key())


def test_a_certificate_has_no_grant() -> None:
    assert auth.grant(opened({"certificate": cert_pem() + pem()}), "send") is None
