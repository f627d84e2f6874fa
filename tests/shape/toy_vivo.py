"""A throw-away vivo: an auth, a saved body, lists of at most a thousand, and a single send for a leftover of one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from toys import Toy

from pushctl.core.message import Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, GrantSpec, Job, MintSteps, Prepared, PrepareSteps, Refused
from pushctl.core.verdict import Judgement, Verdict
from pushctl.core.wire import Lost, Reply, Request, Response

LIST = 1000


class ToyVivo(Toy):
    id = "toyvivo"

    def grant(self, account: Account, call: str) -> GrantSpec | None:
        return GrantSpec(f"toyvivo.{account.app['app_id']}", 3600)

    def mint(self, account: Account, spec: GrantSpec, env: Env) -> MintSteps:
        millis = int(env.now * 1000)
        app_id, key, secret = account.app["app_id"], account.app["app_key"], account.credential
        sign = Secret(hashlib.md5(f"{app_id}{key}{millis}{secret.reveal()}".encode()).hexdigest(), "$SIGN")
        reply = yield Request(
            "auth",
            "POST",
            account.hosts["api"] + "/message/auth",
            json={"appId": int(app_id), "appKey": key, "timestamp": millis, "sign": sign},
        )
        body = answer(reply)
        if body.get("result") != 0:
            return Refused(Judgement("refused", str(body.get("result")), "credential"))
        return Grant(Secret(body["authToken"], "$AUTH_TOKEN"), env.now, env.now + 86400)

    def plan(self, pushes: Iterable[tuple[Message, Target]]) -> Iterator[Job]:
        for _, group in groupby(pushes, key=lambda push: id(push[0])):
            batch: list[Target] = []
            message = None
            for message, target in group:
                batch.append(target)
                if len(batch) == LIST:
                    yield Job("list", message, tuple(batch), preparation=id(message))
                    batch = []
            if message is not None and len(batch) == 1:  # one id in a list is refused (10153)
                yield Job("send", message, tuple(batch))
            elif message is not None and batch:
                yield Job("list", message, tuple(batch), preparation=id(message))

    def prepare(self, account: Account, job: Job, grant: Grant | None, env: Env) -> PrepareSteps:
        reply = yield self._post(account, grant, "save", "/message/saveListPayload", notification(job.message))
        body = answer(reply)
        if body.get("result") != 0:
            return Refused(self._says(reply, body))
        return Prepared(body["taskId"])

    def request(self, account: Account, job: Job, grant: Grant | None, prepared: str | None, env: Env) -> Request:
        ids = [target.value for target in job.targets]
        if job.call == "send":
            return self._post(account, grant, "send", "/message/send", {**notification(job.message), "regId": ids[0]})
        return self._post(account, grant, "list", "/message/pushToList", {"regIds": ids, "taskId": prepared})

    def judge(self, call: str, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
        body = answer(reply)
        says = self._says(reply, body)
        dead = {row["userid"]: row["status"] for row in body.get("invalidUsers") or []}
        verdicts = []
        for target in targets or ():
            status = dead.get(target.value)
            one = (
                Judgement("refused", f"invalidUser:{status}", "token", token_dead=status in (1, 2)) if status else says
            )
            verdicts.append(Verdict(target, one, body.get("taskId")))
        return verdicts

    def _says(self, reply: Reply, body: Mapping[str, Any]) -> Judgement:
        if isinstance(reply, Lost):
            return Judgement("unknown", reply.code, "network", sent=reply.sent)
        if body.get("result") == 0:
            return Judgement("accepted", "0", None)
        if body.get("result") == 10000:
            return Judgement("refused", "10000", "credential", renew="grant")
        return Judgement("refused", str(body.get("result")), "payload")

    def _post(self, account: Account, grant: Grant | None, call: str, path: str, body: dict[str, Any]) -> Request:
        assert grant is not None
        return Request(call, "POST", account.hosts["api"] + path, (("authToken", grant.value),), json=body)


def notification(message: Message) -> dict[str, Any]:
    return {"notifyType": 4, "title": message.title, "content": message.body, "skipType": 1}


def answer(reply: Reply) -> dict[str, Any]:
    return json.loads(reply.body) if isinstance(reply, Response) else {}
