"""What the tests of policies can do and see beyond people: the registry's own door, the record."""

import asyncio
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.tour.stage import words
from bot.sandbox.world import DATABRICKS_TOKEN
from tests.flow.bad_input.world import QUICK, Bot, Json, World, until
from tests.sandbox_process import bare_environment

REGISTRY = "/api/2.0/mlflow/unity-catalog"
CREDENTIALS = "/api/2.0/mlflow/artifacts/credentials-for-read"
SELDOM_S = 0.2
"""Between looks at the list of all calls, which is long."""
ALIAS_WRITES = f"{REGISTRY}/registered-models/alias"


class HastyBot(Bot):
    """The bot that does not wait a minute between its looks."""

    def start(self) -> None:
        """Start it beside the sandbox."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.flow.policies.hasty_bot"],
            env={**bare_environment(), **self.environment, **QUICK},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene(World):
    """The world of these tests.

    Attributes:
        databricks: Address of the back ends.
        record: Herald's database.
    """

    databricks: str
    record: Path

    async def point(self, model: str, alias: str, version: int) -> None:
        """Move an alias outside Herald."""
        body = {"name": model, "alias": alias, "version": str(version)}
        await self._at_back_ends("POST", ALIAS_WRITES, json=body)

    async def tag(self, model: str, version: int, key: str, value: str) -> None:
        """Tag a version outside Herald."""
        body = {"name": model, "version": str(version), "key": key, "value": value}
        await self._at_back_ends("POST", f"{REGISTRY}/model-versions/set-tag", json=body)

    async def artifact(self, model: str, version: int, path: str) -> str:
        """Return a file of a version's run."""
        of = {"name": model, "version": str(version)}
        found = await self._at_back_ends("GET", f"{REGISTRY}/model-versions/get", params=of)
        asked = {"run_id": found["model_version"]["run_id"], "path": [path]}
        signed = await self._at_back_ends("POST", CREDENTIALS, json=asked)
        async with self.session.get(signed["credential_infos"][0]["signed_uri"]) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.text()

    async def champion(self, model: str) -> int | None:
        """Return which version the registry calls champion."""
        found: int | None = (await self.control.truth())["models"][model].get("champion")
        return found

    async def champions_written(self, model: str) -> list[str]:
        """Return the versions that were made champion of a model, by whomever, in order."""
        return [
            call["body"]["version"]
            for call in await self.control.calls()
            if call["method"] == "POST"
            and call["path"] == ALIAS_WRITES
            and (call["body"]["name"], call["body"]["alias"]) == (model, "champion")
        ]

    async def known(self, model: str) -> None:
        """Wait until Herald has looked at a model, so that it sees what moves from now on."""

        async def look() -> bool:
            return bool(self.ledger(model, "alias:challenger"))

        assert await until(look)

    async def looked_again(self, model: str) -> None:
        """Wait until Herald has looked at a model, and whatever followed from that is done.

        Looks follow one another: the third one from now begins when the second one, which saw the
        present world, is over.
        """
        before = await self._looks(model)

        async def look() -> bool:
            await asyncio.sleep(SELDOM_S)
            return await self._looks(model) >= before + 3

        assert await until(look)

    async def _looks(self, model: str) -> int:
        calls = await self.control.calls()
        reads = [call for call in calls if call["path"] == f"{REGISTRY}/registered-models/get"]
        return sum(model in call["query"] for call in reads)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return what Herald's record holds."""
        with closing(sqlite3.connect(f"file:{self.record}?mode=ro", uri=True)) as record:
            return record.execute(query, values).fetchall()

    def requests(self, model: str, version: int) -> list[int]:
        """Return the numbers of the requests for a version."""
        query = "SELECT id FROM change_requests WHERE model = ? AND version = ? ORDER BY id"
        return [number for (number,) in self.rows(query, model, version)]

    def audited(self, subject: str) -> list[tuple[str, str]]:
        """Return who did what, oldest first."""
        query = "SELECT actor, action FROM audit_log WHERE subject = ? ORDER BY number"
        return [(actor, action) for actor, action in self.rows(query, subject)]

    def ledger(self, model: str, place: str) -> list[tuple[str, str, int | None]]:
        """Return the values of a place, why each came to be, and by which request."""
        query = "SELECT value, cause, request_id FROM ledger WHERE model = ? AND place = ?"
        found = self.rows(f"{query} ORDER BY number", model, place)
        return [(value, cause, request) for value, cause, request in found]

    async def requested(self, model: str, version: int) -> int:
        """Wait for a request for a version; return its number."""

        async def look() -> bool:
            return bool(self.requests(model, version))

        assert await until(look), await self.messages()
        (number,) = self.requests(model, version)
        return number

    async def card_of(self, number: int) -> Json:
        """Wait for a request's card and return it."""
        found: list[Json] = []

        async def look() -> bool:
            shown = await self.messages()
            found[:] = [m for m in shown if f"*CR-{number}*" in json.dumps(m["blocks"])]
            return bool(found)

        assert await until(look), [words(m) for m in await self.messages()]
        return found[0]

    async def _at_back_ends(self, verb: str, path: str, **sent: Any) -> Json:
        headers = {"Authorization": f"Bearer {DATABRICKS_TOKEN}"}
        address = f"{self.databricks}{path}"
        async with self.session.request(verb, address, headers=headers, **sent) as answer:
            assert answer.status == 200, await answer.text()
            found: Json = await answer.json()
            return found
