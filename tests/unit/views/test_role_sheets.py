"""What is said of a role whose people are not all known."""

import pytest

from bot.domain.messages import RoleSheet
from bot.domain.names import RoleName, SlackUserId
from bot.domain.people import Doubt, RoleMembers
from bot.views.render import render
from tests.unit.views.reading import words_of

LEADS = RoleName("ml-leads")
GROUP = RoleMembers(groups=frozenset({"ml-leads"}))
ONE = (SlackUserId("U0MLLEAD"),)


def test_groups_that_do_not_exist_are_named() -> None:
    shown = RoleSheet(role=LEADS, members=GROUP, gone=("ml-leads", "risk"))
    words = words_of(render(shown))
    assert "Missing  no group ml-leads or risk exists: mend the policies" in words
    assert "People  nobody" in words


def sheet(count: int = 1, unread: str = "", *doubts: Doubt) -> str:
    people = ONE if count else ()
    return words_of(
        render(
            RoleSheet(
                role=LEADS,
                members=GROUP,
                people=people,
                count=count,
                unread=unread,
                doubts=frozenset(doubts),
            )
        )
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("People  @U0MLLEAD", sheet()),
        ("People  @U0MLLEAD and 4 more", sheet(5)),
        ("People  @U0MLLEAD and up to 4 more", sheet(5, "", Doubt.UNCHECKED)),
        ("People  nobody", sheet(0)),
        ("People  they cannot be read now: Slack: no answer", sheet(0, "Slack: no answer")),
        ("People  others cannot be read now: Databricks: 403", sheet(1, "Databricks: 403")),
        (
            "People  others by their groups, which cannot be listed in full",
            sheet(1, "", Doubt.UNLISTED),
        ),
    ],
)
def test_a_sheet_says_who_is_known_and_who_may_be_missing(said: str, words: str) -> None:
    assert said in words.splitlines()
