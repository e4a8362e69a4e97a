"""Writes and draws in units that are two pixels wide."""

from functools import cache
from importlib.resources import as_file, files
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

SCALE = 2
SMALLEST = 11
BOLD = 650
OPTICAL = 14
"""Inter's optical size for text; the next axis is the weight."""

Colour = str
Box = tuple[float, float, float, float]


class Pen:
    """A sheet of paper, and what can be done on it."""

    def __init__(self, width: int, height: int, paper: Colour) -> None:
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), paper)
        self._draw = ImageDraw.Draw(self.image)

    def text(  # noqa: PLR0913 - a place, a width and a look
        self,
        at: tuple[float, float],
        words: str,
        room: float,
        *,
        size: int,
        ink: Colour,
        weight: int = 400,
        side: Literal["l", "r"] = "l",
    ) -> None:
        """Write a line at its baseline; smaller, then cut, where it has no room.

        Args:
            at: Where the baseline begins, or ends with ``side="r"``.
            words: One line.
            room: How wide it may be.
            size: Of the letters.
            ink: Their colour.
            weight: 400 is regular.
            side: Where ``at`` is.
        """
        while size > SMALLEST and width_of(words, size, weight) > room:
            size -= 1
        shown = cut(words, room, size, weight)
        x = at[0] if side == "l" else at[0] - width_of(shown, size, weight)
        font = _font(size, weight)
        for letter, offset in _placed(shown, size, weight):
            place = ((x + offset) * SCALE, at[1] * SCALE)
            self._draw.text(place, letter, font=font, fill=ink, anchor="ls")

    def box(self, box: Box, fill: Colour, radius: float = 0) -> None:
        """Fill a rectangle."""
        self._draw.rounded_rectangle(_pixels(box), radius * SCALE, fill=fill)

    def frame(self, box: Box, ink: Colour, radius: float) -> None:
        """Draw a border."""
        self._draw.rounded_rectangle(_pixels(box), radius * SCALE, outline=ink, width=SCALE)

    def ring(self, box: Box, ink: Colour) -> None:
        """Draw an empty circle."""
        self._draw.ellipse(_pixels(box), outline=ink, width=int(1.5 * SCALE))

    def shape(self, points: list[tuple[float, float]], fill: Colour) -> None:
        """Fill a shape."""
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)


def width_of(words: str, size: int, weight: int) -> float:
    """Return how wide a line is."""
    return sum(_advance(letter, size, weight) for letter in words)


def cut(words: str, room: float, size: int, weight: int) -> str:
    """Return as much of a line as has room: its beginning and its end tell names apart."""
    if width_of(words, size, weight) <= room:
        return words
    for kept in range(len(words) - 1, 1, -1):
        shown = f"{words[: (kept + 1) // 2]}…{words[-(kept // 2) :]}"
        if width_of(shown, size, weight) <= room:
            return shown
    return "…"


def _placed(words: str, size: int, weight: int) -> list[tuple[str, float]]:
    """Return each letter with its place; every figure is as wide as every other."""
    placed, x = [], 0.0
    for letter in words:
        slack = _advance(letter, size, weight) - _length(letter, size, weight)
        placed.append((letter, x + slack / 2))
        x += _advance(letter, size, weight)
    return placed


@cache
def _advance(letter: str, size: int, weight: int) -> float:
    if letter.isascii() and letter.isdigit():
        return max(_length(figure, size, weight) for figure in "0123456789")
    return _length(letter, size, weight)


def _length(letter: str, size: int, weight: int) -> float:
    return _font(size, weight).getlength(letter) / SCALE


@cache
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    with as_file(files("fontpkg_inter") / "files" / "Inter[opsz,wght].ttf") as path:
        font = ImageFont.truetype(path, size * SCALE)
    font.set_variation_by_axes([OPTICAL, weight])
    return font


def _pixels(box: Box) -> Box:
    left, top, right, bottom = box
    return (left * SCALE, top * SCALE, right * SCALE - 1, bottom * SCALE - 1)
