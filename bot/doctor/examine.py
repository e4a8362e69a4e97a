"""Looks at everything at once; whatever hangs or breaks costs only its own finding."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from bot.doctor.findings import Finding, error
from bot.domain.errors import BackEndUnavailableError, ConfigurationError, HeraldError

Check = Callable[[], Awaitable[Iterable[Finding]]]

REACH = "See that this machine reaches it: address in the settings, network, proxy, its own status"
RIGHTS = "Give Herald's token the right that is named"


async def examine(checks: Mapping[str, Check], limit_s: float) -> tuple[Finding, ...]:
    """Return what all checks find, in their order.

    Args:
        checks: By name.
        limit_s: Seconds for each of them; they run side by side.
    """
    found = await asyncio.gather(*(_bounded(name, c, limit_s) for name, c in checks.items()))
    return tuple(finding for findings in found for finding in findings)


async def _bounded(name: str, check: Check, limit_s: float) -> Sequence[Finding]:
    try:
        async with asyncio.timeout(limit_s):
            return tuple(await check())
    except TimeoutError:
        return (error(name, f"no answer within {limit_s:g} s", REACH),)
    except HeraldError as problem:
        return (trouble(name, problem),)
    except Exception as problem:  # noqa: BLE001 - the other findings are wanted all the same
        kind = type(problem).__name__
        return (error(name, f"this could not be looked at ({kind})", "Report this to Herald"),)


def trouble(name: str, problem: HeraldError) -> Finding:
    """Return what went wrong, with what to do about it."""
    match problem:
        case ConfigurationError():
            return error(name, f"{problem.where}: {problem.problem}", problem.remedy)
        case BackEndUnavailableError():
            return error(name, str(problem), REACH)
        case _:
            return error(name, str(problem), RIGHTS)
