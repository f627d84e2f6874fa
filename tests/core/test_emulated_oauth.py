"""Access tokens of emulated services outlive the process that issued them."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pushctl.core import emulated_oauth as oauth
from pushctl.core.emulated import Seen, World


def world(folder: Path, now: float = 1000.0) -> World:
    if not (folder / oauth.KEY_FILE).exists():
        (folder / oauth.KEY_FILE).write_bytes(os.urandom(32))
    return World(lambda: now, os.urandom, folder)


def test_a_token_is_known_to_another_world_of_the_same_folder(tmp_path: Path) -> None:
    token = oauth.issue(world(tmp_path), {"scope": "s"}, 3600, "ya29.")
    assert token.startswith("ya29.")
    claims = oauth.claims_of(world(tmp_path, 9999.0), token, "ya29.")
    assert claims is not None
    assert (claims["scope"], claims["exp"]) == ("s", 4600.0)


def test_a_token_of_another_sandbox_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    token = oauth.issue(world(tmp_path / "a"), {}, 3600)
    assert oauth.claims_of(world(tmp_path / "b"), token) is None


@given(st.text(st.characters() | st.characters(categories=["Cs"])))
def test_no_text_is_taken_for_a_token(tmp_path_factory: object, text: str) -> None:
    folder = Path(os.environ["HOME"])
    assert oauth.claims_of(world(folder), text) is None


def test_a_token_with_something_in_it_that_is_not_ascii_is_none(tmp_path: Path) -> None:
    one = world(tmp_path)
    token = oauth.issue(one, {}, 3600, "ya29.")
    body, _, signature = token.partition("-")
    for odd in ("ü", "\udcff", "\ud800", "\U0001f511", "\uff11"):  # a letter, halves of characters, a key, a wide 1
        for text in (token + odd, body + odd + "-" + signature, odd + token, odd):
            assert oauth.claims_of(one, text, "ya29.") is None
            assert oauth.claims_of(one, text) is None


def test_every_token_is_another_one(tmp_path: Path) -> None:
    one = world(tmp_path)
    assert oauth.issue(one, {}, 1) != oauth.issue(one, {}, 1)


def seen(body: bytes, **headers: str) -> Seen:
    return Seen("POST", "/", tuple((name.replace("_", "-"), value) for name, value in headers.items()), body)


def test_a_bearer_token_is_read_whatever_the_schemes_letter_case() -> None:
    assert oauth.bearer(seen(b"", authorization="bearer abc")) == "abc"
    assert oauth.bearer(seen(b"", authorization="Bearer ")) is None
    assert oauth.bearer(seen(b"", authorization="Basic abc")) is None
    assert oauth.bearer(seen(b"")) is None
