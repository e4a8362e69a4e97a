"""What is shown of automatic proposals, and of requests that no person made."""

from dataclasses import replace

from bot.domain.automatic import BY_POLICY, Automatic, AutomaticPolicy, AutomaticState, Switch
from bot.domain.names import AliasName
from bot.views.render import render
from tests.builders import NOW
from tests.unit.views.limits import problems_of
from tests.unit.views.reading import words_of
from tests.unit.views.samples import CARDS

POLICY = AutomaticPolicy(
    name="baseline", automatic=Automatic(on=AliasName("challenger"), per_day=3), today=1
)
ON = AutomaticState(switch=Switch(), policies=(POLICY,))
MOVED = Switch(is_on=False, by="U0ADMIN", reason="the training is <broken>", at=NOW)


def shown(state: AutomaticState) -> str:
    message = render(state)
    assert problems_of(message) == []
    return f"{message.text}\n{words_of(message)}"


def test_each_policy_says_how_often_it_proposed_today() -> None:
    assert "baseline: proposes what becomes challenger, 1 of 3 today" in shown(ON)


def test_a_policy_at_its_limit_says_when_the_next_ones_come() -> None:
    words = shown(replace(ON, policies=(replace(POLICY, today=3),)))
    assert "3 of 3 today; the next ones wait for tomorrow (UTC)" in words


def test_who_switched_it_off_and_why_is_said() -> None:
    words = shown(replace(ON, switch=MOVED))
    assert "🔒 Automatic proposals are off" in words
    assert "Switched off by @U0ADMIN" in words
    assert "the training is" in words


def test_without_a_channel_nothing_is_proposed_and_that_is_said() -> None:
    assert "HERALD_RELEASES_CHANNEL" in shown(replace(ON, has_channel=False))


def test_without_such_a_policy_it_says_how_to_make_one() -> None:
    words = shown(replace(ON, policies=()))
    assert "no policy makes any" in words
    assert "auto: {on: challenger}" in words


def test_a_request_of_a_policy_names_no_account() -> None:
    pending = CARDS["pending"]
    card = replace(pending, request=replace(pending.request, requester=BY_POLICY))
    message = render(card)
    assert "asked by a policy" in words_of(message)
    assert "policy>" not in str(message.blocks)
