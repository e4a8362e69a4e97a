"""Forms on the page: opened, filled in, refused, laid one upon another, sent."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.desk import Desk
from tests.browser.scripted import Scripted, actions, button, section

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]


async def opened(scripted: Scripted, open_desk: Open) -> Desk:
    """Open the form from a card."""
    await scripted.post(actions(button("open", "Open")))
    desk = await open_desk(scripted.address)
    await desk.button("Open").click()
    await expect(desk.dialog).to_contain_text("first words")
    return desk


async def pick_model(desk: Desk) -> None:
    """Choose the second suggestion with the keyboard."""
    field = desk.dialog.get_by_role("combobox", name="Model")
    await field.press_sequentially("sco")
    await expect(desk.dialog.get_by_role("option")).to_have_text(["sco-1", "sco-2", "sco-3"])
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        await desk.page.keyboard.press(key)
    await expect(field).to_have_value("sco-2")


async def test_a_form_is_filled_in_with_suggestions_and_sent(
    scripted: Scripted, open_desk: Open
) -> None:
    desk = await opened(scripted, open_desk)
    await expect(desk.dialog.get_by_role("note", name="Warning")).to_have_text("It moves at once.")
    await expect(desk.dialog.get_by_label("Why?")).to_be_focused()
    await desk.page.keyboard.type("better recall")
    await pick_model(desk)
    await desk.dialog.get_by_role("button", name="Ask", exact=True).click()
    await expect(desk.page.get_by_role("dialog")).to_have_count(0)
    assert scripted.sent[0]["why"]["v"]["value"] == "better recall"
    assert scripted.sent[0]["model"]["offers"]["selected_option"]["value"] == "sco-2"


async def test_a_refusal_stands_at_its_input_and_what_was_typed_stays(
    scripted: Scripted, open_desk: Open
) -> None:
    desk = await opened(scripted, open_desk)
    why = desk.dialog.get_by_label("Why?")
    await why.fill("short")
    await pick_model(desk)
    await desk.dialog.get_by_role("button", name="Ask", exact=True).click()
    await expect(desk.dialog.get_by_role("alert").first).to_have_text("⚠ Say more than that.")
    await expect(why).to_be_focused()
    await expect(why).to_have_value("short")
    await expect(why).to_have_attribute("aria-invalid", "")
    assert scripted.sent == []


async def test_what_was_typed_outlives_a_change_of_the_form(
    scripted: Scripted, open_desk: Open
) -> None:
    desk = await opened(scripted, open_desk)
    await desk.dialog.get_by_label("Why?").fill("half a senten")
    await desk.dialog.get_by_role("button", name="Look again").click()
    await expect(desk.dialog).to_contain_text("second words")
    await expect(desk.dialog.get_by_label("Why?")).to_have_value("half a senten")


async def test_a_form_under_another_comes_back_as_it_was(
    scripted: Scripted, open_desk: Open
) -> None:
    desk = await opened(scripted, open_desk)
    await desk.dialog.get_by_label("Why?").fill("half a senten")
    await desk.dialog.get_by_role("button", name="Details").click()
    await expect(desk.dialog).to_contain_text("all of it")
    await expect(desk.dialog.get_by_role("button", name="Back")).to_be_visible()
    await desk.page.keyboard.press("Escape")
    await expect(desk.dialog).to_contain_text("first words")
    await expect(desk.dialog.get_by_label("Why?")).to_have_value("half a senten")


async def test_escape_closes_a_form_and_nothing_is_sent(
    scripted: Scripted, open_desk: Open
) -> None:
    desk = await opened(scripted, open_desk)
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.get_by_role("dialog")).to_have_count(0)
    assert scripted.sent == []


async def test_a_form_belongs_to_who_opened_it(scripted: Scripted, open_desk: Open) -> None:
    desk = await opened(scripted, open_desk)
    other = await open_desk(scripted.address, "U0MLLEAD")
    await other.sees("Open")
    await expect(other.page.get_by_role("dialog")).to_have_count(0)
    await expect(desk.page.get_by_role("dialog")).to_have_count(1)


async def test_suggestions_say_when_herald_does_not_answer(
    scripted: Scripted, open_desk: Open
) -> None:
    menu = {"type": "external_select", "action_id": "offers", "min_query_length": 1}
    await scripted.post(section("a card"), actions(menu))
    desk = await open_desk(scripted.address)
    await desk.sees("a card")
    await scripted.die()
    await desk.messages.get_by_role("combobox").press_sequentially("x")
    await desk.sees("Herald did not answer.")
