"""Why the sandbox cannot go on, each in one line that says what to do."""

from pathlib import Path


class SandboxError(Exception):
    """The sandbox ends; the text is for whoever started it."""

    exit_code = 1


class UnknownRegistryError(SandboxError):
    """A registry was asked for that the sandbox does not have."""

    exit_code = 2

    def __init__(self, registry: str) -> None:
        super().__init__(
            f"--registry {registry}: the sandbox has no such registry; use uc or mlflow."
        )


class UnusableAddressError(SandboxError):
    """Slack shall post to an address at which no bot of the sandbox can listen."""

    exit_code = 2

    def __init__(self, url: str) -> None:
        super().__init__(
            f"HERALD_HTTP_URL={url}: name this machine and a port, "
            "such as http://127.0.0.1:3000/slack/events."
        )


class PortTakenError(SandboxError):
    """Another program listens where the sandbox wants to."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} of 127.0.0.1 is taken. Name another with --port; 0 picks a free one."
        )


class StateHeldError(SandboxError):
    """Another sandbox runs on the same state."""

    def __init__(self, state: Path) -> None:
        super().__init__(
            f"Another sandbox runs on {state}. Stop it, or name another folder with --state."
        )


class ForeignFolderError(SandboxError):
    """The state folder holds something that no sandbox made."""

    def __init__(self, state: Path) -> None:
        super().__init__(
            f"{state} is not empty and no sandbox made it, so it is left alone. "
            "Name another folder with --state."
        )


class UnusableFolderError(SandboxError):
    """The state folder cannot be made or written."""

    def __init__(self, state: Path, reason: str) -> None:
        super().__init__(
            f"The state cannot be kept in {state} ({reason}). Name another folder with --state."
        )


class ChildEndedError(SandboxError):
    """A part of the world ended by itself, or never came up."""

    def __init__(self, name: str, code: int | None, last_lines: str) -> None:
        said = f" It said last: {last_lines}" if last_lines else ""
        super().__init__(f"{name} ended (exit code {code}), so the sandbox ends too.{said}")
