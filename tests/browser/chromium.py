"""A Chromium to test the page with: one that is installed, else Playwright's, else the system's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
INSTALL_S = 600
_OWN_PATH = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
)


class NoChromiumError(RuntimeError):
    """No browser is installed, and none could be installed."""

    def __init__(self) -> None:
        super().__init__(
            "The page cannot be tested: put a chromium or google-chrome on PATH, or run "
            "`python -m playwright install chromium` where its download can be reached."
        )


def chromium() -> Path:
    """Return a browser's path, installing one when there is none.

    Raises:
        NoChromiumError: None is there and none could be had.
    """
    found = on_path() or playwrights_own()
    if found is None and _ran(sys.executable, "-m", "playwright", "install", "chromium"):
        found = playwrights_own()
    if found is None and os.geteuid() == 0:
        _ran("apt-get", "update", "-q")
        _ran("apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium")
        found = on_path()
    if found is None:
        raise NoChromiumError
    return found


def on_path() -> Path | None:
    """Return the first browser on PATH."""
    return next((Path(path) for path in map(shutil.which, NAMES) if path), None)


def playwrights_own() -> Path | None:
    """Return the browser that Playwright keeps for itself, if it was downloaded."""
    asked = subprocess.run(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-c", _OWN_PATH], capture_output=True, text=True, check=False
    )
    path = Path(asked.stdout.strip() or "nowhere")
    return path if path.is_file() else None


def _ran(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    try:
        done = subprocess.run(command, check=False, timeout=INSTALL_S, stdout=sys.stderr)  # noqa: S603 - words of this module
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{chromium()}\n")
    except NoChromiumError as missing:
        sys.exit(str(missing))
