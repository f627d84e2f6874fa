"""A throw-away HMS: an OAuth token, batches, and a partial failure that is JSON inside a string."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from toys import Toy

from pushctl.core.finding import Finding
from pushctl.core.message import Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, GrantSpec, Job, MintSteps, Prepared, PrepareSteps, Refused
from pushctl.core.verdict import Judgement, Verdict
from pushctl.core.wire import Reply, Request, Response

ACCEPTED = Judgement("accepted", "80000000", None)
ILLEGAL = Judgement("refused", "80300007", "token", token_dead=True)


class ToyHms(Toy):
    id = "toyhms"

    def grant(self, account: Account, call: str) -> GrantSpec | None:
        return GrantSpec(f"toyhms.{account.app['app_id']}", 3300)

    def mint(self, account: Account, spec: GrantSpec, env: Env) -> MintSteps:
        form = (
            ("grant_type", "client_credentials"),
            ("client_id", account.app["app_id"]),
            ("client_secret", account.credential),
        )
        reply = yield Request("auth", "POST", account.hosts["api"] + "/oauth2/v3/token", form=form)
        body = answer(reply)
        if "access_token" not in body:
            return Refused(Judgement("refused", str(body.get("error")), "credential"))
        return Grant(Secret(body["access_token"], "$PUSHCTL_TOKEN"), env.now, env.now + body["expires_in"])

    def plan(self, pushes: Iterable[tuple[Message, Target]]) -> Iterator[Job]:
        rest = iter(pushes)
        while batch := list(islice(rest, 1000)):
            yield Job("send", batch[0][0], tuple(target for _, target in batch))

    def prepare(self, account: Account, job: Job, grant: Grant | None, env: Env) -> PrepareSteps:
        yield from ()
        return Prepared()

    def request(self, account: Account, job: Job, grant: Grant | None, prepared: str | None, env: Env) -> Request:
        assert grant is not None
        message = {"android": {"notification": {"title": job.message.title}}, "token": [t.value for t in job.targets]}
        url = f"{account.hosts['api']}/v1/{account.app['app_id']}/messages:send"
        return Request(
            "send", "POST", url, (("Authorization", grant.value.within("Bearer ")),), json={"message": message}
        )

    def judge(self, call: str, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
        body = answer(reply)
        failed: set[str] = set()
        if body.get("code") == "80100000":
            failed = set(json.loads(body["msg"])["illegal_tokens"])
        elif body.get("code") == "80300007":
            failed = {target.value for target in targets or ()}
        elif body.get("code") != "80000000":
            says = Judgement("refused", str(body.get("code")), "payload")
            return [Verdict(target, says) for target in targets or ()]
        return [Verdict(t, ILLEGAL if t.value in failed else ACCEPTED, body.get("requestId")) for t in targets or ()]

    def review(self, tally: Mapping[Judgement, int]) -> Iterator[Finding]:
        if tally.get(ILLEGAL) and not tally.get(ACCEPTED):
            yield Finding("no-success-at-all", "warning", "No token was accepted: suspect the app id, not the tokens.")


def answer(reply: Reply) -> dict[str, Any]:
    return json.loads(reply.body) if isinstance(reply, Response) else {}
