"""What a drawn comparison shows, and that it has room for everything."""

import io
import json
import subprocess
import sys
from typing import Any

import pytest
from PIL import Image

from bot.pictures.comparison import HEAD, INKS, ROW, WIDTH, card, full_length
from bot.pictures.pen import SCALE, cut, width_of


def row(**fields: Any) -> dict[str, Any]:
    usual = {
        "name": "recall ↑",
        "base": "0.871",
        "other": "0.912",
        "said": "+4.7 % better",
        "worth": "better",
        "gain": 4.7,
    }
    return {**usual, **fields}


def asked(*rows: dict[str, Any]) -> dict[str, Any]:
    return {
        "model": "prod.fraud.scorer",
        "score": "1 better",
        "base": "v6 champion",
        "other": "v7 challenger",
        "rows": list(rows),
        "more": "",
    }


def colours(image: Image.Image, left: int) -> set[str]:
    """Return the colours right of a place, where the bars of the first row are."""
    area = (left * SCALE, (HEAD + 32) * SCALE, (WIDTH - 2) * SCALE, (HEAD + ROW - 4) * SCALE)
    pixels = image.crop(area).tobytes()
    return {f"#{pixels[at : at + 3].hex()}" for at in range(0, len(pixels), 3)}


def test_a_card_is_drawn_at_twice_its_size_and_grows_with_its_rows() -> None:
    one, three = card(asked(row())), card(asked(row(), row(), row()))
    assert one.width == three.width == 2 * WIDTH
    assert three.height - one.height == 2 * 2 * ROW


def test_better_goes_to_the_right_and_worse_to_the_left() -> None:
    right_of_the_middle = 470
    better = card(asked(row()))
    worse = card(asked(row(worth="worse", gain=-4.7)))
    assert INKS["better"] in colours(better, right_of_the_middle)
    assert INKS["worse"] not in colours(worse, right_of_the_middle)
    assert INKS["worse"] in colours(worse, 340)


def test_no_data_has_no_bar() -> None:
    missing = card(asked(row(worth="none", gain=None, other="no data", said="no comparison")))
    assert colours(missing, 340) == {"#ffffff"}


def test_noise_fills_no_bar_and_an_outlier_flattens_no_others() -> None:
    assert full_length([row(gain=0.1)]) == 5
    assert full_length([row(gain=-40.0), row(gain=7.0)]) == 40
    assert full_length([row(gain=7950.0)]) == 100
    assert full_length([row(gain=None)]) == 5


@pytest.mark.parametrize("worth", sorted(INKS))
def test_each_worth_has_a_shape_of_its_own(worth: str) -> None:
    def sign(of: str) -> bytes:
        drawn = card(asked(row(worth=of, gain=None)))
        area = (24 * SCALE, (HEAD + 36) * SCALE, 38 * SCALE, (HEAD + 52) * SCALE)
        return drawn.crop(area).convert("L").point(lambda grey: 255 * (grey > 200)).tobytes()

    others = {sign(other) for other in INKS if other not in {worth, "unknown", "none"}}
    assert sign(worth) not in others


def test_a_name_too_long_keeps_its_beginning_and_its_end() -> None:
    name = "retrieval/evaluation_with_reranking/at_k=10/latency_p95_milliseconds"
    shown = cut(name, 200, 17, 400)
    assert width_of(shown, 17, 400) <= 200
    assert shown.startswith("retrieval")
    assert shown.endswith("seconds")
    assert cut("x" * 9, 1, 17, 400) == "…"


def test_figures_are_all_equally_wide() -> None:
    assert len({width_of(figure * 4, 17, 400) for figure in "0123456789"}) == 1


def test_everything_stays_inside_the_frame() -> None:
    long = "W" * 100
    drawn = card(asked(row(name=long, base=long, other=long, said=long, gain=7950.0)))
    edge = drawn.crop(((WIDTH - 20) * SCALE, 10, (WIDTH - 2) * SCALE, drawn.height - 10))
    assert edge.getcolors() == [(edge.width * edge.height, (255, 255, 255))]


def test_the_program_reads_json_and_writes_a_png() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot.pictures"],
        input=json.dumps(asked(row())).encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert Image.open(io.BytesIO(ended.stdout)).format == "PNG"
