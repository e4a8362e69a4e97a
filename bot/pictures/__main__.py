"""Draws one comparison: its JSON on standard input, a PNG on standard output."""

import io
import json
import sys

from bot.pictures.comparison import card


def main() -> None:
    """Draw what was asked for."""
    held = io.BytesIO()
    card(json.load(sys.stdin.buffer)).save(held, "PNG")
    sys.stdout.buffer.write(held.getvalue())


if __name__ == "__main__":
    main()
