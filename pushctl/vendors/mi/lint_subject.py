"""What lint looks at: the push as it would be sent, so that flags, ``--set`` and raw payloads are all checked alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pushctl.core.rules import Fields
from pushctl.core.writing import refuse_changes_to_raw
from pushctl.vendors.mi import form, request

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.secret import Pairs
    from pushctl.core.vendor import Account, Env
    from pushctl.vendors.mi.channels import Class

FIELDS = Fields(Path(__file__).parent / "fields.json")
EXTRA = "extra."


@dataclass(frozen=True)
class Subject:
    """One push under examination.

    :ivar target: None when no target is at hand; only its kind counts.
    :ivar app: the profile's ``[app]``; empty without a profile.
    :ivar raw: the payload as it came, or None for a message that is built.
    :ivar pairs: the fields in order; None for a raw payload that cannot be read.
    :ivar now: Unix seconds.
    """

    message: Message
    target: Target | None
    app: Mapping[str, str]
    headers: Pairs
    raw: bytes | None
    pairs: form.Body | None
    now: float

    @cached_property
    def fields(self) -> Mapping[str, str]:
        """The fields by name; of one that stands twice the first."""
        return dict(reversed(self.pairs or ()))

    @cached_property
    def own_extras(self) -> Mapping[str, str]:
        """The extras that Mi Push does not know, without their prefix: they are the app's own."""
        return {
            name.removeprefix(EXTRA): value
            for name, value in self.fields.items()
            if name.startswith(EXTRA) and name not in FIELDS
        }

    def extra_of(self, key: str) -> str:
        """An extra's value, or ""."""
        return self.fields.get(EXTRA + key, "")

    @property
    def kind(self) -> str:
        """The kind of target that it goes to."""
        named = request.named(self.message)
        return named[0].kind if named else self.target.kind if self.target else "token"

    @property
    def passes_through(self) -> bool:
        """Whether it is a pass-through message, and so shows nothing."""
        return self.fields.get("pass_through", "").strip() == "1"

    @property
    def klass(self) -> Class:
        """Which of Xiaomi's classes it has, as far as it can be told."""
        from pushctl.vendors.mi.channels import class_of

        return class_of(self.extra_of("channel_id") or None, self.message, self.app)


def subject(account: Account | None, message: Message, target: Target | None, env: Env) -> Subject:
    """Build what would be sent. Raises ``UsageError`` where the builder does."""
    refuse_changes_to_raw(message)
    app = account.app if account else {}
    made = message.raw is None
    pairs = tuple(form.fields_of(message, app).items()) if made else form.raw_pairs(message.raw or b"")
    form.refuse_broken(pairs or ())
    return Subject(message, target, app, request.build_headers(message, None), message.raw, pairs, env.now)
