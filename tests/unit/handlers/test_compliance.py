"""A compliance report is asked for by words, and shared by its button."""

from bot.domain.compliance import ComplianceReport
from tests.fakes.world import VIEWER
from tests.unit.handlers.chat import Chat


async def test_a_report_is_answered_in_private(chat: Chat) -> None:
    answer = await chat.type("compliance scorer 7", VIEWER)
    assert answer.startswith("⚠️ scorer v7: ")
    assert "of the compliance report not in order" in answer


async def test_a_line_that_makes_no_sense_is_told(chat: Chat) -> None:
    assert "which model?" in await chat.type("compliance", VIEWER)
    assert "too much: 8" in await chat.type("compliance scorer 7 8", VIEWER)


async def test_sharing_makes_the_report_anew_for_everybody(chat: Chat) -> None:
    await chat.type("compliance scorer 7", VIEWER)
    key = chat.answers.sent[-1][1].blocks[-1]["block_id"]
    await chat.click("compliance.share", key, VIEWER)
    (news,) = [n for _, n in chat.bot.notifier.news if isinstance(n, ComplianceReport)]
    assert (news.version, news.shared_by) == (7, VIEWER)
    answer = await chat.click("compliance.share", "nothing", VIEWER)
    assert "does not know this card" in answer
