"""Which model versions the host has in memory, loaded once however many ask."""

import asyncio
from collections.abc import Collection

from bot.sandbox.databricks.model_host_client import ModelHost
from bot.sandbox.databricks.serving_config import ModelKey


class LoadedModels:
    """Loads by model version; a failed load is forgotten, so that the next one tries again."""

    def __init__(self, host: ModelHost) -> None:
        self._host = host
        self._loads: dict[ModelKey, asyncio.Task[None]] = {}

    async def ensure(self, key: ModelKey) -> None:
        """Return once the version is in memory.

        Raises:
            ModelLoadError: If the host cannot load it.
        """
        load = self._loads.get(key)
        if load is None:
            load = asyncio.create_task(self._host.load(key.name, key.version))
            self._loads[key] = load
        try:
            await asyncio.shield(load)
        except Exception:
            self._loads.pop(key, None)
            raise

    async def keep_only(self, needed: Collection[ModelKey]) -> None:
        """Unload what no endpoint needs any more."""
        idle = [key for key, load in self._loads.items() if load.done() and key not in needed]
        for key in idle:
            del self._loads[key]
            await self._host.unload(key.name, key.version)

    async def stop(self) -> None:
        """End the loads under way."""
        for load in self._loads.values():
            load.cancel()
        await asyncio.gather(*self._loads.values(), return_exceptions=True)
