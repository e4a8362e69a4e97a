"""Writing on the page: completion, mentions, direct messages, and what could not be sent."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.scripted import Scripted

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]


async def test_words_are_offered_and_taken_with_the_arrows(
    scripted: Scripted, open_desk: Open
) -> None:
    scripted.truth = {"models": {"prod.a.churn": {}, "prod.a.ranker": {}}, "endpoints": {}}
    desk = await open_desk(scripted.address)
    await expect(desk.page.locator("#truth")).to_contain_text("ranker")
    await desk.line.press_sequentially("/model show ")
    offers = desk.page.get_by_role("option")
    await expect(offers).to_have_text(["churn", "ranker"])
    await desk.line.press("ArrowDown")
    await desk.line.press("ArrowDown")
    await expect(offers.nth(1)).to_have_attribute("aria-selected", "true")
    await desk.line.press("Enter")
    await expect(desk.line).to_have_value("/model show ranker ")
    await expect(desk.messages).to_have_count(0)


async def test_escape_puts_the_offers_away_and_enter_then_sends(
    scripted: Scripted, open_desk: Open
) -> None:
    desk = await open_desk(scripted.address)
    await desk.line.press_sequentially("/model hel")
    await expect(desk.page.get_by_role("option")).to_have_count(1)
    await desk.line.press("Escape")
    await expect(desk.page.get_by_role("option")).to_have_count(0)
    await desk.line.press("Enter")
    await desk.sees("heard hel")


async def test_the_arrow_up_recalls_what_was_sent(scripted: Scripted, open_desk: Open) -> None:
    desk = await open_desk(scripted.address)
    await desk.say("/model list")
    await desk.sees("heard list")
    await desk.line.press("ArrowUp")
    await expect(desk.line).to_have_value("/model list")


async def test_a_mention_is_offered_sent_as_a_token_and_shown_by_name(
    scripted: Scripted, open_desk: Open
) -> None:
    desk = await open_desk(scripted.address)
    await desk.line.press_sequentially("@her")
    await desk.line.press("Tab")
    await desk.line.press_sequentially("compare a < b")
    await desk.line.press("Enter")
    said = await desk.sees("compare a < b")
    await expect(said).to_contain_text("@Herald compare")
    assert await asyncio.wait_for(scripted.heard.get(), 60) == "<@U0HERALD> compare a &lt; b"


async def test_a_direct_message_reaches_herald_alone(scripted: Scripted, open_desk: Open) -> None:
    desk = await open_desk(scripted.address)
    await desk.room("Herald").click()
    await desk.say("help me")
    await desk.sees("help me")
    assert await asyncio.wait_for(scripted.heard.get(), 60) == "help me"
    await desk.room("ml-releases").click()
    await expect(desk.messages).to_have_count(0)


async def test_what_a_dead_bot_cannot_take_stays_in_the_composer(
    scripted: Scripted, open_desk: Open
) -> None:
    desk = await open_desk(scripted.address)
    await expect(desk.page.locator("#bot-state")).to_have_text("Herald is connected")
    await scripted.die()
    await desk.say("/model list")
    await expect(desk.page.get_by_role("alert").last).to_contain_text("Herald is not connected")
    await expect(desk.line).to_have_value("/model list")
    await expect(desk.page.locator("#bot-state")).to_have_text("Herald is not connected")


async def test_a_command_of_no_app_stays_in_the_composer(
    scripted: Scripted, open_desk: Open
) -> None:
    desk = await open_desk(scripted.address)
    await desk.say("/modle list")
    await expect(desk.page.get_by_role("alert").last).to_contain_text("try /model help")
    await expect(desk.line).to_have_value("/modle list")
    await expect(desk.messages).to_have_count(0)


async def test_a_late_confirmation_is_told_and_nothing_is_sent_twice(
    scripted: Scripted, open_desk: Open
) -> None:
    desk = await open_desk(scripted.address)
    await desk.say("/model slow")
    note = desk.page.get_by_role("alert").last
    await expect(note).to_contain_text("did not confirm within three seconds")
    await expect(desk.line).to_have_value("")


async def test_nobody_writes_into_an_archived_channel(scripted: Scripted, open_desk: Open) -> None:
    desk = await open_desk(scripted.address)
    scripted.workspace.state.channels["C0RELEASES"].is_archived = True
    await desk.say("still here")
    await expect(desk.page.get_by_role("alert").last).to_contain_text("archived")
    await expect(desk.line).to_have_value("still here")
