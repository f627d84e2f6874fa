"""``pushctl trace``: what became of what was sent."""

from __future__ import annotations

from typing import Annotated

from pushctl.cli.asking import put
from pushctl.cli.base import Cli, application, argument, command, option
from pushctl.cli.options.run import RunOptions
from pushctl.cli.options.values import not_empty
from pushctl.core.vendor import Question
from pushctl.core.verdict import ExitCode

app = application("What became of a message, where the vendor has an API for it.")


@command(
    app,
    examples="""
    pushctl trace --sandbox fcm
    pushctl trace -p my-android --label release-2
    pushctl trace -p my-xiaomi sdm57188602565449273KF
    pushctl trace -p my-xiaomi --job-key release_2
    pushctl trace -p my-vivo 542345678901234567
    """,
)
def trace(
    cli: Cli,
    run: RunOptions,
    message_id: Annotated[
        str, argument("[ID]", "The vendor's id: Mi's message id, the task id of vivo and Meizu (FCM has none).")
    ] = "",
    job_key: Annotated[
        str | None, option("--job-key", metavar="KEY", help="Mi: the messages that were sent with this jobkey.")
    ] = None,
    app_id: Annotated[
        str | None, option("--app-id", metavar="ID", help="FCM: the app, 1:…:android:…; else the profile's app_id.")
    ] = None,
    label: Annotated[str | None, option("--label", metavar="NAME", help="FCM: only this analytics label.")] = None,
) -> ExitCode:
    """Ask the vendor what became of a message.

    FCM knows no single message: it gives daily percentages of an Android app, days late. Mi tells of a message or of
    a jobkey, vivo and Meizu of a task. A vendor that has no such API says so, and where to look instead.
    """
    not_empty(job_key, "--job-key")
    not_empty(app_id, "--app-id")
    not_empty(label, "--label")
    values = {"id": message_id or None, "job_key": job_key, "app_id": app_id, "label": label}
    return put(cli, run, "trace", Question({name: value for name, value in values.items() if value is not None}))
