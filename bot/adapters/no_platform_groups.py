"""Groups of a platform that Herald does not know."""

from typing import NoReturn

from bot.domain.errors import BackEndRefusedError
from bot.domain.people import Addresses


class NoPlatformGroups:
    """Implements ``PlatformGroups`` where no workspace is set: nothing can be read."""

    async def groups_of(self, email: str) -> frozenset[str]:
        """Refuse."""
        del email
        _refuse()

    async def members(self, group: str) -> Addresses:
        """Refuse."""
        del group
        _refuse()


def _refuse() -> NoReturn:
    raise BackEndRefusedError("Databricks", "Herald knows no workspace: set DATABRICKS_HOST")
