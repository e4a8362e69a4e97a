"""The switches of the page: what can fail, and how the workspace changes under Herald."""

from typing import Any

import pytest
from playwright.async_api import Locator, expect
from slack_sdk.errors import SlackApiError

from bot.sandbox.databricks.faults import FaultKind as PlatformFault
from bot.sandbox.slack.faults import FaultKind as SlackFault
from bot.sandbox.slack.people import BOT_USER_ID
from tests.browser.conftest import Open
from tests.browser.desk import Desk
from tests.browser.scripted import Scripted

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]


def switches(desk: Desk, panel: str) -> Locator:
    """Return the switches of an open panel."""
    return desk.page.locator("#truth > details").filter(has_text=panel).get_by_role("switch")


async def unfold(desk: Desk, panel: str) -> None:
    """Open a panel under the truth."""
    await desk.page.get_by_text(panel, exact=True).click()
    await expect(switches(desk, panel).first).to_be_visible()


def said(kind: str) -> str:
    """Return a kind of fault as the page writes it."""
    return kind.replace("_", " ")


async def test_every_fault_of_both_doubles_has_a_switch(
    herald: dict[str, Any], open_desk: Open
) -> None:
    desk = await open_desk(herald["page"])
    await unfold(desk, "Make something fail")
    panel = desk.page.locator("#levers")
    for title, kinds in (("Slack", SlackFault), ("Databricks", PlatformFault)):
        side = panel.locator(".side").filter(has=desk.page.get_by_role("heading", name=title))
        await expect(side.get_by_role("switch")).to_have_count(len(kinds))
        for kind in kinds:
            switch = side.get_by_role("switch", name=said(kind), exact=True)
            await expect(switch).not_to_be_checked()
            assert await switch.evaluate(
                "node => document.getElementById(node.getAttribute('aria-describedby')).textContent"
            )


async def test_a_fault_of_the_platform_begins_and_ends_while_another_stays(
    herald: dict[str, Any], open_desk: Open
) -> None:
    desk = await open_desk(herald["page"])
    await unfold(desk, "Make something fail")
    fails = desk.page.get_by_role("switch", name="update fails")
    takes = desk.page.get_by_role("switch", name="update takes")
    await fails.click()
    await takes.click()
    begun = desk.page.locator(".lever.on > .line > label")
    await expect(begun).to_have_text(["update fails", "update takes"])
    await fails.click()
    await expect(begun).to_have_text(["update takes"])
    await takes.click()
    await expect(begun).to_have_count(0)


async def test_a_fault_of_slack_strikes_while_its_switch_is_on(
    scripted: Scripted, open_desk: Open
) -> None:
    desk = await open_desk(scripted.address)
    await unfold(desk, "Make something fail")
    switch = desk.page.get_by_role("switch", name="api error")
    lever = desk.page.locator(".lever").filter(has=switch)
    await lever.get_by_text("Where and how long").click()
    await lever.get_by_role("textbox", name="error").fill("fatal_error")
    await switch.click()
    await expect(switch).to_be_checked()
    with pytest.raises(SlackApiError, match="fatal_error"):
        await scripted.post(text="refused")
    await switch.click()
    await expect(desk.page.locator(".lever.on")).to_have_count(0)
    await scripted.post(text="taken again")
    await desk.sees("taken again")


async def test_a_link_is_dropped_once_and_its_switch_springs_back(
    scripted: Scripted, open_desk: Open
) -> None:
    desk = await open_desk(scripted.address)
    await unfold(desk, "Make something fail")
    switch = desk.page.get_by_role("switch", name="drop link")
    before = scripted.workspace.hub.live[0]
    await switch.click()
    await expect(desk.page.get_by_role("alert").last).to_contain_text("Begun: drop link.")
    await expect(switch).not_to_be_checked()
    assert before not in scripted.workspace.hub.live


async def test_a_person_leaves_and_a_channel_is_archived_by_switches(
    scripted: Scripted, open_desk: Open
) -> None:
    desk = await open_desk(scripted.address)
    await unfold(desk, "Change the workspace")
    await desk.page.get_by_role("switch", name="Ravi Iyer is active").click()
    await expect(desk.room("Ravi Iyer")).to_have_count(0)
    await desk.page.get_by_role("switch", name="ml-incidents is archived").click()
    await expect(desk.room("ml-incidents")).to_have_count(0)
    await desk.page.get_by_role("switch", name="Herald is in ml-releases").click()
    await expect(desk.page.get_by_role("switch", name="Herald is in ml-releases")).to_be_focused()
    await desk.page.get_by_text("@ml-leads:").click()
    await desk.page.get_by_role("switch", name="Lena Okafor is in ml-leads").click()
    await expect(desk.page.get_by_text("@ml-leads: Leo Lindqvist")).to_be_visible()
    state = scripted.workspace.state
    assert state.users["U0RISK"].deleted
    assert state.channels["C0INCIDENTS"].is_archived
    assert BOT_USER_ID not in state.channels["C0RELEASES"].members
    assert state.groups["S0MLLEADS"].users == ["U0MLLEAD"]
    await desk.page.get_by_role("switch", name="Ravi Iyer is active").click()
    await expect(desk.room("Ravi Iyer")).to_be_visible()
