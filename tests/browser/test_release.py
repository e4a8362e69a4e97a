"""A release on the page of the real sandbox, with Herald, and what stands beside it."""

from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Open
from tests.browser.desk import Desk

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]


def fact(desk: Desk, name: str) -> Locator:
    """Return what the truth panel says of a model or endpoint."""
    return desk.page.locator("#truth .fact").filter(has_text=name)


async def test_a_version_is_compared_promoted_approved_and_rolled_back(
    herald: dict[str, Any], open_desk: Open
) -> None:
    desk = await open_desk(herald["page"])
    await expect(fact(desk, "iris_classifier").first).to_contain_text("champion v1")
    await desk.say("/model compare iris_classifier")
    comparison = await desk.sees("against v1 (champion)")
    await expect(comparison).to_contain_text("Only visible to you")
    await desk.say("/model promote iris_classifier 2 because fewer mistakes")
    await desk.sees("1 more approval needed")
    await desk.button("Approve").click()
    await desk.sees("Your click changed nothing")
    await desk.room("Leo Lindqvist").click()
    await expect(desk.messages.filter(has_text="Only visible to you")).to_have_count(0)
    await desk.watch_the_truth()
    await desk.button("Approve").click()
    assert await desk.lights_up()
    done = desk.message("is champion and serves 100 % of iris-classifier")
    await expect(done).to_be_visible()
    await expect(fact(desk, "iris_classifier").first).to_contain_text("champion v2")
    await expect(fact(desk, "iris-classifier").last).to_contain_text("v2 · 100 %")
    await take_back(desk)


async def take_back(desk: Desk) -> None:
    """Undo the release by a command and see the truth return."""
    await desk.say("/model rollback iris_classifier to 1 because false alarms")
    back = desk.message("is back on v1 (champion), serving 100 % of iris-classifier")
    await expect(back).to_be_visible()
    await expect(fact(desk, "iris_classifier").first).to_contain_text("champion v1")
    await expect(fact(desk, "iris-classifier").last).to_contain_text("v1 · 100 %")


async def test_the_home_tab_follows_what_waits_and_opens_a_form(
    herald: dict[str, Any], open_desk: Open
) -> None:
    desk = await open_desk(herald["page"], "U0VIEWER")
    await desk.room("Herald").click()
    await desk.page.get_by_role("tab", name="Home").click()
    home = desk.page.get_by_role("tabpanel", name="Home")
    await expect(home).to_contain_text("Waiting for you")
    await expect(home).to_contain_text("Endpoints that need a look")
    await expect(desk.line).to_be_hidden()
    await home.get_by_role("button", name="Compare versions…").click()
    await desk.dialog.get_by_role("combobox", name="Model").fill("gcn")
    await desk.dialog.get_by_role("option", name="gcn_rag_assistant").click()
    await expect(desk.dialog.get_by_label("Against")).to_be_visible()
    await desk.dialog.get_by_role("button", name="Compare", exact=True).click()
    await expect(desk.page.get_by_role("dialog")).to_have_count(0)
    await desk.page.get_by_role("tab", name="Messages").click()
    await desk.sees("against v1 (champion)")


async def test_a_shortcut_begins_a_promotion_from_the_keyboard(
    herald: dict[str, Any], open_desk: Open
) -> None:
    desk = await open_desk(herald["page"])
    await desk.page.get_by_role("button", name="Shortcuts").press("Enter")
    await desk.page.get_by_role("menuitem", name="Promote a model").press("Enter")
    await expect(desk.dialog.get_by_role("combobox", name="Model")).to_be_visible()
    await expect(desk.dialog).to_contain_text("Its versions appear once a model is chosen.")
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.get_by_role("dialog")).to_have_count(0)


async def test_herald_answers_a_mention_where_it_was_asked(
    herald: dict[str, Any], open_desk: Open
) -> None:
    desk = await open_desk(herald["page"])
    await desk.room("ml-incidents").click()
    await desk.say("@herald show scorer")
    await desk.sees("@Herald show scorer")
    await expect(await desk.sees("champion v1 · 4 versions")).to_contain_text("prod.fraud.scorer")


async def test_a_platform_that_fails_is_told_in_plain_words(
    herald: dict[str, Any], open_desk: Open
) -> None:
    desk = await open_desk(herald["page"])
    await desk.room("ml-health").click()
    await desk.page.get_by_text("Make something fail").click()
    switch = desk.page.get_by_role("switch", name="refuse")
    await switch.click()
    await expect(desk.page.locator(".lever.on")).to_have_count(1)
    await desk.say("/model show scorer")
    await expect(desk.message("does not answer")).to_be_visible()
    await switch.click()
    await expect(desk.page.locator(".lever.on")).to_have_count(0)
