"""What a newcomer meets on the page."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.scripted import Scripted, section

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]


async def test_an_empty_channel_offers_three_things_to_try(
    scripted: Scripted, open_desk: Open
) -> None:
    desk = await open_desk(scripted.address)
    hint = desk.page.locator("#hint")
    await expect(hint).to_contain_text("No messages yet. Three things to try:")
    await expect(hint.get_by_role("button")).to_have_count(3)
    await hint.get_by_role("button", name="Compare two versions").click()
    await expect(desk.line).to_have_value("/model compare gcn_rag_assistant")
    await desk.line.press("Enter")
    await desk.sees("heard compare gcn_rag_assistant")
    await expect(hint).to_be_hidden()


async def test_a_command_is_completed_with_tab_and_sent_with_enter(
    scripted: Scripted, open_desk: Open
) -> None:
    models: dict[str, object] = {"prod.fraud.scorer": {}, "prod.fraud.scoring": {}}
    scripted.truth = {"models": models, "endpoints": {}}
    desk = await open_desk(scripted.address)
    await desk.page.locator("#messages").focus()
    await desk.page.keyboard.press("/")
    await expect(desk.line).to_be_focused()
    await desk.line.press_sequentially("mo")
    await desk.line.press("Tab")
    await expect(desk.line).to_have_value("/model ")
    await desk.line.press_sequentially("compa")
    await desk.line.press("Tab")
    await expect(desk.line).to_have_value("/model compare ")
    await desk.line.press_sequentially("sc")
    await desk.line.press("Tab")
    await expect(desk.line).to_have_value("/model compare scor")
    await desk.line.press_sequentially("er")
    await desk.line.press("Enter")
    await desk.sees("heard compare scorer")


async def test_only_its_addressee_sees_an_ephemeral_message(
    scripted: Scripted, open_desk: Open
) -> None:
    await scripted.client.chat_postEphemeral(channel="C0RELEASES", user="U0MLLEAD", text="psst")
    await scripted.post(section("for all"))
    desk = await open_desk(scripted.address)
    await desk.sees("for all")
    await expect(desk.messages).to_have_count(1)
    await desk.room("Leo Lindqvist").click()
    private = await desk.sees("psst")
    await expect(private).to_contain_text("Only visible to you")
