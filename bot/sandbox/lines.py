"""What the sandbox says on stdout: the ready line, and the tour."""


def say(line: str) -> None:
    """Write one line to stdout at once."""
    print(line, flush=True)  # noqa: T201 - stdout is the sandbox's contract
