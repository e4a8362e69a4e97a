"""Does this machine's clock agree with those of Slack and Databricks."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from bot.doctor.findings import Finding, error, note, ok
from bot.domain.errors import BackEndUnavailableError
from bot.domain.ports import Clock

LARGEST_SKEW_S = 60
"""Slack's signatures fail at 300 s; a clock that is a minute off goes on drifting."""

REMEDY = "Let this machine keep its time: timedatectl set-ntp true"

Ask = Callable[[], Awaitable[str]]


async def look_at_clock(other: str, ask: Ask, clock: Clock) -> Iterable[Finding]:
    """Compare the clock with the time that an answer's ``Date`` header gives.

    Args:
        other: Whose time it is.
        ask: Returns the header; empty when there is none.
        clock: Ours.
    """
    name = f"clock ({other})"
    began, date, ended = clock.now(), await ask(), clock.now()
    try:
        theirs = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return [note(name, f"{other} tells no time")]
    return [_compared(name, other, theirs, (began, ended))]


def date_from(session: aiohttp.ClientSession, name: str, address: str, limit_s: float) -> Ask:
    """Return what asks a host for its time, without telling it who asks."""
    limit = aiohttp.ClientTimeout(total=limit_s)

    async def ask() -> str:
        try:
            async with session.get(address, allow_redirects=False, timeout=limit) as answer:
                return answer.headers.get("Date", "")
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            raise BackEndUnavailableError(name, "the connection failed") from problem

    return ask


def _compared(name: str, other: str, theirs: datetime, ours: tuple[datetime, datetime]) -> Finding:
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    ahead = (ours[0] - theirs).total_seconds()
    behind = (theirs - ours[1]).total_seconds()
    seconds = max(ahead, behind, 0.0)
    if seconds <= LARGEST_SKEW_S:
        return ok(name, f"it agrees with {other}'s")
    way = "ahead of" if ahead > behind else "behind"
    return error(name, f"this machine is {seconds:.0f} s {way} {other}", REMEDY)
