"""Policies for an environment apply there, and nowhere else in silence."""

from pathlib import Path

import pytest

from bot.domain.errors import ConfigurationError
from bot.domain.names import AliasName, ModelName
from bot.domain.policy import ChangeKind
from policies.loader import PolicyText, load_policies, parse_policies
from policies.source import FilePolicySource
from tests.unit.policies.files import WHOLE, changed, looked, written

MATCH = 'match: {models: ["prod.*"], '
NAMED = changed(MATCH, f"{MATCH}environments: [production, staging], ")
STRICTER = """\
  - name: stricter
    match: {models: ["prod.*"], aliases: [champion], environments: [production]}
    first_release: deny
"""


def matching(folder: Path, text: str, environment: str) -> list[str]:
    policies = load_policies([written(folder, text)], environment)
    found = policies.matching(ChangeKind.PROMOTE, ModelName("prod.x.y"), AliasName("champion"))
    return [policy.name for policy in found]


@pytest.mark.parametrize("environment", ["", "anything"])
def test_policy_that_names_no_environment_applies_everywhere(
    tmp_path: Path, environment: str
) -> None:
    assert matching(tmp_path, WHOLE, environment) == ["baseline"]


def test_policy_applies_in_the_environments_that_it_names(tmp_path: Path) -> None:
    text = NAMED + STRICTER
    assert matching(tmp_path, text, "production") == ["baseline", "stricter"]
    assert matching(tmp_path, text, "staging") == ["baseline"]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        (
            "",
            (
                "HERALD_ENVIRONMENT: it is not set, and policies name environments: "
                "production, staging. Set it to the one that Herald works in"
            ),
        ),
        (
            "produktion",
            (
                "HERALD_ENVIRONMENT: no policy names the environment `produktion`. "
                "Did you mean `production`?"
            ),
        ),
    ],
)
def test_unknown_environment_ends_the_start_instead_of_leaving_policies_out(
    tmp_path: Path, environment: str, said: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_policies([written(tmp_path, NAMED)], environment)
    assert str(refused.value) == said


def test_policies_for_other_environments_are_not_taken_over(tmp_path: Path) -> None:
    source = FilePolicySource([written(tmp_path, NAMED)], "staging")
    written(tmp_path, WHOLE + STRICTER)
    assert "no policy names the environment `staging`" in looked(source)
    assert source.current().environment == "staging"


def test_environments_are_part_of_the_policy_s_content(tmp_path: Path) -> None:
    plain = load_policies([written(tmp_path, WHOLE)]).policies[0].content
    named = load_policies([written(tmp_path, NAMED)], "staging").policies[0].content
    assert plain != named


def test_texts_that_name_environments_are_not_read_without_one() -> None:
    with pytest.raises(ConfigurationError, match="HERALD_ENVIRONMENT: it is not set"):
        parse_policies([PolicyText(file="p.yml", content=NAMED.encode())])
