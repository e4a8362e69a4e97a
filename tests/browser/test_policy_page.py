"""Policies as people meet them on the page: a card to file, a report, rights and freezes."""

from collections.abc import Iterator
from http import HTTPStatus
from urllib.request import Request, urlopen

import pytest
from playwright.async_api import Locator, expect

from bot.sandbox.world import DATABRICKS_TOKEN
from tests.browser.conftest import Open
from tests.browser.desk import Desk
from tests.browser.test_layout import sticks_out
from tests.flow.policies.scene import REGISTRY, HastyBot
from tests.sandbox_process import sandbox, sandbox_state

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]

FIELDS = ("Input schema", "Output schema", "Training data", "Performance metrics", "Limitations")
ENOUGH = "What the branches write down of who asks for a loan."
LEAD, NARROW = "U0MLLEAD", 420
LOANS, START_S = "prod.credit.loan_risk", 60


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the sandbox as it is, with a bot that does not wait a minute between its looks."""
    with sandbox(sandbox_state(tmp_path_factory.mktemp("page")), "--no-bot") as ready:
        warmed(f"{ready.ready['databricks']}{REGISTRY}/registered-models/get?name={LOANS}")
        bot = HastyBot(ready.environment)
        bot.start()
        yield ready.ready["page"]
        bot.stop()


def warmed(address: str) -> None:
    """Read once from a registry that just started, which takes long when the machine is busy."""
    asked = Request(address, headers={"Authorization": f"Bearer {DATABRICKS_TOKEN}"})  # noqa: S310 - 127.0.0.1
    with urlopen(asked, timeout=START_S) as answer:  # noqa: S310 - as above
        assert answer.status == HTTPStatus.OK


async def at_desk(open_desk: Open, page: str, user: str = "U0REQUESTER", width: int = 1280) -> Desk:
    """Sit down at the page, when Herald hears what is typed there."""
    desk = await open_desk(page, user, width=width)
    await expect(desk.page.locator("#bot-state")).to_have_text("Herald is connected")
    return desk


def row(message: Locator, first: str) -> Locator:
    """Return the row of a message's table that begins so."""
    cell = message.page.get_by_role("cell", name=first, exact=True)
    return message.get_by_role("row").filter(has=cell)


async def test_a_loan_model_is_documented_numbered_agreed_on_and_held_up(
    page: str, open_desk: Open
) -> None:
    """Walk the walk of docs/sandbox.md."""
    desk = await at_desk(open_desk, page)
    await desk.say("/model check loan_risk 2")
    denied = await desk.sees("would be denied: 2 checks have no evidence")
    await expect(denied).to_contain_text("drift is exempt until 2036-01-01")
    await expect(row(denied, "card")).to_contain_text("no evidence")
    await file_card(desk)
    await expect(row(desk.message("would be denied"), "card")).to_contain_text("6 of 6 fields")
    await desk.button("Tag v2 as 1.3.0").click()
    await desk.page.get_by_role("button", name="Tag it").click()
    await desk.sees("loan_risk v2 has the tag version = 1.3.0 now")
    await desk.say("/model promote loan_risk 2 because fewer good customers are turned away")
    card = await desk.sees("2 more approvals needed")
    await expect(card).to_contain_text("☐ risk 0/1 (@Ravi Iyer can), because tag tier is 1")
    await desk.room("Leo Lindqvist").click()
    await approve(desk, "we can live with its errors")
    await expect(desk.message("1 more approval needed")).to_contain_text("✓ ml-leads 1/1")
    await freeze(desk)
    await desk.room("Ravi Iyer").click()
    await approve(desk, "model risk has reviewed it")
    await desk.sees("approved, waiting: frozen until")
    await desk.room("Leo Lindqvist").click()
    await desk.say("/model unfreeze loan_risk because the branches are back")
    done = await desk.sees("loan_risk v2 is champion")
    await expect(done).to_contain_text("model risk has reviewed it")


async def file_card(desk: Desk) -> None:
    """Fill the model card in, first with a field that says nothing, and file it."""
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
    await purpose.fill("Tells how likely a loan is not to be paid back.")
    await desk.dialog.get_by_role("button", name="File", exact=True).click()
    await expect(desk.page.get_by_role("dialog")).to_have_count(0)


async def freeze(desk: Desk) -> None:
    """Freeze the model, and see that beside the window that its policy has."""
    await desk.say("/model freeze loan_risk for 2h because the branches migrate")
    await desk.sees("froze prod.credit.loan_risk until")
    await desk.say("/model freezes")
    windows = await desk.sees("1 freeze in force")
    await expect(row(windows, "to come")).to_contain_text("window books-close of policy")


async def approve(desk: Desk, reason: str) -> None:
    """Approve, and say why in the form that asks for it."""
    await desk.button("Approve").click()
    await desk.dialog.get_by_label("Why?").fill(reason)
    await desk.dialog.get_by_role("button", name="Approve", exact=True).click()
    await expect(desk.page.get_by_role("dialog")).to_have_count(0)


async def test_a_challenger_of_the_speller_becomes_champion_without_people(
    page: str, open_desk: Open
) -> None:
    desk = await at_desk(open_desk, page)
    await desk.say("/model automatic")
    await desk.sees("retrained-often: proposes what becomes challenger, 0 of 3 today")
    await desk.say("/model promote speller 2 to challenger because it was retrained")
    done = await desk.sees("speller v2 is champion")
    await expect(done).to_contain_text("asked by a policy")
    await expect(done).to_contain_text("Approved by policy retrained-often: no person had to agree")


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
