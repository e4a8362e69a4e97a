"""A registry that notes no tables with its versions: MLflow's own."""

from bot.domain.names import ModelName


class NoTables:
    """Implements ``TableReader`` where nothing is noted."""

    async def tables(self, model: ModelName, version: int) -> tuple[str, ...]:
        """Return nothing."""
        del model, version
        return ()
