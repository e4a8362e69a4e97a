"""What lists, forms and long texts show of a great deal, and that they say what they leave out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.agreement import DecisionKind
from bot.domain.change_request import RequestState
from bot.domain.freezing import FreezeList
from bot.domain.messages import Better, CheckReport, MetricRow, RequestDetails
from bot.domain.model_card import CardField, CardForm
from bot.domain.names import ModelName, RoleName, SlackUserId
from bot.domain.policy import ApprovalRequirement
from bot.domain.terms import AgreementTerms
from bot.domain.verdict import Verdict, VerdictKind
from bot.views.comparison import score
from bot.views.comparison_rows import metric_cells
from bot.views.details_modal import details_modal
from bot.views.model_card_modal import model_card_modal
from bot.views.render import render
from tests.builders import CHAMPION, MODEL, NOW, make_decision, make_plan
from tests.unit.views.freeze_samples import HOUR, MIGRATION, WEEKEND
from tests.unit.views.limits import problems_of
from tests.unit.views.reading import words_of, words_of_view
from tests.unit.views.samples import CARDS, KEY, card, check

MANY = tuple(check(f"rule-{number}") for number in range(80))


def report(verdict: Verdict) -> CheckReport:
    return CheckReport(
        key=KEY, model=MODEL, alias=CHAMPION, version=7, plan=make_plan(), verdict=verdict
    )


def pending_verdict() -> Verdict:
    return CARDS["pending"].request.evidence.verdict


def test_a_check_says_how_many_rules_it_does_not_show() -> None:
    said = words_of(render(report(replace(pending_verdict(), outcomes=MANY))))
    assert "30 more checks not shown: what is in the way comes first" in said
    assert "not shown" not in words_of(render(report(pending_verdict())))


def test_details_say_how_many_rules_and_changes_they_do_not_show() -> None:
    shown = CARDS["pending"]
    evidence = shown.request.evidence
    evidence = replace(
        evidence,
        verdict=replace(evidence.verdict, outcomes=MANY),
        differences=tuple(f"tag t{number}: 1 → 2" for number in range(45)),
    )
    shown = replace(shown, request=replace(shown.request, evidence=evidence))
    said = words_of_view(details_modal(RequestDetails(card=shown)))
    assert "and 20 more, not shown" in said
    assert "and 5 more, not shown" in said


@pytest.mark.parametrize(
    ("distinct", "counts", "said"),
    [
        (True, (1, 1), "2 to approve"),
        (False, (1, 1), "1 or more to approve, 2 approvals in all"),
        (False, (1, 2), "2 or more to approve, 3 approvals in all"),
        (False, (2,), "2 to approve"),
    ],
)
def test_a_check_counts_people_only_where_each_fills_one_place(
    counts: tuple[int, ...], said: str, *, distinct: bool
) -> None:
    verdict = replace(
        pending_verdict(),
        kind=VerdictKind.NEEDS_APPROVAL,
        terms=AgreementTerms(distinct=distinct),
        requirements=tuple(
            ApprovalRequirement(role=RoleName(f"r{number}"), count=count)
            for number, count in enumerate(counts)
        ),
    )
    assert render(report(verdict)).text.endswith(f", and needs {said}")


def test_a_window_that_comes_again_and_again_has_one_row() -> None:
    nights = tuple(
        replace(
            WEEKEND,
            window="night",
            begins_at=NOW + timedelta(days=day),
            ends_at=NOW + timedelta(days=day) + HOUR,
        )
        for day in range(1, 15)
    )
    to_come = (nights[0], replace(MIGRATION, begins_at=NOW + 30 * HOUR), *nights[1:])
    message = render(FreezeList(now=NOW, in_force=(), to_come=to_come))
    [table] = [block for block in message.blocks if block["type"] == "table"]
    assert len(table["rows"]) == 3
    said = words_of(message)
    assert "15 windows in the next 14 days" in said
    assert ", and 13 more, the last from " in said
    assert f"<!date^{int(NOW.timestamp())}^" in str(message.blocks[-1])


def test_a_form_says_that_it_shows_a_part() -> None:
    said = {CardField.PURPOSE: "x" * 4000, CardField.LIMITATIONS: "x" * 3000}
    form = CardForm(key=KEY, model=ModelName("prod.fraud.scorer"), version=7, said=said)
    hints = [
        block.get("hint", {}).get("text", "")
        for block in model_card_modal(form)["blocks"]
        if block["type"] == "input"
    ]
    assert hints[0].endswith("Its first 3,000 of 4,000 characters; what follows them stays")
    assert sum("what follows them stays" in hint for hint in hints) == 1


def test_a_metric_that_no_policy_knows_is_not_called_incomparable() -> None:
    row = MetricRow(
        key="loss", definition=None, base=1.0, other=2.0, better=Better.UNKNOWN, outcomes=()
    )
    assert score([row]) == "1 not in the policies' catalogue"
    assert score([replace(row, other=None)]) == "1 not comparable"


@pytest.mark.parametrize(
    ("expected", "shown"),
    [
        ("≤ 5000 ms", "≤ 5,000 ms ✓"),
        ("≤ 12500.5 ms", "≤ 12,500.5 ms ✓"),
        ("≥ 0.98125", "≥ 0.98125 ✓"),
        ("after 2026-11-21", "after 2026-11-21 ✓"),
        ("set v2024", "set v2024 ✓"),
    ],
)
def test_what_a_policy_asks_of_a_figure_is_written_like_the_figure(
    expected: str, shown: str
) -> None:
    outcome = replace(check("latency"), expected=expected)
    row = MetricRow(
        key="p95", definition=None, base=1.0, other=2.0, better=Better.UNKNOWN, outcomes=(outcome,)
    )
    assert metric_cells(row)[-1] == shown


def test_a_card_of_many_long_rejections_fits_into_a_message() -> None:
    many = tuple(
        make_decision(
            kind=DecisionKind.REJECT, person=SlackUserId(f"U0P{number}"), reason="x" * 3000
        )
        for number in range(20)
    )
    message = render(card(RequestState.REJECTED, *many))
    assert problems_of(message) == []
    assert "15 more rejections under Details" in words_of(message)


def test_details_of_many_long_words_fit_into_a_message() -> None:
    many = tuple(
        make_decision(kind=DecisionKind.REJECT, person=SlackUserId(f"U0P{n}"), reason="x" * 3000)
        for n in range(20)
    )
    long = tuple(
        replace(each, message="m" * 300, observed="o" * 200, expected="e" * 200) for each in MANY
    )
    shown = card(RequestState.REJECTED, *many, verdict=replace(pending_verdict(), outcomes=long))
    shown = replace(shown, request=replace(shown.request, reason="r" * 3000))
    assert problems_of(render(RequestDetails(card=shown))) == []
