"""Amounts with their nouns."""


def count(amount: int, noun: str, plural: str = "") -> str:
    """Return an amount with its noun: ``1 approval``, ``2 approvals``."""
    return f"{amount:,} {noun if amount == 1 else plural or f'{noun}s'}"
