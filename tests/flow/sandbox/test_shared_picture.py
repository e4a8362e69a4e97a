"""A comparison that somebody shares, as everybody in the channel sees it."""

import json
import threading
import urllib.request
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from tests.sandbox_process import sandbox, sandbox_state

Json = dict[str, Any]
CHANNEL, VIEWER, LEAD = "C0RELEASES", "U0VIEWER", "U0MLLEAD"
PATIENCE_S = 120


def _asked(address: str, body: Json | None = None) -> bytes:
    request = urllib.request.Request(  # noqa: S310 - loopback
        address,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
        found: bytes = answer.read()
    return found


def _until(find: Callable[[], Json | None]) -> Json:
    pause = threading.Event()
    for _ in range(PATIENCE_S * 10):
        if found := find():
            return found
        pause.wait(0.1)
    raise AssertionError("it never came")


def _shown(page: str, user: str, kind: str) -> Json | None:
    """Return the newest message with a block of a kind, as somebody sees it."""
    seen = json.loads(_asked(f"{page}human/messages?user={user}&channel={CHANNEL}"))["messages"]
    fitting = [m for m in seen if kind in {block["type"] for block in m.get("blocks", [])}]
    return fitting[-1] if fitting else None


def test_a_shared_comparison_is_seen_with_its_picture(tmp_path: Path) -> None:
    with sandbox(sandbox_state(tmp_path)) as world:
        page = world.ready["page"]
        typed = {"user": VIEWER, "channel": CHANNEL, "command": "/model"}
        _asked(f"{page}human/command", {**typed, "text": "compare scorer 4"})
        private = _until(lambda: _shown(page, VIEWER, "actions"))
        click = {"user": VIEWER, "channel": CHANNEL, "ts": private["ts"]}
        _asked(f"{page}human/action", {**click, "action_id": "comparison.share"})
        shared = _until(lambda: _shown(page, LEAD, "image"))
        (image,) = [block for block in shared["blocks"] if block["type"] == "image"]
        drawn = _asked(f"{page}files/{image['slack_file']['id']}/picture")
    assert "scorer v4" in image["alt_text"]
    assert Image.open(BytesIO(drawn)).width == 1200
