"""A policy may ask for automatic proposals, and says so in its content."""

from pathlib import Path

import pytest

from bot.domain.automatic import Automatic
from bot.domain.names import AliasName
from policies.loader import load_policies
from tests.unit.policies.files import WHOLE, changed, findings

LAST = "    expires: 48h\n"


def test_a_new_challenger_may_be_proposed_three_times_a_day(tmp_path: Path) -> None:
    path = tmp_path / "p.yml"
    path.write_text(WHOLE)
    before = load_policies([path]).policies[0]
    path.write_text(changed(LAST, LAST + "    auto: {on: challenger}\n"))
    after = load_policies([path]).policies[0]
    assert before.automatic is None
    assert after.automatic == Automatic(on=AliasName("challenger"), per_day=3)
    assert before.content != after.content


@pytest.mark.parametrize(
    ("auto", "said"),
    [
        (
            "{on: champion}",
            (
                "a version that gets `champion` has it already. "
                "Let the policy match the alias that the version is to get"
            ),
        ),
        ("{on: challenger, per_day: 0}", "`0` does not do for `per_day`. Write at least 1"),
        (
            "{on: Latest}",
            (
                "`Latest` is no alias that Herald moves. "
                "Use lower-case letters, digits, _ and -; `latest` and v1, v2 … are taken"
            ),
        ),
        ("{per_day: 2}", "`on` is missing. Add `on`"),
    ],
)
def test_what_makes_no_sense_is_told(tmp_path: Path, auto: str, said: str) -> None:
    (found,) = findings(tmp_path, changed(LAST, f"{LAST}    auto: {auto}\n"))
    assert found.endswith(said), found


def test_only_promotions_are_proposed(tmp_path: Path) -> None:
    text = changed("[promote, rollback]\n    rules", "[rollback]\n    rules")
    (found,) = findings(tmp_path, text.replace(LAST, f"{LAST}    auto: {{on: challenger}}\n"))
    assert "only promotions are proposed automatically" in found
