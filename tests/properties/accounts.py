"""Accounts in chat, the people behind them, and what roles they have."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.names import RoleName, SlackUserId
from bot.domain.people import Person
from tests.fakes.world import ADMIN, ADMINS, GUEST, LEAD, LEAD2, LEADS, REQUESTER, VIEWER

TWIN = SlackUserId("U0MLLEADTWIN")
"""Another account of the lead."""
DOUBLE = SlackUserId("U0REQUESTERDOUBLE")
"""Another account of the requester, and a lead's at that."""
ADMINS_USERS = frozenset({ADMIN, LEAD2})


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account, as Slack tells it at a moment."""

    id: SlackUserId
    email: str = ""
    is_lead: bool = False
    is_deactivated: bool = False

    @property
    def human(self) -> str:
        """Who it is: accounts with one address are one person's."""
        return self.email.lower() or self.id

    @property
    def roles(self) -> frozenset[RoleName]:
        """The roles in which this account decides."""
        if self.is_deactivated or self.id == GUEST:
            return frozenset()
        leads = {LEADS} if self.is_lead else set()
        return frozenset(leads | ({ADMINS} if self.id in ADMINS_USERS else set()))

    def person(self) -> Person:
        return Person(
            id=self.id,
            name=self.id.lower(),
            email=self.email,
            is_guest=self.id == GUEST,
            is_deactivated=self.is_deactivated,
        )

    def after(self, change: str) -> "Account":
        """Return the account as it is after a change; what is no other change is an address."""
        match change:
            case "leaves" | "comes":
                return replace(self, is_lead=change == "comes", is_deactivated=False)
            case "is let go":
                return replace(self, is_deactivated=True)
            case _:
                return replace(self, email=change)


Accounts = Mapping[SlackUserId, Account]


def accounts() -> Accounts:
    """Return everybody as a life begins; the lead and the requester have two accounts each."""
    found = (
        Account(id=REQUESTER, email="rita@x.example"),
        Account(id=DOUBLE, email="Rita@X.example", is_lead=True),
        Account(id=LEAD, email="lea@x.example", is_lead=True),
        Account(id=TWIN, email="lea@x.example", is_lead=True),
        Account(id=LEAD2, email="leo@x.example", is_lead=True),
        Account(id=ADMIN, email="ada@x.example"),
        Account(id=VIEWER),
        Account(id=GUEST, is_lead=True),
    )
    return {account.id: account for account in found}
