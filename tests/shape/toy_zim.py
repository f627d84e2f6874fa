"""A throw-away ZIM: no grant, a signature in every query, and a look at who is online before the message goes out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from toys import Toy

from pushctl.core.finding import Finding
from pushctl.core.message import Message, Target
from pushctl.core.secret import Pairs, Secret
from pushctl.core.vendor import Account, Env, Grant, GrantSpec, Job, MintSteps, Prepared, PrepareSteps
from pushctl.core.verdict import Judgement, Verdict
from pushctl.core.wire import Reply, Request, Response

ACCEPTED = Judgement("accepted", "0", None)


class ToyZim(Toy):
    id = "toyzim"

    def grant(self, account: Account, call: str) -> GrantSpec | None:
        return None

    def mint(self, account: Account, spec: GrantSpec, env: Env) -> MintSteps:
        raise AssertionError("there is no grant to mint")

    def plan(self, pushes: Iterable[tuple[Message, Target]]) -> Iterator[Job]:
        for message, target in pushes:
            # Every job asks about its own receivers, so every job has its own preparation.
            yield Job("send", message, (target,), preparation=(id(message), target))

    def prepare(self, account: Account, job: Job, grant: Grant | None, env: Env) -> PrepareSteps:
        users = tuple(("UserId[]", target.value) for target in job.targets)
        reply = yield Request(
            "online", "GET", account.hosts["api"] + "/", query=self._sign(account, env, "QueryUserOnlineState") + users
        )
        online = [row["UserId"] for row in answer(reply).get("UserStatus", []) if row["Status"] == 0]
        return Prepared(
            None,
            tuple(
                Finding("receiver-online", "warning", f"{user} is online: the message arrives, no push is made.")
                for user in online
            ),
        )

    def request(self, account: Account, job: Job, grant: Grant | None, prepared: str | None, env: Env) -> Request:
        body = {
            "ToUserId": [t.value for t in job.targets],
            "MessageBody": {"OfflinePush": {"Title": job.message.title}},
        }
        return Request(
            "send", "POST", account.hosts["api"] + "/", query=self._sign(account, env, "SendPeerMessage"), json=body
        )

    def judge(self, call: str, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
        body = answer(reply)
        errors = {row["UserId"]: row["SubCode"] for row in body.get("ErrorList", [])}
        return [
            Verdict(t, Judgement("refused", str(errors[t.value]), "target") if t.value in errors else ACCEPTED)
            for t in targets or ()
        ]

    def _sign(self, account: Account, env: Env, action: str) -> Pairs:
        nonce, now, secret = env.nonce(8).hex(), int(env.now), account.credential.reveal()
        sign = hashlib.md5(f"{account.app['app_id']}{nonce}{secret}{now}".encode()).hexdigest()
        return (
            ("Action", action),
            ("AppId", account.app["app_id"]),
            ("SignatureNonce", nonce),
            ("Timestamp", str(now)),
            ("Signature", Secret(sign, "$SIGNATURE")),
            ("SignatureVersion", "2.0"),
        )


def answer(reply: Reply) -> dict[str, Any]:
    return json.loads(reply.body) if isinstance(reply, Response) else {}
