"""A registry that has no privileges: MLflow's own."""

from bot.domain.names import ModelName


class NoPrivileges:
    """Implements ``PrivilegeReader`` where nobody is granted anything."""

    async def privileges(self, email: str, model: ModelName) -> frozenset[str] | None:
        """Return None: there are no privileges to hold."""
        del email, model
        return None
