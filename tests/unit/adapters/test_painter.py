"""A picture comes from a child, or does not come and nothing is held up."""

import logging
from pathlib import Path

import pytest

from bot.adapters.painter import ChildPainter
from bot.domain.ports import Painter
from tests.unit.views.samples import COMPARISON


async def test_a_comparison_is_drawn_with_its_words_and_size() -> None:
    painter: Painter = ChildPainter(deadline_s=60)
    picture = await painter.comparison(COMPARISON)
    assert picture is not None
    assert picture.png.startswith(b"\x89PNG")
    assert (picture.width, picture.height) == (1200, 812)
    assert "+4.7 % better" in picture.alt


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import nothing_of_the_kind", "No module named 'nothing_of_the_kind'"),
        ("raise SystemExit(3)", "ended with 3"),
        ("print('no picture')", "ended with 0"),
        ("import os; os.kill(os.getpid(), 9)", "ended with -9"),
    ],
)
async def test_where_it_cannot_draw_there_is_no_picture_and_the_log_says_why_once(
    caplog: pytest.LogCaptureFixture, program: str, reason: str
) -> None:
    painter = ChildPainter(("-c", program), deadline_s=60)
    with caplog.at_level(logging.WARNING, logger="bot.adapters.painter"):
        assert await painter.comparison(COMPARISON) is None
        assert await painter.comparison(COMPARISON) is None
    (told,) = caplog.messages
    assert told.startswith("Comparisons are shared without pictures: ")
    assert reason in told


async def test_a_child_that_takes_too_long_is_ended(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    late = tmp_path / "late"
    program = f"import time, pathlib; time.sleep(5); pathlib.Path({str(late)!r}).touch()"
    painter = ChildPainter(("-c", program), deadline_s=0.2)
    with caplog.at_level(logging.WARNING, logger="bot.adapters.painter"):
        assert await painter.comparison(COMPARISON) is None
    assert "drawing took longer than 0.2 s" in caplog.text
    assert not late.exists()


async def test_a_program_that_cannot_be_started_is_said(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with caplog.at_level(logging.WARNING, logger="bot.adapters.painter"):
        assert await ChildPainter().comparison(COMPARISON) is None
    assert "/nowhere/python" in caplog.text


async def test_the_child_sees_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("DATABRICKS_TOKEN", "dapi-1")
    program = (
        "import os, sys, struct;"
        "seen = [k for k in os.environ if 'TOKEN' in k];"
        "sys.stdout.buffer.write(b'\\x89PNG\\r\\n\\x1a\\n' + bytes(8)"
        " + struct.pack('>II', len(seen), 7) + b'.')"
    )
    picture = await ChildPainter(("-c", program), deadline_s=60).comparison(COMPARISON)
    assert picture is not None
    assert (picture.width, picture.height) == (0, 7)
