from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.config import paths


@pytest.mark.parametrize(
    ("environ", "windows", "expected"),
    [
        ({"HOME": "/home/u"}, False, "/home/u/.config/pushctl"),
        ({"HOME": "/home/u", "XDG_CONFIG_HOME": "/x"}, False, "/x/pushctl"),
        ({"HOME": "/home/u", "XDG_CONFIG_HOME": "relative"}, False, "/home/u/.config/pushctl"),
        ({"HOME": "/home/u", "XDG_CONFIG_HOME": "/x", "PUSHCTL_CONFIG_DIR": "/own"}, False, "/own"),
        ({"HOME": "/home/u", "APPDATA": "/appdata"}, True, "/appdata/pushctl"),
        ({"HOME": "/home/u", "APPDATA": "/appdata"}, False, "/home/u/.config/pushctl"),
        ({"USERPROFILE": "/users/u"}, True, "/users/u/.config/pushctl"),
    ],
)
def test_the_config_folder(environ: dict[str, str], windows: bool, expected: str) -> None:
    assert paths.config_dir(environ, windows=windows) == Path(expected)


def test_cache_and_state_have_variables_of_their_own() -> None:
    environ = {"HOME": "/h", "XDG_CACHE_HOME": "/c", "XDG_STATE_HOME": "/s"}
    assert paths.cache_dir(environ, windows=False) == Path("/c/pushctl")
    assert paths.state_dir(environ, windows=False) == Path("/s/pushctl")
    assert paths.cache_dir({**environ, "PUSHCTL_CACHE_DIR": "/own"}) == Path("/own")
    assert paths.cache_dir({"HOME": "/h"}, windows=False) == Path("/h/.cache/pushctl")
    assert paths.state_dir({"HOME": "/h"}, windows=False) == Path("/h/.local/state/pushctl")


def test_on_windows_cache_and_state_share_a_base_and_stay_apart() -> None:
    environ = {"LOCALAPPDATA": "/local", "HOME": "/h"}
    assert paths.cache_dir(environ, windows=True) == Path("/local/pushctl/cache")
    assert paths.state_dir(environ, windows=True) == Path("/local/pushctl/state")


def test_the_grants_of_every_sandbox_lie_apart(tmp_path: Path) -> None:
    environ = {"PUSHCTL_CACHE_DIR": "/c"}
    (tmp_path / "one.pem").write_text("one")
    (tmp_path / "two.pem").write_text("two")
    named = [None, tmp_path / "one.pem", tmp_path / "two.pem", tmp_path / "absent.pem"]
    assert len({paths.grants_dir(environ, one) for one in named}) == 4


def test_a_home_that_nobody_has_is_a_path_like_another() -> None:
    assert paths.config_dir({"PUSHCTL_CONFIG_DIR": "~nobody-here/x"}) == Path("~nobody-here/x")
