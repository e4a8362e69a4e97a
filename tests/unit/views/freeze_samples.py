"""Answers about freezes, as they are drawn."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.freezing import Freeze, FreezeList, FreezeNews, Frozen
from bot.views.render import Answer
from tests.builders import CHANNEL, LEAD, MODEL, NOW, REQUESTER

HOUR = timedelta(hours=1)
WEEKEND = Freeze(
    models=("prod.*",),
    begins_at=NOW - HOUR,
    ends_at=NOW + 62 * HOUR,
    window="weekend",
    policy="prod-baseline",
)
BROKEN = replace(WEEKEND, window="company", ends_at=None, reason="it cannot be read")
MIGRATION = Freeze(
    models=("prod.fraud.*",),
    begins_at=NOW,
    ends_at=NOW + 2 * HOUR,
    by=LEAD,
    reason="the payment provider migrates",
)
INCIDENT = replace(MIGRATION, models=("*",), ends_at=None, reason="<!channel> incident 4411")

MANY = tuple(replace(WEEKEND, window=f"window {number}") for number in range(60))

FREEZE_ANSWERS: dict[str, Answer] = {
    "freeze_holds_up": Frozen(
        model=MODEL, freezes=(WEEKEND, MIGRATION), may_lift=("admins", "ml-leads")
    ),
    "freeze_holds_all_up": Frozen(
        model=MODEL, freezes=(INCIDENT, BROKEN), may_lift=("admins", "ml-leads")
    ),
    "freeze_of_a_policy": Frozen(model=MODEL, freezes=(WEEKEND,), may_lift=("ml-leads",)),
    "freeze_nobody_lifts": Frozen(model=MODEL, freezes=(MIGRATION,)),
    "freeze_declared": FreezeNews(freeze=MIGRATION, by=LEAD, reason=MIGRATION.reason, waiting=1),
    "freeze_untold": FreezeNews(
        freeze=INCIDENT, by=LEAD, reason=INCIDENT.reason, untold="Slack: not_in_channel"
    ),
    "freeze_lifted": FreezeNews(
        freeze=MIGRATION, by=REQUESTER, lifted=True, reason="all done", waiting=2
    ),
    "freeze_told_above": FreezeNews(
        freeze=MIGRATION, by=LEAD, reason="why", waiting=1, told_in=CHANNEL
    ),
    "freeze_lifted_told_above": FreezeNews(freeze=INCIDENT, by=LEAD, lifted=True, told_in=CHANNEL),
    "freeze_told_at_length": FreezeNews(freeze=MIGRATION, by=LEAD, reason="because " * 300),
    "freeze_lifted_for_nobody": FreezeNews(freeze=INCIDENT, by=REQUESTER, lifted=True),
    "freezes": FreezeList(now=NOW, in_force=(INCIDENT, WEEKEND), to_come=(MIGRATION,)),
    "freezes_none": FreezeList(now=NOW, in_force=(), to_come=()),
    "freezes_many": FreezeList(now=NOW, in_force=(), to_come=MANY),
}
