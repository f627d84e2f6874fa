"""What one cold push costs, as a whole process: ``python tests/benchmarks/cold_start.py``.

It starts the sandbox in another process and times, in turn and in one run, a bare interpreter, ``pushctl --version``,
cheap commands, a one-shot send with a cached provider token, and a twenty-line script on httpx and PyJWT that makes
the same send. It prints medians and ratios and never fails on a stop-watch.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parents[2]
RUNS = 15

SCRIPT = """
import sys, time, httpx, jwt
url, ca, key, kid, team, topic = sys.argv[1:]
claims = {"iss": team, "iat": int(time.time())}
token = jwt.encode(claims, open(key).read(), "ES256", {"kid": kid})
headers = {
    "authorization": "bearer " + token,
    "apns-topic": topic,
    "apns-push-type": "alert",
    "apns-priority": "10",
}
with httpx.Client(http2=True, verify=ca) as client:
    answer = client.post(url, headers=headers, json={"aps": {"alert": {"title": "Hi"}}})
if answer.status_code != 200:
    sys.exit(answer.text)
print(answer.headers["apns-id"])
"""


def main() -> None:
    """Serve, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        foreign = ("PUSHCTL_", "PYTHON")  # PYTHONDONTWRITEBYTECODE among them: it would compile every module anew
        env = {k: v for k, v in os.environ.items() if not k.startswith(foreign) and "_proxy" not in k.lower()}
        env |= {"HOME": folder, "XDG_STATE_HOME": folder, "XDG_CACHE_HOME": folder, "PYTHONPATH": str(PROJECT)}
        server = subprocess.Popen(
            [sys.executable, "-m", "pushctl", "sandbox", "serve", "--quiet"],
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            home = Path(folder) / "pushctl" / "sandbox"
            wait_for(home / "running.json")
            measure(env, home, Path(folder) / "profile.toml")
        finally:
            server.terminate()
            server.wait(10)


def wait_for(path: Path, seconds: float = 30) -> None:
    """Until the server has written its address."""
    deadline = time.monotonic() + seconds
    while not path.exists():
        if time.monotonic() > deadline:
            sys.exit("the sandbox did not start")
        time.sleep(0.05)


def measure(env: dict[str, str], home: Path, own: Path) -> None:
    """Time every program in turn, so that a noisy moment hits them all.

    :param own: where to write a profile that sends to the sandbox as if it were the service itself.
    """
    from pushctl import sandbox
    from pushctl.core.message import Message

    running = sandbox.attach(home)
    profile = running.profile("apns", "sandbox")
    ip, port = running.via["api.sandbox.push.apple.com"]
    token = running.target("apns", Message(title="Hi"), "sandbox").value
    credentials = profile["credentials"]
    own.write_text(
        'vendor = "apns"\nenvironment = "sandbox"\n[credentials]\n'
        + "".join(f"{name} = {json.dumps(value)}\n" for name, value in credentials.items())
        + f'[app]\nbundle_id = "{profile["app"]["bundle_id"]}"\n'
        + f'[network]\nendpoint = "https://{ip}:{port}"\nca_bundle = "{running.ca}"\n'
    )
    script = [
        f"https://{ip}:{port}/3/device/{token}",
        str(running.ca),
        credentials["key"].removeprefix("file:"),
        credentials["key_id"],
        credentials["team_id"],
        profile["app"]["bundle_id"],
    ]
    # What the installed command runs; "python -m" would load runpy first.
    pushctl = [sys.executable, "-c", "import sys; from pushctl.__main__ import main; sys.exit(main())"]
    programs = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "pushctl --version": [*pushctl, "--version"],
        "pushctl explain": [*pushctl, "explain", "apns:BadDeviceToken"],
        "pushctl lint": [*pushctl, "lint", "--vendor", "apns", "--title", "Hi"],
        "pushctl send, cached token": [*pushctl, "send", "-p", str(own), "-t", token, "--title", "Hi"],
        "httpx + PyJWT script": [sys.executable, "-c", SCRIPT, *script],
    }
    times: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(RUNS + 1):
        for name, argv in programs.items():
            start = time.perf_counter()
            done = subprocess.run(argv, env=env, capture_output=True, timeout=60)
            spent = time.perf_counter() - start
            if done.returncode != 0:
                sys.exit(f"{name} failed: {done.stderr.decode()}{done.stdout.decode()}")
            if turn:  # the first turn warms the file cache and mints the token
                times[name].append(spent * 1000)
    report({name: statistics.median(values) for name, values in times.items()})


def report(medians: dict[str, float]) -> None:
    """The table, and the same as one line of JSON."""
    bare, script = medians["python -c pass"], medians["httpx + PyJWT script"]
    print(f"{'median of ' + str(RUNS) + ' cold runs':30} {'ms':>7} {'x bare':>8} {'x script':>9}")
    for name, median in medians.items():
        print(f"{name:30} {median:7.0f} {median / bare:8.1f} {median / script:9.2f}")
    print(json.dumps({name: round(median, 1) for name, median in medians.items()}))


if __name__ == "__main__":
    main()
