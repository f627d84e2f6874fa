"""Who is asking: one static header, ``Authorization: key=<AppSecret>``; and how often he may.

That ``key`` is in lower case and that there is no blank around the sign, Xiaomi's page says; which code comes where it
is otherwise, or where there is no header at all, is unproved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pushctl.core.emulated_calls import Refusal
from pushctl.vendors.mi.emulator_answers import BLANK, RATE, VALUE
from pushctl.vendors.mi.emulator_checks import blank, doubtful
from pushctl.vendors.mi.emulator_credentials import APPS, App, app_of_secret, has

if TYPE_CHECKING:
    from pushctl.core.emulated_calls import Call
    from pushctl.vendors.mi.emulator_form import Fields

AUTH, NO_HEADER, FOREIGN_PACKAGE = "21301", "21305", "22022"
A_SECOND = 500
"""Requests of an app with fewer than 100,000 installs that have notifications on; one may have 1000 targets."""
_KEY = "key="


def app_of(call: Call) -> App | Refusal:
    """The app that the header speaks for, or why it is not taken."""
    header = call.seen.header("authorization")
    if not header:
        return Refusal(
            NO_HEADER, "authorization-present", "no Authorization; the code is unproved", "Missing Authorization"
        )
    if not header.startswith(_KEY):
        return Refusal(AUTH, "authorization-form", "not key=, in lower case and without a blank; the code is unproved")
    secret = header.removeprefix(_KEY)
    app = app_of_secret(call.world, secret)
    return app or Refusal(AUTH, "secret-known", _mistaken(secret))


def too_fast(call: Call, app: App) -> Refusal | None:
    """Whether the app sends more requests in this second than it may."""
    if often(call, f"requests of {app.app_id}") <= A_SECOND:
        return None
    return Refusal(
        RATE, "rate", f"over {A_SECOND} requests a second; the reason's words are unproved", "exceed qps limit"
    )


def often(call: Call, what: str) -> int:
    """How often this has happened in this second, once just now."""
    seconds: dict[str, tuple[int, int]] = call.world.state.setdefault("seconds", {})
    second, count = seconds.get(what, (0, 0))
    count = count + 1 if second == int(call.now) else 1
    seconds[what] = int(call.now), count
    return count


def packages(call: Call, app: App, fields: Fields, *, several: bool) -> Refusal | None:
    """``restricted_package_name``: one package of the app in v2, any number from v3 on.

    Whether Xiaomi refuses a request without one is unproved.
    """
    names = fields.many("restricted_package_name")
    if not names:
        return doubtful(call, blank("restricted_package_name", BLANK))
    if len(names) > 1 and not several:
        return Refusal(VALUE, "package-count", "v2 takes one package; the code is unproved", "Invalid package name.")
    for name in names:
        if any(other is not app and name in other.packages for other in APPS) and not has(call.world, app, name):
            return Refusal(
                FOREIGN_PACKAGE, "package-of-app", "the package of another app; the code is likely, unproved"
            )
        if not has(call.world, app, name):
            return Refusal(VALUE, "package-known", "no app has this package", "Invalid package name.")
    return None


def _mistaken(secret: str) -> str:
    for app in APPS:
        if secret in (app.app_key, app.app_id):
            return f"the {'AppKey' if secret == app.app_key else 'AppId'} in place of the AppSecret"
    return "no app has this AppSecret"
