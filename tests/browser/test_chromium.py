"""Where the tests of the page get their browser from."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.chromium import on_path


def test_a_browser_on_path_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "google-chrome"
    own.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert on_path() == own


def test_without_any_browser_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    bare = {
        "PATH": "/nowhere",
        "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path),
        "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "tests.browser.chromium"],
        cwd=Path(__file__).parents[2],
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("The page cannot be tested: put a chromium")
