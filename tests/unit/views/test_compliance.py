"""What a compliance report looks like."""

from dataclasses import replace

from bot.domain.compliance import Approval, ComplianceReport, Item, Part, PartState
from bot.domain.names import AliasName, CardKey, ModelName, SlackUserId
from bot.views.render import render
from tests.builders import NOW
from tests.unit.views.limits import problems_of
from tests.unit.views.reading import words_of

OK = Item(part=Part.TESTS, state=PartState.OK, found="load, unit passed")
GAP = Item(
    part=Part.MODEL_CARD,
    state=PartState.MISSING,
    found="there is none",
    remedy="log it as `documentation/model_card.yaml`",
)
REPORT = ComplianceReport(
    key=CardKey("k" * 22),
    model=ModelName("prod.fraud.scorer"),
    version=7,
    aliases=(AliasName("champion"),),
    items=(OK, GAP),
    approvals=(Approval(by=SlackUserId("U0MLLEAD"), request="CR-3"),),
    at=NOW,
    written_to="1a2b3c4d5e6f",
)


def shown(report: ComplianceReport) -> str:
    message = render(report)
    assert problems_of(message) == []
    return f"{message.text}\n{words_of(message)}"


def test_gaps_come_with_what_to_do() -> None:
    words = shown(REPORT)
    assert words.startswith("⚠️ scorer v7: 1 part of the compliance report not in order")
    assert "✗ missing" in words
    assert "model card: log it as" in words
    assert "run 1a2b3c4d" in words
    assert "[Share in channel]" in words


def test_a_complete_report_says_so() -> None:
    words = shown(replace(REPORT, items=(OK,)))
    assert words.startswith("✅ scorer v7: all of the compliance report is in order")
    assert "What to do" not in words


def test_a_report_that_was_not_kept_says_why() -> None:
    words = shown(replace(REPORT, written_to="", unwritten="access <denied>", aliases=()))
    assert "not kept: access" in words
    assert "no alias" in words


def test_a_shared_report_names_who_shared_it_and_has_no_button() -> None:
    words = shown(replace(REPORT, key=None, shared_by=SlackUserId("U0VIEWER"), approvals=()))
    assert "shared by" in words
    assert "[Share in channel]" not in words
