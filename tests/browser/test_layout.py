"""How the page looks under strain: long names, narrow windows, the truth beside the talk."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.desk import Desk
from tests.browser.scripted import Scripted, actions, button, section

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]

LONG = "gradient_boosted_" * 12
MODEL = f"catalog.schema.{LONG}"
READY = {"ready": "READY", "config_update": "NOT_UPDATING"}


def endpoint(*shares: tuple[int, int]) -> dict[str, object]:
    """Return an endpoint that serves these (version, percentage) pairs."""
    entities = [{"model": MODEL, "version": v, "traffic": share} for v, share in shares]
    return {"state": READY, "entities": entities, "pending": None}


async def sticks_out(desk: Desk) -> list[str]:
    """Return what is wider than the place it stands in."""
    found: list[str] = await desk.page.evaluate(
        """() => ["html", "#sidebar", "main", "#messages", "#truth", "#composer"].filter((each) => {
            const node = document.querySelector(each);
            return node.offsetParent !== null && node.scrollWidth > node.clientWidth + 1;
        })"""
    )
    return found


@pytest.mark.parametrize("width", [1280, 780, 420])
async def test_long_names_and_words_break_nothing(
    scripted: Scripted, open_desk: Open, width: int
) -> None:
    scripted.workspace.state.channels["C0RELEASES"].name = "a-channel-with-a-name-" * 3
    scripted.workspace.state.users["U0RISK"].real_name = "Wolfeschlegelsteinhausenberger" * 2
    scripted.truth = {
        "models": {MODEL: {"champion": 1, "an_alias_that_goes_on_" * 3: 2}},
        "endpoints": {LONG: endpoint((1, 95), (2, 5))},
    }
    words = section(f"*{MODEL}* `{MODEL}` {'x' * 400}")
    await scripted.post(words, actions(button("b", LONG[:75])))
    desk = await open_desk(scripted.address, width=width)
    await desk.sees("gradient_boosted_")
    await desk.line.press_sequentially("/model show ")
    await expect(desk.page.get_by_role("option")).to_have_count(1)
    assert await sticks_out(desk) == []


async def test_the_truth_lights_up_where_a_write_landed(
    scripted: Scripted, open_desk: Open
) -> None:
    models = {"prod.a.churn": {"champion": 1}, "prod.a.ranker": {"champion": 3}}
    scripted.truth = {"models": models, "endpoints": {"fraud": endpoint((1, 100))}}
    desk = await open_desk(scripted.address)
    truth = desk.page.get_by_role("complementary", name="Truth")
    await expect(truth).to_contain_text("champion v3")
    await expect(truth.locator(".lit")).to_have_count(0)
    await desk.watch_the_truth()
    moved = {**models, "prod.a.ranker": {"champion": 4}}
    scripted.truth = {"models": moved, "endpoints": {"fraud": endpoint((1, 100))}}
    assert await desk.lights_up() == ["rankerchampion v4"]
    await expect(truth.locator(".lit")).to_have_count(0)


async def test_the_truth_says_when_the_back_ends_do_not_answer(
    scripted: Scripted, open_desk: Open
) -> None:
    scripted.truth = {"models": {"prod.a.churn": {"champion": 1}}, "endpoints": {}}
    desk = await open_desk(scripted.address)
    truth = desk.page.get_by_role("complementary", name="Truth")
    await expect(truth).to_contain_text("champion v1")
    scripted.truth = None
    await expect(truth).to_contain_text("The registry and the endpoints do not answer.")
    scripted.truth = {"models": {"prod.a.churn": {"champion": 2}}, "endpoints": {}}
    await expect(truth).to_contain_text("champion v2")


async def test_a_narrow_window_has_the_truth_behind_a_button(
    scripted: Scripted, open_desk: Open
) -> None:
    desk = await open_desk(scripted.address, width=780)
    truth = desk.page.get_by_role("complementary", name="Truth")
    await expect(truth).to_be_hidden()
    await desk.page.get_by_role("button", name="Truth").click()
    await expect(truth).to_be_visible()
    await desk.page.get_by_role("button", name="Truth").click()
    await expect(truth).to_be_hidden()


async def test_a_dark_screen_gets_light_words_on_dark_paper(
    scripted: Scripted, open_desk: Open
) -> None:
    desk = await open_desk(scripted.address)
    paper = "getComputedStyle(document.body).backgroundColor"
    ink = "getComputedStyle(document.body).color"
    assert await desk.page.evaluate(paper) == "rgb(255, 255, 255)"
    await desk.page.emulate_media(color_scheme="dark")
    assert await desk.page.evaluate(paper) == "rgb(27, 29, 33)"
    assert await desk.page.evaluate(ink) == "rgb(220, 221, 224)"
