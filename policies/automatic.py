"""How a policy file asks for automatic proposals."""

from typing import Annotated

from pydantic import Field

from bot.domain.automatic import Automatic
from bot.domain.names import AliasName
from policies.form import Entry
from policies.values import Alias


class AutoEntry(Entry):
    """A version that gets an alias is proposed without a person."""

    on: Alias
    per_day: Annotated[int, Field(ge=1, le=100)] = 3

    def automatic(self) -> Automatic:
        """Return when the policy proposes."""
        return Automatic(on=AliasName(self.on), per_day=self.per_day)
