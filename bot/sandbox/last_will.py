"""Ends the children of a killed sandbox: reads their process ids, acts when its input ends.

`python -m bot.sandbox.last_will` takes lines `+PID` and `-PID`. The sandbox holds the other end, so
the input ends with it, however it ends. Each child leads a process group, which ends as a whole.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable

GRACE_S = 2.0


def main() -> None:
    """Wait for the end of the input, then end all groups that were not crossed out."""
    left = remaining(sys.stdin)
    if not left:
        return
    _signal(left, signal.SIGTERM)
    time.sleep(GRACE_S)
    _signal(left, signal.SIGKILL)


def remaining(lines: Iterable[str]) -> set[int]:
    """Return the groups that were named and not crossed out."""
    groups: set[int] = set()
    for line in lines:
        change = groups.add if line.startswith("+") else groups.discard
        change(int(line[1:]))
    return groups


def _signal(groups: Iterable[int], number: signal.Signals) -> None:
    for group in groups:
        try:
            os.killpg(group, number)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
