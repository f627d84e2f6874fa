"""Every push type, from the command line to the emulator and back: what we build is what the other side wants."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pushctl.vendors.apns.push_types import push_types

LIVE = ("--set", "aps.content-state:={}", "--priority", "normal")
START = ("--set", "aps.event=start", "--set", "aps.attributes-type=A", "--set", "aps.attributes:={}", "--title", "Go")
PUSHES = {
    "alert": ("--title", "Hi"),
    "background": ("--silent", "--data", "sync=inbox"),
    "voip": ("--push-type", "voip", "--ttl", "0", "--data", "x=" + "a" * 5000),
    "complication": ("--push-type", "complication", "--data", "t:=21"),
    "fileprovider": ("--push-type", "fileprovider", "--data", "container-identifier=c", "--data", "domain=d"),
    "mdm": ("--push-type", "mdm", "--data", "mdm=magic"),
    "liveactivity": (*START, *LIVE),
    "location": ("--push-type", "location"),
    "pushtotalk": ("--push-type", "pushtotalk", "--ttl", "0", "--data", "activeSpeaker=Ann"),
    "widgets": ("--push-type", "widgets"),
    "controls": ("--push-type", "controls"),
}


def facts(document: Any) -> dict[str, str]:
    return {fact["name"]: fact["value"] for fact in document["facts"]}


def test_no_push_type_is_forgotten() -> None:
    assert PUSHES.keys() == push_types().keys()


@pytest.mark.parametrize("push_type", PUSHES)
def test_a_push_of_each_type_is_accepted(push_type: str, pushctl: Any, sandbox_home: Path) -> None:
    ran = pushctl("send", "--sandbox", "apns", *PUSHES[push_type], "--json", env={"XDG_STATE_HOME": str(sandbox_home)})

    document = json.loads(ran.out)
    assert ran.code == 0, document
    assert document["results"][0]["outcome"] == "accepted"
    assert not [finding for finding in document["findings"] if finding["level"] == "error"]


def test_a_channel_is_created_and_one_that_is_gone_is_said_to_be(pushctl: Any, sandbox_home: Path) -> None:
    def run(*argv: str) -> dict[str, Any]:
        ran = pushctl(*argv, "--sandbox", "apns", "--json", env={"XDG_STATE_HOME": str(sandbox_home)})
        document = json.loads(ran.out)
        assert ran.code == document["exit_code"]
        return dict(document)

    created = run("channel", "create", "--store")
    assert created["outcome"] == "accepted"
    assert facts(created)["apns-channel-id"]
    # Each command has an emulator of its own: this channel is gone by now, and the emulator says so.
    channel = facts(created)["apns-channel-id"]
    assert run("send", "--channel-id", channel, "--set", "aps.event=update", *LIVE)["results"][0]["code"] == (
        "ChannelNotRegistered"
    )
    assert run("channel", "show", channel)["code"] == "ChannelNotRegistered"
    assert run("channel", "delete", channel)["code"] == "ChannelNotRegistered"


def test_the_probe_tells_a_wrong_environment_from_a_dead_token(pushctl: Any, sandbox_home: Path) -> None:
    def found(*argv: str) -> list[str]:
        env = {"XDG_STATE_HOME": str(sandbox_home)}
        ran = pushctl("send", "--sandbox", "apns", "--title", "Hi", "--probe-env", "--json", *argv, env=env)
        assert ran.code == 3
        return [finding["rule"] for finding in json.loads(ran.out)["findings"]]

    assert found("--scenario", "wrong-environment") == ["token-other-environment"]
    assert found("--token", "ab" * 32) == ["token-nowhere"]
    # The probe is a background push, which a token of another kind does not take; that it is known there is proof.
    voip = ("--push-type", "voip", "--ttl", "0", "--scenario", "wrong-environment")
    assert found(*voip) == ["token-other-topic"]
