"""Numbers and durations as people read them."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Context, Decimal

SHOWN_DIGITS = 4
"""Significant digits of a measured number, unless they would tell the wrong story."""

_SHORT = Context(prec=SHOWN_DIGITS)
_WITHOUT_SIGN = {"", "ratio"}


def written(value: Decimal, unit: str = "") -> str:
    """Return a number with all its digits and its unit: ``0.81``, ``5000 ms``.

    A ratio and a bare number show no unit.
    """
    plain = value.normalize()
    in_full = -SHOWN_DIGITS * 2 < plain.adjusted() < SHOWN_DIGITS * 4
    digits = f"{plain:f}" if in_full else f"{plain:e}"
    return f"{digits} {unit}" if unit not in _WITHOUT_SIGN else digits


def shown(value: Decimal, unit: str, against: Iterable[Decimal] = ()) -> str:
    """Return a measured number, rounded where that is harmless.

    Args:
        value: Any finite number.
        unit: As the catalogue has it.
        against: Bounds that it is compared with. Where rounding would move it onto or over one of
            them, all its digits are shown: 0.79999 is not "0.8, needs ≥ 0.8".
    """
    short = _short(value)
    misleads = any(value.compare(bound) != short.compare(bound) for bound in against)
    return written(value if misleads else short, unit)


def shown_apart(one: Decimal, other: Decimal, unit: str) -> tuple[str, str]:
    """Return two measured numbers, rounded unless that would change which one is greater."""
    short = _short(one), _short(other)
    both = short if one.compare(other) == short[0].compare(short[1]) else (one, other)
    return written(both[0], unit), written(both[1], unit)


def how_long(duration: timedelta) -> str:
    """Return a duration in its two largest units, rounded down: ``20 d 3 h``, ``5 min``."""
    minutes = duration // timedelta(minutes=1)
    hours, days = minutes // 60, minutes // (60 * 24)
    if days:
        return _two(days, "d", hours % 24, "h")
    return _two(hours, "h", minutes % 60, "min") if hours else f"{minutes} min"


def _short(value: Decimal) -> Decimal:
    return value if value == value.to_integral_value() else _SHORT.create_decimal(value)


def _two(large: int, unit: str, small: int, small_unit: str) -> str:
    return f"{large} {unit} {small} {small_unit}" if small else f"{large} {unit}"
