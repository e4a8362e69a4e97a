"""The real bot in a hurry, so that nobody waits a minute: it looks often and takes over soon."""

import asyncio
from datetime import timedelta

from bot import app
from bot.read_settings import load_settings
from bot.services import dispatch, execution, rejudge

LOOK_S = 1
LEASE = timedelta(seconds=9)
"""Longer than any call of this bot may take, as in earnest."""


def hurry() -> None:
    """Shorten the pauses between looks at the world, and the hold on what is carried out."""
    for pause in ("REFRESH_S", "POLICIES_S"):
        setattr(app, pause, LOOK_S)
    setattr(rejudge, "EACH_EVERY", timedelta(seconds=LOOK_S))  # noqa: B010 - changed on purpose
    for module in (dispatch, execution):
        setattr(module, "LEASE", LEASE)  # noqa: B010 - as above


if __name__ == "__main__":
    hurry()
    raise SystemExit(asyncio.run(app.run(load_settings())))
