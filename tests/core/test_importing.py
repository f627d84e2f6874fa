"""Files that do not belong together are told apart."""

from __future__ import annotations

import pytest

from pushctl.core.errors import ProfileError
from pushctl.core.importing import Piece, agreed, one_of_each
from pushctl.core.secret import Secret

NOTHING = Secret(b"", "$X")


def test_facts_of_several_files_are_put_together() -> None:
    pieces = [Piece("a", "facts", NOTHING, {"p": "1"}), Piece("b", "key", NOTHING, {"p": "1", "q": "2"})]
    assert agreed(pieces, "fix") == {"p": "1", "q": "2"}
    assert one_of_each(pieces) == {"key": pieces[1]}


def test_a_contradiction_names_both_files_and_both_values() -> None:
    one = Piece("a.json", "key", NOTHING, {"project_id": "one"})
    two = Piece("b.json", "facts", NOTHING, {"project_id": "two"})
    with pytest.raises(ProfileError) as caught:
        agreed([one, two], "Import files of one project.")
    assert caught.value.rule == "import-mismatch"
    assert all(word in caught.value.text for word in ("a.json", "b.json", "one", "two", "project_id"))


def test_two_credentials_of_a_kind_are_refused() -> None:
    with pytest.raises(ProfileError, match="a and b are both a service account"):
        one_of_each([Piece("a", "service_account", NOTHING), Piece("b", "service_account", NOTHING)])
