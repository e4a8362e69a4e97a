"""Draws in a child process, so that drawing holds up nothing."""

import asyncio
import json
import logging
import os
import struct
import sys
from pathlib import Path

from bot.domain.messages import Comparison
from bot.domain.pictures import Picture
from bot.views.comparison_picture import alt_text, drawing

log = logging.getLogger(__name__)

PROGRAM = ("-m", "bot.pictures")
HOME = Path(__file__).parents[2]
"""Where ``bot`` lies, so that the child finds it."""
DEADLINE_S = 10.0
AT_ONCE = 2
SIGNATURE = b"\x89PNG\r\n\x1a\n"
SIZE = struct.Struct(">16xII")
"""PNG: the signature and the head of the first chunk, then width and height."""
_OWN = ("SLACK_", "HERALD_", "DATABRICKS_", "MLFLOW_")
"""Settings and secrets, which no picture needs."""


class ChildPainter:
    """Implements ``Painter`` with a program of its own, started for each picture.

    Where it cannot draw (the extra ``pictures`` is not installed, the child dies or takes too
    long), messages go without pictures, and the first time the log says why.
    """

    def __init__(
        self, program: tuple[str, ...] = PROGRAM, *, deadline_s: float = DEADLINE_S
    ) -> None:
        self._program = program
        self._deadline_s = deadline_s
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._has_told = False

    async def comparison(self, comparison: Comparison) -> Picture | None:
        """Return a comparison drawn, or None when it cannot be drawn here and now."""
        asked = json.dumps(drawing(comparison)).encode()
        async with self._turns:
            png = await self._drawn(asked)
        if png is None:
            return None
        width, height = SIZE.unpack_from(png)
        return Picture(png=png, alt=alt_text(comparison), width=width, height=height)

    async def _drawn(self, asked: bytes) -> bytes | None:
        try:
            status, png, said = await self._run(asked)
        except TimeoutError:
            self._tell(f"drawing took longer than {self._deadline_s:g} s")
            return None
        except OSError as error:
            self._tell(str(error))
            return None
        if status == 0 and png.startswith(SIGNATURE) and len(png) > SIZE.size:
            return png
        self._tell(_last_line(said) or f"the program that draws ended with {status}")
        return None

    async def _run(self, asked: bytes) -> tuple[int | None, bytes, bytes]:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            *self._program,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=HOME,
            env={key: value for key, value in os.environ.items() if not key.startswith(_OWN)},
        )
        try:
            async with asyncio.timeout(self._deadline_s):
                png, said = await child.communicate(asked)
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        return child.returncode, png, said

    def _tell(self, reason: str) -> None:
        if not self._has_told:
            log.warning("Comparisons are shared without pictures: %s", reason)
        self._has_told = True


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
