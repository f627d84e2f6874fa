"""What a code, a lint rule or a payload field means. Offline, without a profile."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pushctl.core.rules import Fields, PayloadField, Rule, Rules
from pushctl.vendors import registry

if TYPE_CHECKING:
    from pushctl.core.catalogue import Entry


@dataclass(frozen=True, slots=True)
class Explained:
    """Everything that a word means.

    :ivar narrower: what the code means more exactly, where the vendor's text or a second code tells (``CODE/ttl``); for
        a family that is no code itself (``receipt``) all that belongs to it.
    :ivar elsewhere: when it means nothing to this vendor, what it means to others, in the form that explain takes.
    :ivar close: when it means nothing at all, words that it may have been meant to be, likewise.
    """

    entries: tuple[Entry, ...] = ()
    rules: tuple[Rule, ...] = ()
    fields: tuple[PayloadField, ...] = ()
    close: tuple[str, ...] = ()
    narrower: tuple[Entry, ...] = ()
    elsewhere: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.entries or self.rules or self.fields or self.narrower)


def explain(vendor: str | None, word: str) -> Explained:
    """The catalogue entries, lint rules and payload fields called ``word``, letter case ignored.

    Where nothing is called so, the codes that end in it (``noRight``), that are spelt like it but for hyphens, capitals
    and "Error" (``messaging/third-party-auth-error``), whose name it is, and that begin with it (``receipt``).

    :param vendor: id or alias; None takes it from ``vendor:word``, else searches all vendors.
    :raises UsageError: for an unknown vendor. A word that means nothing is a value: see :attr:`Explained.close`.
    """
    vendors, word = _scope(vendor, word)
    found = _called(vendors, word) or _nearly_called(vendors, word)
    if found:
        return found
    others = tuple(one for one in registry.VENDORS if one not in vendors)
    there = _called(others, word) or _nearly_called(others, word)
    return Explained(close=_close(vendors, word), elsewhere=_ids(there))


def _called(vendors: Iterable[str], word: str) -> Explained:
    """What has exactly this name; of a number also what it means elsewhere in the answer (Meizu's ``110010`` for the
    call and ``target/110010``)."""
    vendors = tuple(vendors)
    entries = tuple(entry for one in vendors for entry in explain_code(one, word))
    entries += tuple(entry for one in {entry.vendor for entry in entries} for entry in _levels(one, word))
    rules = tuple(rule for one in vendors for rule in explain_rule(one, word))
    fields = tuple(field for one in vendors for field in explain_field(one, word))
    return Explained(entries, rules, fields, narrower=tuple(_narrower(entries)))


def _nearly_called(vendors: Iterable[str], word: str) -> Explained:
    """What is called so but for a family before it, or for how SDKs and logs spell it; else what the family holds."""
    vendors, wanted = tuple(vendors), word.strip().casefold()
    letters = _letters(wanted)
    known = [entry for one in vendors for entry in registry.catalogue(one).entries]
    ways: tuple[Callable[[Entry], bool], ...] = (
        lambda entry: entry.code.casefold().endswith(f"/{wanted}"),
        lambda entry: entry.name.casefold() == wanted,
        lambda entry: len(letters) >= 4 and _letters(entry.code) == letters,
    )
    for fits in ways if wanted else ():
        if entries := tuple(entry for entry in known if fits(entry)):
            return Explained(entries, narrower=tuple(_narrower(entries)))
    return Explained(
        narrower=tuple(entry for entry in known if wanted and entry.code.casefold().startswith(f"{wanted}/"))
    )


def _letters(code: str) -> str:
    """A code without what SDKs change in it: ``THIRD_PARTY_AUTH_ERROR``, ``ThirdPartyAuthError``,
    ``messaging/third-party-auth-error``."""
    plain = "".join(letter for letter in code.casefold().rpartition("/")[2] if letter.isalnum())
    return plain.removesuffix("exception").removesuffix("error") or plain


def _ids(found: Explained) -> tuple[str, ...]:
    """Up to three of the things found, as explain takes them."""
    ids = [entry.id for entry in found.entries or found.narrower]
    ids += [f"{rule.vendor}:{rule.id}" for rule in found.rules] + [f"{one.vendor}:{one.path}" for one in found.fields]
    return tuple(dict.fromkeys(ids))[:3]


def _narrower(entries: Iterable[Entry]) -> Iterator[Entry]:
    for vendor, code in dict.fromkeys((entry.vendor, entry.code) for entry in entries):
        yield from (one for one in registry.catalogue(vendor).entries if one.code.startswith(f"{code}/"))


def _levels(vendor: str, code: str) -> tuple[Entry, ...]:
    """The entries of families that end in this number; a word says what it means by itself."""
    ending = f"/{code.strip()}"
    if not ending[1:].isdecimal():
        return ()
    return tuple(entry for entry in registry.catalogue(vendor).entries if entry.code.endswith(ending))


def explain_code(vendor: str, code: str) -> tuple[Entry, ...]:
    """Every meaning of a code in this vendor's catalogue."""
    return registry.catalogue(vendor).meanings(code.strip())


def explain_rule(vendor: str, rule: str) -> tuple[Rule, ...]:
    """The lint rule of this id, as a tuple of one or none."""
    wanted = rule.strip().casefold()
    return tuple(one for one in _rules(vendor).values() if one.id == wanted)


def explain_field(vendor: str, path: str) -> tuple[PayloadField, ...]:
    """The fields of this path. ``interruption-level`` finds ``aps.interruption-level``: leading keys may be left out
    where no field has the path itself."""
    wanted = path.strip().casefold()
    fields = _fields(vendor).values()
    exact = tuple(field for field in fields if field.path.casefold() == wanted)
    return exact or tuple(field for field in fields if wanted and field.path.casefold().endswith(f".{wanted}"))


def _scope(vendor: str | None, word: str) -> tuple[tuple[str, ...], str]:
    """Which vendors are meant, and the word without its vendor."""
    if vendor is not None:
        return (registry.resolve(vendor),), word
    name, colon, rest = word.partition(":")
    if colon and rest:
        return (registry.resolve(name),), rest
    return tuple(registry.VENDORS), word


def _close(vendors: Iterable[str], word: str) -> tuple[str, ...]:
    """Up to three words like this one, best first."""
    known = {
        name.casefold(): f"{vendor}:{name}"
        for vendor in vendors
        for name in (*registry.catalogue(vendor).codes(), *_rules(vendor), *_fields(vendor))
    }
    wanted = word.strip().casefold()
    matches = difflib.get_close_matches(wanted, known, n=3, cutoff=0.6)
    matches += [name for name in known if len(wanted) >= 4 and wanted in name and name not in matches]
    return tuple(known[match] for match in matches[:3])


def _rules(vendor: str) -> Rules:
    return Rules(registry.folder(vendor) / "rules.json")


def _fields(vendor: str) -> Fields:
    return Fields(registry.folder(vendor) / "fields.json")
