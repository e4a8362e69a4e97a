"""Plays the tour from the first line to the report of Slack."""

from collections.abc import Callable

import aiohttp

from bot.sandbox.tour import scenes
from bot.sandbox.tour.clients import ControlClient, HumanClient
from bot.sandbox.tour.stage import Stage
from bot.sandbox.tour.transcript import Transcript

TIMEOUT = aiohttp.ClientTimeout(total=30)


async def play(
    page: str, databricks: str, databricks_token: str, write: Callable[[str], None]
) -> tuple[str, ...]:
    """Play every scene in a fresh world; return what was not as expected.

    Args:
        page: Address of the page, which also has the human side.
        databricks: Address of the Databricks double.
        databricks_token: For reading tags as any client would.
        write: Takes the transcript line by line.
    """
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        transcript = Transcript(write)
        stage = Stage(
            HumanClient(page, session),
            ControlClient(databricks, databricks_token, session),
            transcript,
        )
        await _scenes(stage)
        await _manners(stage)
    _sum_up(transcript, write)
    return tuple(transcript.failures)


async def _scenes(stage: Stage) -> None:
    """Play one scene after the other; the first failure ends it."""
    memory = scenes.Memory()
    for scene in scenes.ALL:
        await scene(stage, memory)
        if stage.transcript.failures:
            stage.transcript.scene("The tour ends here: what follows rests on what failed")
            return


async def _manners(stage: Stage) -> None:
    stage.transcript.scene("What Slack says of Herald's manners")
    report = await stage.human.report()
    stage.transcript.expect(
        "no rule of Slack was broken", not report["violations"], report["violations"]
    )


def _sum_up(transcript: Transcript, write: Callable[[str], None]) -> None:
    write("")
    for failure in transcript.failures:
        write(f"Not as expected: {failure}")
    missed = len(transcript.failures)
    write(f"{transcript.held} expectations held, {missed} did not.")
