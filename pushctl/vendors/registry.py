"""The vendors by name. Adding one is one folder and one line here."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from pushctl.core.catalogue import Catalogue
from pushctl.core.errors import UsageError

if TYPE_CHECKING:
    from pushctl.core.emulated import Emulator
    from pushctl.core.vendor import Vendor

# id → what people also call it. The folder has the id's name.
VENDORS: dict[str, tuple[str, ...]] = {
    "apns": ("apple", "ios"),
    "fcm": ("google", "firebase", "android"),
    "hms": ("huawei",),
    "harmony": ("harmonyos", "next"),
    "honor": (),
    "mi": ("xiaomi", "redmi"),
    "oppo": ("oneplus", "realme", "heytap"),
    "vivo": ("iqoo",),
    "meizu": ("flyme",),
}


def resolve(name: str) -> str:
    """The vendor id for an id or an alias, whatever its letter case. Raises ``UsageError`` with a suggestion."""
    wanted = name.strip().casefold()
    for vendor, aliases in VENDORS.items():
        if wanted == vendor or wanted in aliases:
            return vendor
    import difflib

    known = [spelling for vendor, aliases in VENDORS.items() for spelling in (vendor, *aliases)]
    close = difflib.get_close_matches(wanted, known, n=1)
    hint = f"Did you mean {close[0]}? " if close else ""
    raise UsageError(
        f"There is no vendor called {name!r}.",
        f"{hint}Known: {', '.join(VENDORS)} ('pushctl vendors' tells more).",
        rule="unknown-vendor",
    )


def load(name: str) -> Vendor:
    """The vendor of this id or alias. Raises ``UsageError`` for an unknown one."""
    vendor: Vendor = import_module(f"pushctl.vendors.{resolve(name)}").VENDOR
    return vendor


def emulator(name: str) -> Emulator:
    """The vendor's server side. Raises ``UsageError`` for an unknown one."""
    made: Emulator = import_module(f"pushctl.vendors.{resolve(name)}.emulator").EMULATOR
    return made


def catalogue(name: str) -> Catalogue:
    """The vendor's error catalogue, without loading the vendor. Raises ``UsageError`` for an unknown one."""
    return Catalogue(folder(name) / "errors.json")


def folder(name: str) -> Path:
    """Where the vendor's data files lie. Raises ``UsageError`` for an unknown one."""
    return Path(__file__).parent / resolve(name)
