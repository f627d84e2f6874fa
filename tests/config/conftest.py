"""A profile folder that is easy to fill, and the card of a vendor that has everything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pushctl.config import profiles
from pushctl.config.profiles import Profile
from pushctl.core.vendor import Card, Field


@pytest.fixture
def card() -> Card:
    return Card(
        id="toy",
        name="Toy Push",
        wire="rest",
        environments=("sandbox", "production"),
        hosts={},
        targets=("token",),
        credentials=(
            Field("key", "the key file", secret=True),
            Field("password", "the key's password", secret=True),
            Field("key_id", "the key's id"),
        ),
        app=(Field("bundle_id", "the app", required=True),),
        environment_aliases={"development": "sandbox"},
        options={"push_type": "the type"},
        ports=(2197,),
    )


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Profile]:
    """Write a profile file and load it: ``make('key = "env:X"', origin="project")``; text goes below [credentials]."""

    def write(credentials: str = "", *, project: bool = False, more: str = "", environment: str = "sandbox") -> Profile:
        folder = tmp_path / (profiles.PROJECT_FOLDER if project else "mine")
        folder.mkdir(exist_ok=True)
        path = folder / "toy.toml"
        path.write_text(
            f'vendor = "toy"\nenvironment = "{environment}"\n[credentials]\n{credentials}\n'
            f'[app]\nbundle_id = "com.example.app"\n{more}\n'
        )
        path.chmod(0o600)
        return profiles.load(str(path), {}, tmp_path)

    return write
