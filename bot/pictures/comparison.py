"""A comparison as a card: each metric with both values, words, a sign and a bar."""

from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

from bot.pictures.pen import BOLD, Pen

WIDTH = 600
EDGE = 24
BASE_X, OTHER_X = 452, WIDTH - EDGE
VALUE_ROOM = 112
NAME_ROOM = 300
BAR_X, BAR_REACH = 464, 104
"""The middle of the bars, and how far they go to either side, without a tip."""
HEAD, ROW, FOOT = 122, 60, 44
LEAST_FULL, MOST_FULL = 5.0, 100.0
"""Per cent of a bar's full length: noise fills no bar, and one outlier flattens no others."""

PAPER, BAND, LINE = "#ffffff", "#f4f5f7", "#c4c9d0"
INK, GREY = "#1d1c1d", "#5b6068"
INKS = {"better": "#0a6b4f", "worse": "#b3380d", "same": GREY, "unknown": GREY, "none": GREY}

Row = Mapping[str, Any]


def card(asked: Mapping[str, Any]) -> Image.Image:
    """Draw a comparison as ``bot.views.comparison_picture`` describes it."""
    rows: Sequence[Row] = asked["rows"]
    height = HEAD + ROW * len(rows) + FOOT
    pen = Pen(WIDTH, height, PAPER)
    _head(pen, asked)
    full = full_length(rows)
    for number, row in enumerate(rows):
        _row(pen, HEAD + ROW * number, row, full)
    _foot(pen, height - FOOT, asked, full if any(row["gain"] for row in rows) else 0)
    pen.frame((0, 0, WIDTH, height), LINE, 0)
    return pen.image


def full_length(rows: Sequence[Row]) -> float:
    """Return how many per cent the longest bar stands for."""
    most = max((abs(row["gain"] or 0) for row in rows), default=0)
    return float(min(MOST_FULL, max(LEAST_FULL, most)))


def _head(pen: Pen, asked: Mapping[str, Any]) -> None:
    room = WIDTH - 2 * EDGE
    pen.text((EDGE, 40), asked["model"], room, size=23, ink=INK, weight=BOLD)
    pen.text((EDGE, 68), asked["score"], room, size=17, ink=GREY)
    pen.text((EDGE, 108), "metric", NAME_ROOM, size=14, ink=GREY)
    pen.text((BASE_X, 108), asked["base"], VALUE_ROOM, size=14, ink=GREY, side="r")
    at = (OTHER_X, 108)
    pen.text(at, asked["other"], VALUE_ROOM, size=14, ink=INK, weight=BOLD, side="r")


def _row(pen: Pen, top: float, row: Row, full: float) -> None:
    pen.box((EDGE, top, WIDTH - EDGE, top + 1), LINE)
    ink = INKS[row["worth"]]
    pen.text((EDGE, top + 25), row["name"], NAME_ROOM - 20, size=17, ink=INK, weight=550)
    pen.text((BASE_X, top + 25), row["base"], VALUE_ROOM, size=17, ink=GREY, side="r")
    value_ink, at = GREY if row["worth"] == "none" else INK, (OTHER_X, top + 25)
    pen.text(at, row["other"], VALUE_ROOM, size=17, ink=value_ink, weight=BOLD, side="r")
    _sign(pen, (EDGE, top + 37), row["worth"], ink)
    pen.text((EDGE + 18, top + 48), row["said"], NAME_ROOM, size=15, ink=ink)
    if row["gain"]:
        _bar(pen, top + 38, row["gain"] / full, ink)


def _sign(pen: Pen, at: tuple[float, float], worth: str, ink: str) -> None:
    """Draw what the colour says, for who does not see colours."""
    x, y = at
    match worth:
        case "better":
            pen.shape([(x, y + 11), (x + 6, y), (x + 12, y + 11)], ink)
        case "worse":
            pen.shape([(x, y), (x + 12, y), (x + 6, y + 11)], ink)
        case "same":
            pen.box((x, y + 2, x + 12, y + 4), ink)
            pen.box((x, y + 7, x + 12, y + 9), ink)
        case _:
            pen.ring((x, y, x + 12, y + 12), ink)


def _bar(pen: Pen, top: float, share: float, ink: str) -> None:
    """Draw a bar from the middle: to the right for better; a tip where it would go on."""
    reach = max(2.0, BAR_REACH * min(1.0, abs(share)))
    end = BAR_X + (reach if share > 0 else -reach)
    pen.box((min(BAR_X, end), top, max(BAR_X, end), top + 9), ink)
    if abs(share) > 1:
        tip = end + (8 if share > 0 else -8)
        pen.shape([(end, top - 3), (tip, top + 4.5), (end, top + 12)], ink)
    pen.box((BAR_X - 0.5, top - 4, BAR_X + 0.5, top + 13), GREY)


def _foot(pen: Pen, top: float, asked: Mapping[str, Any], full: float) -> None:
    pen.box((EDGE, top, WIDTH - EDGE, top + 1), LINE)
    bars = f"Bars: right is better, left is worse; the longest is {full:.3g} %" if full else ""
    words = " · ".join(part for part in (asked["more"], bars) if part)
    pen.text((EDGE, top + 27), words, WIDTH - 2 * EDGE, size=13, ink=GREY)
