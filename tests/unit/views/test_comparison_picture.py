"""What the picture of a comparison says, and its words for who cannot see it."""

import json
import math
from dataclasses import replace

import pytest

from bot.domain.messages import Better, MetricRow
from bot.domain.metrics import Direction, MetricDefinition
from bot.views.comparison_picture import ALT_LIMIT, DRAWN, alt_text, drawing, illustrated
from bot.views.message import Message
from bot.views.render import render
from tests.unit.views.samples import BARE_COMPARISON, COMPARISON

LATENCY = MetricDefinition(name="latency", direction=Direction.LOWER, unit="ms")


def row(base: float | None, other: float | None, better: Better) -> MetricRow:
    return MetricRow(key="latency", definition=LATENCY, base=base, other=other, better=better)


def gains(*rows: MetricRow) -> list[float | None]:
    return [each["gain"] for each in drawing(replace(COMPARISON, metrics=rows))["rows"]]


def test_the_words_beside_a_picture_carry_every_figure() -> None:
    said = alt_text(COMPARISON)
    assert said.startswith("scorer v7 challenger against v6 champion: 1 better, 1 worse")
    assert "recall ↑ 0.871 → 0.912, +4.7 % better" in said
    assert "drift_psi ↑ 0.03 → no data" in said


def test_the_words_stay_within_slacks_limit() -> None:
    many = replace(COMPARISON, metrics=COMPARISON.metrics * 40)
    assert len(alt_text(many)) <= ALT_LIMIT


def test_a_picture_is_described_in_json() -> None:
    first = json.loads(json.dumps(drawing(COMPARISON)))["rows"][0]
    assert first == {
        "name": "recall ↑",
        "base": "0.871",
        "other": "0.912",
        "said": "+4.7 % better",
        "worth": "better",
        "gain": pytest.approx(4.707, abs=0.001),
    }


def test_less_is_a_gain_where_lower_is_better() -> None:
    assert gains(row(200, 150, Better.BETTER), row(200, 250, Better.WORSE)) == [25.0, -25.0]


def test_what_cannot_be_compared_has_no_bar() -> None:
    unlike = [
        row(None, 1.0, Better.UNKNOWN),
        row(1.0, None, Better.UNKNOWN),
        row(0.0, 1.0, Better.WORSE),
        row(1.0, 1.0, Better.SAME),
        row(math.inf, 1.0, Better.UNKNOWN),
        row(5e-324, 1e300, Better.WORSE),
        row(1.0, 2.0, Better.UNKNOWN),
    ]
    assert gains(*unlike) == [None] * len(unlike)


def test_no_data_is_said_and_never_a_nought() -> None:
    (drawn,) = drawing(replace(COMPARISON, metrics=(row(4, None, Better.UNKNOWN),)))["rows"]
    assert (drawn["other"], drawn["said"], drawn["worth"]) == ("no data", "no comparison", "none")


def test_within_noise_is_neither_better_nor_worse() -> None:
    noise = [each for each in drawing(COMPARISON)["rows"] if each["said"] == "within noise"]
    assert [(each["worth"], each["gain"]) for each in noise] == [("same", None)]


def test_rows_beyond_a_phones_height_are_counted() -> None:
    rows = tuple(replace(row(4, 5, Better.WORSE), key=f"m{n}") for n in range(DRAWN + 2))
    described = drawing(replace(COMPARISON, metrics=rows))
    assert len(described["rows"]) == DRAWN
    assert described["more"] == "2 more metrics in the message"
    assert drawing(BARE_COMPARISON)["more"] == ""


def test_a_picture_stands_between_heading_and_table() -> None:
    shown: Message = render(COMPARISON)
    drawn = illustrated(shown, "F01", "words")
    assert [block["type"] for block in drawn.blocks][:4] == [
        "rich_text",
        "context",
        "image",
        "table",
    ]
    assert drawn.text == shown.text
