"""Messages on the page: threads, blocks, menus, and cards that change in place."""

from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Open
from tests.browser.scripted import ROOM, Scripted, actions, button, section, words

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]

# The smallest picture there is: one grey point.
POINT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)


def plain(*cells: str) -> list[dict[str, Any]]:
    """Return a table's row of plain words."""
    return [{"type": "raw_text", "text": cell} for cell in cells]


async def top(node: Locator) -> float:
    """Return how far a node is below the window's upper edge."""
    box = await node.bounding_box()
    assert box is not None
    return box["y"]


async def test_a_thread_opens_takes_a_reply_and_counts(scripted: Scripted, open_desk: Open) -> None:
    first = await scripted.post(section("the card"))
    await scripted.client.chat_postMessage(channel=ROOM, thread_ts=first, text="the log")
    desk = await open_desk(scripted.address)
    card = await desk.sees("the card")
    await card.get_by_role("button", name="1 reply").click()
    await expect(card).to_contain_text("the log")
    await card.get_by_label("Reply in this thread").fill("seen")
    await desk.page.keyboard.press("Enter")
    await expect(card.get_by_role("article")).to_have_count(2)
    await expect(card.get_by_role("button", name="2 replies")).to_be_visible()
    await expect(desk.messages).to_have_count(1)


async def test_a_wide_table_scrolls_inside_its_message(scripted: Scripted, open_desk: Open) -> None:
    heads = plain(*[f"a long column head {number}" for number in range(14)])
    await scripted.post({"type": "table", "rows": [heads, plain(*["value"] * 14)]})
    desk = await open_desk(scripted.address)
    table = desk.page.get_by_role("region", name="Table")
    await expect(table).to_be_visible()
    assert await table.evaluate("node => node.scrollWidth > node.clientWidth")
    assert await desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await desk.page.evaluate("messages.scrollWidth <= messages.clientWidth")


async def test_a_plan_tells_the_state_of_each_task_in_words(
    scripted: Scripted, open_desk: Open
) -> None:
    states = {"read": "complete", "shift": "in_progress", "verify": "pending", "smoke": "error"}
    tasks = [
        {"type": "task_card", "task_id": name, "title": name, "status": state}
        for name, state in states.items()
    ]
    await scripted.post({"type": "plan", "title": "Promoting scorer", "tasks": tasks})
    desk = await open_desk(scripted.address)
    plan = await desk.sees("Promoting scorer")
    await expect(plan.get_by_role("listitem")).to_have_text(
        ["✓read (done)", "▶shift (under way)", "☐verify (to do)", "✗smoke (failed)"]
    )


async def test_a_picture_has_its_words_and_one_from_elsewhere_is_only_told(
    scripted: Scripted, open_desk: Open
) -> None:
    shared = await scripted.client.files_upload_v2(
        channel=ROOM, content=POINT, filename="p95.png", title="p95 of scorer"
    )
    assert shared["ok"]
    foreign = {"type": "image", "image_url": "https://example.com/x.png", "alt_text": "p95 up"}
    await scripted.post(foreign)
    desk = await open_desk(scripted.address)
    await expect(desk.page.get_by_role("img", name="p95 of scorer")).to_be_visible()
    await desk.sees("Picture: p95 up")


async def test_a_menu_is_used_with_the_keyboard_alone(scripted: Scripted, open_desk: Open) -> None:
    options = [{"text": words(name), "value": name} for name in ("details", "compare", "cancel")]
    menu = {"type": "overflow", "action_id": "more", "options": options}
    await scripted.post(section("a card"), actions(button("ok", "Approve"), menu))
    desk = await open_desk(scripted.address)
    await desk.button("Approve").focus()
    for key in ("Tab", "Enter", "ArrowDown", "Enter"):
        await desk.page.keyboard.press(key)
    await expect(desk.page.get_by_role("menu")).to_be_hidden()
    await expect(desk.page.locator("[aria-busy]")).to_have_count(0)
    assert [touched["selected_option"]["value"] for touched in scripted.touched] == ["compare"]


async def test_what_cannot_be_undone_asks_first(scripted: Scripted, open_desk: Open) -> None:
    asks: dict[str, Any] = {"title": words("Roll back?"), "text": words("champion goes back to v6")}
    asks |= {"confirm": words("Roll back"), "deny": words("Keep"), "style": "danger"}
    await scripted.post(actions(button("undo", "Undo", confirm=asks), button("ok", "Fine")))
    desk = await open_desk(scripted.address)
    await desk.button("Undo").click()
    await expect(desk.dialog).to_contain_text("champion goes back to v6")
    await desk.dialog.get_by_role("button", name="Keep").click()
    await desk.button("Undo").click()
    await desk.page.keyboard.press("Escape")
    await desk.button("Undo").click()
    await desk.dialog.get_by_role("button", name="Roll back").click()
    await expect(desk.page.locator("[aria-busy]")).to_have_count(0)
    await desk.button("Fine").click()
    await expect(desk.page.locator("[aria-busy]")).to_have_count(0)
    assert [touched["action_id"] for touched in scripted.touched] == ["undo", "ok"]


async def test_a_card_that_grows_moves_nothing_that_is_being_read(
    scripted: Scripted, open_desk: Open
) -> None:
    card = await scripted.post(section("short card"))
    for number in range(30):
        await scripted.post(section(f"line {number}"))
    desk = await open_desk(scripted.address)
    read = desk.message("line 15")
    await read.evaluate("node => node.scrollIntoView({ block: 'center' })")
    before = await top(read)
    await scripted.redraw(card, *[section(f"grown {number}") for number in range(12)])
    await expect(desk.message("grown 11")).to_be_attached()
    assert await top(read) == pytest.approx(before, abs=1)


