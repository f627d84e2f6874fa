"""Who pushes: the AppSecret of an app, its package, and the channels and the template that the console has for it.

AppID, AppKey and AppSecret stand side by side in the console, and only the last belongs here: the AppKey in its place
is the fault that people report most (github.com/taoweiji/MixPush/issues/44). What the three look like is inferred from
samples, so a value of another shape is remarked on and never refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pushctl.core.credentials import Fault, SecretField, word
from pushctl.core.errors import ProfileError
from pushctl.core.texts import maybe_rounded
from pushctl.core.vendor import Account, Field
from pushctl.vendors.mi.hosts import HOME, HOSTS, REGIONS, SPOKEN
from pushctl.vendors.mi.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.secret import Secret

_PAGE = "the console, application management > application information"
_SECRET = SecretField(
    where="credentials.app_secret",
    what="an AppSecret",
    missing=f'Add app_secret = "env:MI_APP_SECRET"; its value stands in {_PAGE}.',
    again=f"Copy the AppSecret from {_PAGE}.",
    shown="$PUSHCTL_APP_SECRET",
)
CREDENTIALS: tuple[Field, ...] = (
    Field("app_secret", "the AppSecret (console: application information); not the AppKey", secret=True, required=True),
)
APP: tuple[Field, ...] = (
    Field("package_name", "the app's package; several of one secret with commas between them", required=True),
    Field("app_id", "the AppID, 19 digits; the server API does not take it, it names the profile"),
    Field("app_key", "the AppKey, 13 digits; the server API does not take it, it tells a secret that is none"),
    Field("channel_id", "the channel that a message has when nothing else picks one"),
    Field("private_channel_id", "the channel of private messages: --class im and service take it"),
    Field("public_channel_id", "the channel of public messages: --class marketing takes it"),
    Field("template_id", "the template of private messages, which belongs to their channel"),
    Field("region", "cn; or sgp, fr, idmb, ru, whose service ended on 2024-04-02"),
)
CHANNELS = ("channel_id", "private_channel_id", "public_channel_id")
_PACKAGE = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+", re.ASCII)
_SECRET_SHAPE = re.compile(r"[A-Za-z0-9+/]{22}==|[A-Za-z0-9+/]{43}=")
_APP_ID, _APP_KEY = re.compile(r"2882303\d{12}"), re.compile(r"\d{12,15}")

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AppSecret:
    """The secret of a developer's app; several packages can share it."""

    secret: Secret


def account(fields: Mapping[str, Any]) -> Account:
    """A validated account.

    :param fields: ``{"environment": "production", "credentials": {app_secret}, "app": {package_name, …}}``; the secret
        is a :class:`Secret`.
    :raises ProfileError: a field is missing, or holds what it cannot hold.
    """
    environment, app = fields["environment"], dict(fields.get("app", {}))
    if environment not in HOSTS:
        raise ProfileError(
            f"Mi Push has no environment {environment!r}.",
            "Leave it out, or write production; there is no test mode, and the old sandbox host was for iOS alone.",
            rule="profile-environment",
        )
    app["package_name"] = _packages(app.get("package_name", ""))
    for name in ("app_id", "app_key"):
        if app.get(name):
            app[name] = _digits(name, app[name])
    for name in (*CHANNELS, "template_id"):
        if name in app:
            app[name] = _one_word(name, app[name])
    region = _region(app.get("region") or HOME)
    credential = AppSecret(word(fields["credentials"].get("app_secret"), _SECRET, _other))
    return Account(environment, credential, app, {"push": REGIONS[region]})


def _packages(value: str) -> str:
    packages = [package.strip() for package in value.split(",")]
    if packages == [""]:
        raise ProfileError(
            "app.package_name is missing, and every request carries it.",
            'Add package_name = "com.example.app" to the profile\'s [app] table: the package that the console has.',
            rule="package-missing",
            where="app.package_name",
        )
    bad = next((package for package in packages if not _PACKAGE.fullmatch(package)), None)
    if bad is not None:
        raise ProfileError(
            f"app.package_name has {bad[:60]!r}, which is no package name of Android.",
            "Write it as com.example.app; several belong between commas.",
            rule="package-name",
            where="app.package_name",
        )
    return ",".join(packages)


