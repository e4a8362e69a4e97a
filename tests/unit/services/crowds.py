"""What tests of roles do again and again: fill a role, and read what the card says of it."""

from dataclasses import replace

from bot.domain.audit import AuditEvent
from bot.domain.change_request import ChangeRequest
from bot.domain.names import SlackUserId
from bot.domain.people import Person, RoleMembers
from bot.domain.policy import ApprovalRequirement
from bot.views.render import render
from tests.fakes.world import LEADS, VIEWER, Herald, policy_set
from tests.unit.views.reading import words_of

VERA = "vera@acme.example"


def crowd_of(bot: Herald, size: int) -> tuple[SlackUserId, ...]:
    """Let so many more people be full members, and return them."""
    users = tuple(SlackUserId(f"U0C{number:03}") for number in range(size))
    for user in users:
        bot.directory.people[user] = Person(id=user, name=user)
    return users


def give(bot: Herald, who: RoleMembers, *approvals: ApprovalRequirement) -> None:
    """Let leads be these people; ask for these approvals, or for one lead's."""
    policies = policy_set(approvals=approvals or (ApprovalRequirement(role=LEADS),))
    bot.policies.policies = replace(policies, roles={**policies.roles, LEADS: who})


def on_platform(bot: Herald) -> RoleMembers:
    """Return leads who come from Databricks as well as from Slack; Vera is one."""
    bot.groups.of[VERA] = frozenset({"ML Leads"})
    bot.directory.people[VIEWER] = replace(bot.directory.people[VIEWER], email=VERA)
    return RoleMembers(groups=frozenset({"ml-leads"}), databricks_groups=frozenset({"ML Leads"}))


async def checklist(bot: Herald, request: ChangeRequest) -> list[str]:
    """Return what the card says of those who still have to agree."""
    card = await bot.core.draw.draw(request.id)
    assert card is not None
    return [line for line in words_of(render(card)).splitlines() if line.startswith("☐")]


async def recorded(bot: Herald, what: str) -> list[AuditEvent]:
    """Return the events of one kind, oldest first."""
    async with bot.store.transaction() as work:
        events = [chained.event for chained in await work.audit.all()]
    return [event for event in events if event.action == f"change_request.{what}"]
