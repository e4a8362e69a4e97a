import pytest

from bot.domain.counting import count


@pytest.mark.parametrize(
    ("amount", "shown"), [(0, "0 checks"), (1, "1 check"), (1234, "1,234 checks")]
)
def test_a_noun_agrees_with_its_amount(amount: int, shown: str) -> None:
    assert count(amount, "check") == shown
