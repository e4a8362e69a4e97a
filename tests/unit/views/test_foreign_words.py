"""Whatever people and platforms wrote is shown, rings nobody and breaks nothing."""

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.messages import Note, RequestCard, RequestDetails
from bot.domain.names import ModelName, SlackUserId
from bot.domain.refusal import Refusal
from bot.views.approvals import REASON_LIMIT, SHOWN_REASONS
from bot.views.details_modal import details_modal
from bot.views.message import Message
from bot.views.render import render
from tests.builders import make_decision, make_requirement, make_version
from tests.unit.views.limits import problems_of
from tests.unit.views.reading import words_of
from tests.unit.views.samples import BOTH, CARDS, COMPARISON, LEAD_AGREED, LEAD_REJECTED, card

PINGS = st.sampled_from(["<!channel>", "<!here>", "<@U0MLLEAD>", "<#C0RELEASES>", "*a*", "`", "\n"])
ANYTHING = st.text(st.characters(), max_size=60)
REASONS = st.lists(st.one_of(PINGS, ANYTHING), max_size=50).map(lambda parts: "".join(parts)[:3000])
STATES = st.sampled_from(sorted(RequestState))
QUICK = settings(max_examples=60, deadline=None)

MINE = ("<@U0REQUESTER>", "<!date^")
"""The mention and the dates that Herald writes itself, in the grey line and nowhere else."""


def is_harmless(message: Message) -> bool:
    """Tell whether nothing in a message would ring anybody but the requester."""
    said = json.dumps([message.text, message.blocks], ensure_ascii=False)
    for own in MINE:
        said = said.replace(own, "")
    broadcast = '"type": "broadcast"' in said or '"type": "usergroup"' in said
    return not broadcast and not any(token in said for token in ("<!", "<@", "<#"))


@QUICK
@given(REASONS, STATES)
def test_any_reason_is_harmless_in_every_state(reason: str, state: RequestState) -> None:
    message = render(card(state, changes={"reason": reason, "note": reason}))
    assert problems_of(message) == []
    assert is_harmless(message)


@QUICK
@given(REASONS, STATES)
def test_any_reason_of_an_approval_is_harmless(reason: str, state: RequestState) -> None:
    message = render(card(state, replace(LEAD_AGREED, reason=reason)))
    assert problems_of(message) == []
    assert is_harmless(message)


@QUICK
@given(REASONS)
def test_any_reason_of_a_rejection_is_harmless(reason: str) -> None:
    rejected = replace(LEAD_REJECTED, reason=reason)
    shown = card(RequestState.REJECTED, rejected)
    for answer in (shown, RequestDetails(card=shown)):
        message = render(answer)
        assert problems_of(message) == []
        assert is_harmless(message)


@QUICK
@given(REASONS)
def test_any_refusal_is_harmless(words: str) -> None:
    answers = (
        Refusal(what=f"No model '{words}'", reasons=(words,), remedies=(words,)),
        Note(text=f"It says {words}"),
    )
    for answer in answers:
        message = render(answer)
        assert problems_of(message) == []
        assert is_harmless(message)


@QUICK
@given(REASONS)
def test_any_name_and_value_is_harmless_in_a_comparison(words: str) -> None:
    metric = replace(COMPARISON.metrics[0], key=words)
    tag = replace(COMPARISON.tags[0], key=words, other=words)
    odd = replace(
        COMPARISON,
        metrics=(metric,),
        tags=(tag,),
        commit=words,
        trained_by=words,
        unreadable=(words,),
        other=replace(COMPARISON.other, version=make_version(7, description=words)),
    )
    message = render(odd)
    assert problems_of(message) == []
    assert is_harmless(message)


@QUICK
@given(REASONS)
def test_any_reason_fits_into_the_details(reason: str) -> None:
    shown = card(changes={"reason": reason, "note": reason})
    view = details_modal(RequestDetails(card=shown))
    assert len(json.dumps(view).encode()) < 250_000


def test_a_reason_is_shown_in_its_own_words() -> None:
    reason = "because *bold* & _sly_ <b>\nsecond line 🎉"
    assert reason in words_of(render(card(changes={"reason": reason})))


def test_three_thousand_characters_are_shown() -> None:
    reason = "x" * 3000
    assert reason in words_of(render(card(changes={"reason": reason})))


def test_what_does_not_fit_is_said_to_be_under_details() -> None:
    said = words_of(render(card(changes={"reason": "x" * 3001})))
    assert "x… (whole text under Details)" in said


def test_long_names_fit_everywhere() -> None:
    for shown in CARDS.values():
        message = render(_renamed(shown, ModelName("prod." + "n" * 250)))
        assert problems_of(message) == []


def _renamed(shown: RequestCard, name: ModelName) -> RequestCard:
    request: ChangeRequest = shown.request
    plan = replace(request.evidence.plan, model=name)
    evidence = replace(request.evidence, plan=plan)
    return replace(shown, request=replace(request, model=name, evidence=evidence))


def test_an_endless_decision_reason_is_cut_in_the_checklist() -> None:
    rejected = make_decision(kind=LEAD_REJECTED.kind, reason="no " * 1000)
    line = next(
        line
        for line in words_of(render(card(RequestState.PENDING, rejected))).splitlines()
        if line.startswith("✗ rejected")
    )
    assert len(line) < 250


def test_endless_reasons_of_many_approvals_are_cut() -> None:
    many = [
        make_decision(SlackUserId(f"U0{number}"), reason="yes " * 1000)
        for number in range(SHOWN_REASONS + 2)
    ]
    asked = replace(BOTH, requirements=(make_requirement(count=len(many)),))
    said = words_of(render(card(RequestState.SUCCEEDED, *many, verdict=asked)))
    lines = [line for line in said.splitlines() if "yes" in line]
    assert len(lines) == SHOWN_REASONS
    assert max(map(len, lines)) < REASON_LIMIT + 20
    assert "2 more reasons under Details" in said
