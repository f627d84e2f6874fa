"""Secrets as people copy them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.credentials import SecretField, word
from pushctl.core.errors import ProfileError
from pushctl.core.secret import Secret

FIELD = SecretField("credentials.app_secret", "an AppSecret", "Add it.", "Copy it again.", "$PUSHCTL_APP_SECRET")


def kept(value: str | bytes) -> Secret:
    return Secret(value, "$FILE", "about")


@pytest.mark.parametrize("value", ["abc+/==", "\ufeffabc+/==\r\n", "  abc+/==\t"])
def test_what_a_file_adds_is_taken_off(value: str) -> None:
    found = word(kept(value), FIELD)
    assert (found.reveal(), found.shown, found.about) == ("abc+/==", "$PUSHCTL_APP_SECRET", "about")


@pytest.mark.parametrize(
    ("value", "rule", "said"),
    [
        ('{"a": 1}', "credential-kind", "holds a JSON document, not an AppSecret"),
        ('"abc"', "credential-secret", "has quotation marks around it"),
        ("'abc'", "credential-secret", "has quotation marks around it"),
        ("", "credential-missing", "has no credentials.app_secret"),
        ("\n", "credential-secret", "is empty"),
        ("a b", "credential-secret", "blanks"),
        ("a\x00b", "credential-secret", "control characters"),
        ("密钥", "credential-secret", "foreign letters"),
        (b"\xff\xfe", "credential-secret", "is empty"),
        ("12345", "credential-kind", "is the AppId"),
    ],
)
def test_what_is_no_secret_is_told(value: str | bytes, rule: str, said: str) -> None:
    def digits(text: str) -> tuple[str, str, str] | None:
        return ("credential-kind", "is the AppId", "Copy the other.") if text.isdecimal() else None

    with pytest.raises(ProfileError) as raised:
        word(kept(value), FIELD, digits)
    assert (raised.value.rule, raised.value.where) == (rule, "credentials.app_secret")
    assert said in raised.value.text


@given(st.text())
def test_no_error_shows_the_secret(text: str) -> None:
    with pytest.raises(ProfileError) as raised:
        word(kept(f"canary x{text}".encode("utf-8", "replace")), FIELD)
    assert "canary" not in f"{raised.value.text}{raised.value.fix}"