def _digits(name: str, value: str) -> str:
    """An AppID or AppKey as the console has it: without the backslash and the blank that keep Android from reading a
    number, and without the letters that one integrator puts before it."""
    text = value.strip().removeprefix("\\").strip().removeprefix("MI-")
    if not text or not text.isprintable() or " " in text:
        raise ProfileError(
            f"app.{name} is {value[:40]!r}, and {'AppIDs' if name == 'app_id' else 'AppKeys'} of Xiaomi are digits.",
            f"Copy it from {_PAGE}, in quotation marks, or leave it out.",
            rule="credential-id",
            where=f"app.{name}",
        )
    return text


def _one_word(name: str, value: str) -> str:
    text = value.strip()
    if not text or not text.isprintable() or any(letter.isspace() for letter in text):
        raise ProfileError(
            f"app.{name} {f'is {value[:40]!r}, and an id has no blanks' if value.strip() else 'is empty'}.",
            "Copy it from the console, message classification.",
            rule="app-id-shape",
            where=f"app.{name}",
        )
    return text


def _region(value: str) -> str:
    text = value.strip().casefold()
    region = SPOKEN.get(text, text)
    if region not in REGIONS:
        raise ProfileError(
            f"app.region is {value[:40]!r}: it is one of {', '.join(REGIONS)}.",
            "Leave it out for mainland China; --endpoint reaches any other host.",
            rule="app-region",
            where="app.region",
        )
    return region


def _other(text: str) -> Fault | None:
    """The whole value of the header in the secret's place."""
    if text.casefold().startswith("key="):
        return "credential-secret", "begins with key=", "Leave that out: pushctl writes it."
    return None


def inspect(account: Account, now: float) -> tuple[Facts, tuple[Finding, ...]]:  # noqa: ARG001 - nothing here expires
    """What is inside the credential, offline, and what is odd about it and the ids as far as it can be told."""
    app = account.app
    facts = [
        ("credential", "AppSecret, sent as it is; it never expires"),
        ("package", app["package_name"]),
        *((name.replace("_", " "), app[name]) for name in ("app_id", *CHANNELS, "template_id") if app.get(name)),
        ("scope", "a secret says nothing of its app; 'pushctl quota' asks Xiaomi whether it is good"),
    ]
    return tuple(facts), tuple(remarks(account))


def remarks(account: Account) -> Iterator[Finding]:
    """What is odd about the profile: another value in the secret's place, ids that a JSON tool rounded, a region whose
    service has ended."""
    app = account.app
    if account.credential is not None and (odd := _odd_secret(account.credential.secret.reveal(), app)):
        yield odd
    for name in ("app_id", "app_key"):
        if maybe_rounded(app.get(name, "")):
            yield RULES["id-rounded"].finding(f"app.{name}", name=name, value=app[name])
    yield from region_closed(account)


def region_closed(account: Account) -> Iterator[Finding]:
    """That the service of the profile's region has ended."""
    region = next((name for name, url in REGIONS.items() if url == account.hosts.get("push")), HOME)
    if region != HOME:
        yield RULES["region-closed"].finding("app.region", region=region)


def _odd_secret(text: str, app: Mapping[str, str]) -> Finding | None:
    where = "credentials.app_secret"
    if text == app.get("app_key") or _APP_KEY.fullmatch(text):
        return RULES["secret-is-another"].finding(where, what="the AppKey", shape=f"{len(text)} digits")
    if text == app.get("app_id") or _APP_ID.fullmatch(text):
        return RULES["secret-is-another"].finding(where, what="the AppID", shape=f"{len(text)} digits")
    return None if _SECRET_SHAPE.fullmatch(text) else RULES["secret-shape"].finding(where, count=len(text))
