"""The sandbox with `HERALD_HTTP_URL`: its Slack posts to the bot, which holds no link."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kept_port import kept_port
from tests.sandbox_process import bare_environment, sandbox, sandbox_state


def _human(page: str, name: str, **body: str) -> Any:
    asked = urllib.request.Request(  # noqa: S310 - loopback
        f"{page}human/{name}", data=json.dumps(body).encode(), method="POST"
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 - loopback
        return json.loads(answer.read())


@pytest.fixture
def port() -> Iterator[str]:
    with kept_port() as port:
        yield str(port)


def test_the_sandboxs_bot_answers_over_http(tmp_path: Path, port: str) -> None:
    url = f"http://127.0.0.1:{port}/slack/events"
    with sandbox(sandbox_state(tmp_path), HERALD_HTTP_URL=url) as world:
        assert world.environment["HERALD_MODE"] == "http"
        assert world.environment["HERALD_HTTP_PORT"] == port

        page = world.ready["page"]
        place = {"user": "U0REQUESTER", "channel": "C0RELEASES"}
        answer = _human(page, "command", **place, command="/model", text="help")
        assert answer["error"] is None
        assert "promote" in json.dumps(answer["ack"])

        with urllib.request.urlopen(f"{page}human/workspace", timeout=60) as shown:  # noqa: S310 - loopback
            bot = json.loads(shown.read())["bot"]
        assert (bot["is_connected"], bot["links"]) == (True, 0)


@pytest.mark.parametrize(
    "url", ["https://acme.example:3000/", "http://127.0.0.1/", "3000", "http://[/"]
)
def test_an_address_of_elsewhere_is_refused_in_one_line(tmp_path: Path, url: str) -> None:
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", "sandbox", "--headless", "--state", str(tmp_path / "state")],
        env={**bare_environment(), "HERALD_HTTP_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 2
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert f"HERALD_HTTP_URL={url}: name this machine and a port" in line
