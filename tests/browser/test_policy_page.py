"""Policies as people meet them on the page: a card to file, a report, rights and freezes."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Locator, expect

from bot.sandbox.world import POLICIES
from tests.browser.conftest import Open
from tests.browser.desk import Desk
from tests.browser.test_layout import sticks_out
from tests.flow.bad_input.world import Bot
from tests.sandbox_process import sandbox, sandbox_state

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]

DOCUMENTED = """\
apiVersion: herald/v1
policies:
  - name: documented
    match: {models: [prod.ml_team.iris_classifier], aliases: [champion]}
    rules:
      - {id: card, type: model_card, min_chars: 20}
    first_release: allow
"""
FIELDS = ("Input schema", "Output schema", "Training data", "Performance metrics", "Limitations")
ENOUGH = "The lengths of sepals and petals, in centimetres."
LEAD, NARROW = "U0MLLEAD", 420


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a sandbox whose bot asks for model cards as well; hand out the page's address."""
    folder = tmp_path_factory.mktemp("documented")
    (folder / "documented.yml").write_text(DOCUMENTED)
    with sandbox(sandbox_state(folder), "--no-bot") as ready:
        policies = f"{POLICIES},{folder}/documented.yml"
        bot = Bot({**ready.environment, "HERALD_POLICIES": policies})
        bot.start()
        yield ready.ready["page"]
        bot.stop()


async def at_desk(open_desk: Open, page: str, user: str = "U0REQUESTER", width: int = 1280) -> Desk:
    """Sit down at the page, when Herald hears what is typed there."""
    desk = await open_desk(page, user, width=width)
    await expect(desk.page.locator("#bot-state")).to_have_text("Herald is connected")
    return desk


def row(message: Locator, first: str) -> Locator:
    """Return the row of a message's table that begins so."""
    cell = message.page.get_by_role("cell", name=first, exact=True)
    return message.get_by_role("row").filter(has=cell)


async def test_a_model_card_is_filed_once_every_field_says_something(
    page: str, open_desk: Open
) -> None:
    desk = await at_desk(open_desk, page)
    await desk.say("/model check iris_classifier 4")
    await expect(row(await desk.sees("would be denied"), "card")).to_contain_text("no evidence")
    await desk.button("File model card…").click()
    purpose = desk.dialog.get_by_label("Purpose")
    await purpose.fill(" – " * 10)
    for field in FIELDS:
        await desk.dialog.get_by_label(field).fill(ENOUGH)
    await desk.dialog.get_by_role("button", name="File", exact=True).click()
    await expect(desk.dialog.get_by_role("alert").first).to_have_text(
        "⚠ Say it in words: nobody can judge the model without this."
    )
    await expect(purpose).to_be_focused()
    await expect(desk.dialog.get_by_label("Limitations")).to_have_value(ENOUGH)
    await purpose.fill("Names the iris species of a flower.")
    await desk.dialog.get_by_role("button", name="File", exact=True).click()
    await expect(desk.page.get_by_role("dialog")).to_have_count(0)
    await expect(row(desk.message("would be denied"), "card")).to_contain_text("6 of 6 fields")
    await expect(desk.message("would be denied").get_by_role("button")).to_have_count(0)


async def test_a_compliance_report_tells_what_to_do_and_is_shared(
    page: str, open_desk: Open
) -> None:
    desk = await at_desk(open_desk, page, width=NARROW)
    await desk.say("/model compliance iris_classifier 2")
    report = await desk.sees("1 part of the compliance report not in order")
    await expect(report).to_contain_text("Only visible to you")
    await expect(report.get_by_role("row")).to_have_count(8)
    await expect(row(report, "approvals")).to_contain_text("nobody has approved it")
    await expect(report).to_contain_text("approvals: ask for its promotion")
    await expect(report).to_contain_text("kept as compliance/report.json of run")
    assert await sticks_out(desk) == []
    await report.get_by_role("button", name="Share in channel").click()
    shared = await desk.sees("shared by @Rita Quest")
    await expect(shared).not_to_contain_text("Only visible to you")


async def test_people_and_roles_are_told_apart_by_their_names(page: str, open_desk: Open) -> None:
    desk = await at_desk(open_desk, page)
    await desk.say("/model access ml-leads")
    role = await desk.sees("The role ml-leads")
    await expect(role).to_contain_text("Approves for prod-baseline")
    await expect(role).to_contain_text("@Leo Lindqvist, @Lena Okafor")
    await desk.say("/model access Lena Okafor")
    person = await desk.sees("Can approve as ml-leads")
    await expect(person).to_contain_text("@Lena Okafor")
    await expect(person).to_contain_text("freeze")


async def test_a_freeze_is_announced_listed_met_and_lifted(page: str, open_desk: Open) -> None:
    desk = await at_desk(open_desk, page, LEAD)
    await desk.say("/model freeze prod.ml_team.* for 2h because the provider migrates")
    announced = desk.messages.filter(has_text="@Leo Lindqvist froze prod.ml_team.*")
    await expect(announced).to_have_count(1)
    private = desk.messages.filter(has_text="prod.ml_team.*: frozen until")
    await expect(private).to_contain_text("Only visible to you")
    await desk.say("/model freezes")
    listed = await desk.sees("1 freeze in force")
    await expect(row(listed, "now")).to_contain_text("@Leo Lindqvist: the provider migrates")
    await desk.say("/model promote ranker 3")
    frozen = await desk.sees("nothing was proposed")
    await expect(frozen).to_contain_text("ranker is frozen until today")
    await expect(frozen).to_contain_text("/model unfreeze prod.ml_team.*")
    await desk.say("/model unfreeze prod.ml_team.* because it is over")
    await desk.sees("lifted the freeze of prod.ml_team.*")
    await desk.say("/model freezes")
    await desk.sees("Nothing is frozen now")