async def test_a_card_that_is_redrawn_keeps_the_keyboard_and_the_place_in_its_table(
    scripted: Scripted, open_desk: Open
) -> None:
    table = {"type": "table", "rows": [plain(*[f"column {n} of them" for n in range(16)])] * 2}
    buttons = actions(button("ok", "Approve"))
    card = await scripted.post(section("one"), table, buttons)
    desk = await open_desk(scripted.address)
    await desk.button("Approve").focus()
    region = desk.page.get_by_role("region", name="Table")
    await region.evaluate("node => { node.scrollLeft = 120; }")
    await scripted.redraw(card, section("two"), table, buttons)
    await desk.sees("two")
    await expect(desk.button("Approve")).to_be_focused()
    assert await region.evaluate("node => node.scrollLeft") == 120


async def test_who_reads_above_is_told_of_new_messages_and_led_there(
    scripted: Scripted, open_desk: Open
) -> None:
    for number in range(30):
        await scripted.post(section(f"line {number}"))
    desk = await open_desk(scripted.address)
    await expect(desk.message("line 29")).to_be_in_viewport()
    await desk.message("line 3").scroll_into_view_if_needed()
    await scripted.post(section("the newest"))
    newer = desk.page.get_by_role("button", name="New messages")
    await expect(newer).to_be_visible()
    await expect(desk.message("the newest")).not_to_be_in_viewport()
    await newer.click()
    await expect(desk.message("the newest")).to_be_in_viewport()
    await expect(newer).to_be_hidden()


async def test_a_conversation_with_news_is_marked_until_it_is_entered(
    scripted: Scripted, open_desk: Open
) -> None:
    desk = await open_desk(scripted.address)
    await expect(desk.line).to_be_focused()
    await scripted.client.chat_postMessage(channel="C0HEALTH", text="digest")
    room = desk.room("ml-health")
    await expect(room.get_by_role("img", name="new messages")).to_be_visible()
    await room.click()
    await desk.sees("digest")
    await expect(room.get_by_role("img", name="new messages")).to_be_hidden()


async def test_a_card_is_decided_with_the_keyboard_alone(
    scripted: Scripted, open_desk: Open
) -> None:
    await scripted.post(section("a card"), actions(button("ok", "Approve")))
    desk = await open_desk(scripted.address)
    await desk.sees("a card")
    await expect(desk.line).to_be_focused()
    approve = desk.button("Approve")
    for _ in range(6):
        await desk.page.keyboard.press("Shift+Tab")
        if await approve.evaluate("node => node === document.activeElement"):
            break
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.locator("[aria-busy]")).to_have_count(0)
    assert [touched["action_id"] for touched in scripted.touched] == ["ok"]


async def test_the_rarer_blocks_are_shown_in_words_and_figures(
    scripted: Scripted, open_desk: Open
) -> None:
    await scripted.post(section("a card"))
    chart = {"type": "pie", "segments": [{"label": "well", "value": 37}]}
    date = {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-23"}
    scripted.workspace.state.messages[ROOM][-1].show(
        [
            {"type": "data_visualization", "title": "Health", "chart": chart},
            {"type": "data_table", "caption": "Endpoints", "rows": [plain("a"), plain("b")]},
            {"type": "card", "title": words("A card"), "body": words("its body")},
            {"type": "container", "title": words("Box"), "child_blocks": [section("in it")]},
            actions(date),
        ]
    )
    desk = await open_desk(scripted.address)
    shown = await desk.sees("its body")
    await expect(shown.get_by_role("region", name="Health")).to_contain_text("well37")
    await expect(shown.get_by_role("region", name="Endpoints")).to_be_visible()
    await expect(shown).to_contain_text("in it")
    await expect(shown.get_by_label("datepicker")).to_have_value("2026-11-23")
    await expect(shown).not_to_contain_text("cannot show")


async def test_several_of_a_menu_are_chosen_and_sent(scripted: Scripted, open_desk: Open) -> None:
    await scripted.post(section("a card"))
    options = [{"text": words(name), "value": name} for name in ("one", "two", "three")]
    menu = {"type": "multi_static_select", "action_id": "many", "options": options}
    scripted.workspace.state.messages[ROOM][-1].show([section("choose"), actions(menu)])
    desk = await open_desk(scripted.address)
    await (await desk.sees("choose")).get_by_role("listbox").select_option(["one", "three"])
    await expect(desk.page.locator("[aria-busy]")).to_have_count(0)
    picked = [option["value"] for option in scripted.touched[-1]["selected_options"]]
    assert picked == ["one", "three"]


async def test_a_link_to_a_card_leads_there_on_the_same_page(
    scripted: Scripted, open_desk: Open
) -> None:
    card = await scripted.post(section("the card"))
    for number in range(30):
        await scripted.post(section(f"line {number}"))
    found = await scripted.client.chat_getPermalink(channel=ROOM, message_ts=card)
    words_of_it = f"see <{found['permalink']}|CR-7>"
    await scripted.client.chat_postMessage(channel="C0HEALTH", text=words_of_it)
    desk = await open_desk(scripted.address)
    await desk.room("ml-health").click()
    await (await desk.sees("see CR-7")).get_by_role("link", name="CR-7").click()
    await expect(desk.page.locator("#channel-name")).to_have_text("# ml-releases")
    await expect(desk.message("the card")).to_be_in_viewport()
    assert len(desk.page.context.pages) == 1
