"""``make bench``: measures Herald against its goals, prints a table, writes JSON."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.bench import rows
from tests.bench.crowd import Crowd
from tests.bench.evaluate import evaluate
from tests.bench.figures import Figure, table, write
from tests.bench.stage import Stage, stage

ROWS: dict[str, Callable[[Stage, int], Awaitable[list[Figure]]]] = {
    "ack": rows.ack,
    "compare": rows.compare,
    "click": rows.click,
    "idle": rows.idle,
    "start": rows.start,
    "evaluate": evaluate,
}
USUAL = Crowd(models=1000, versions_each=50, endpoints=200)


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rows", default=",".join(ROWS), help="which rows, with commas")
    parser.add_argument("--scales", default="1", help="how many times the usual world")
    parser.add_argument("--json", type=Path, default=Path("bench.json"), help="where figures go")
    asked = parser.parse_args()
    figures: list[Figure] = []
    for scale in map(int, asked.scales.split(",")):
        figures += asyncio.run(_measured(asked.rows.split(","), scale))
    write(figures, asked.json)
    sys.stdout.write(f"{table(figures)}\n")


async def _measured(names: list[str], scale: int) -> list[Figure]:
    found: list[Figure] = []
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            async with stage(Path(folder), USUAL.times(scale)) as world:
                sys.stderr.write(f"measuring {name} × {scale}\n")
                measured = await ROWS[name](world, scale)
        sys.stderr.write(f"{table(measured)}\n")
        found += measured
    return found


if __name__ == "__main__":
    main()
