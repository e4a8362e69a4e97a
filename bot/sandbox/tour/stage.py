"""The stage of the tour: one place to act, look and note what was expected."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.tour.clients import ANSWER_S, PATIENCE_S, ControlClient, HumanClient, Json, until
from bot.sandbox.tour.transcript import Transcript, essence

REQUESTER = "U0REQUESTER"
LEAD = "U0MLLEAD"
OTHER_LEAD = "U0MLLEAD2"
RISK = "U0RISK"
VIEWER = "U0VIEWER"

APPROVE = "request.approve"
ALIASES = (
    "/api/2.0/mlflow/unity-catalog/registered-models/alias",
    "/mlflow/api/2.0/mlflow/registered-models/alias",
)
"""Where aliases are written, in either registry."""

MODEL_READ = "/api/2.0/mlflow/unity-catalog/registered-models/get"
WRITES = {"POST", "PUT", "PATCH", "DELETE"}
READ_BY_POST = ("credentials-for-read", "credentials-for-download")


@dataclass(frozen=True)
class Stage:
    """Who plays, and who writes it down."""

    human: HumanClient
    control: ControlClient
    transcript: Transcript

    async def type(self, user: str, text: str) -> None:
        """Type a line; Slack has to have its acknowledgement in time."""
        self.transcript.does(user, f"/model {text}")
        answer = await self.human.type(user, text)
        self.transcript.expect("Slack was answered in time", answer.get("ok"), answer)

    async def click(self, user: str, message: Json, action: str) -> None:
        """Click a button."""
        self.transcript.does(user, f"clicks {action}")
        answer = await self.human.click(user, message, action)
        self.transcript.expect("Slack was answered in time", answer.get("ok"), answer)

    async def hears(
        self, user: str, after: int, fits: Callable[[Json], bool], what: str
    ) -> Json | None:
        """Wait for a private answer that fits among the messages after the first ``after``."""
        return await self._wait(user, after, fits, what, ANSWER_S)

    async def reads(self, fits: Callable[[Json], bool], what: str) -> Json | None:
        """Wait for a message in the channel, as somebody reads it who has no part in it."""
        return await self._wait(VIEWER, 0, fits, what, PATIENCE_S)

    async def _wait(
        self,
        user: str,
        after: int,
        fits: Callable[[Json], bool],
        what: str,
        patience_s: float,
    ) -> Json | None:
        found: list[Json] = []

        async def look() -> bool:
            seen = (await self.human.messages(user))[after:]
            found[:] = [message for message in seen if fits(message)]
            return bool(found)

        heard = await until(look, patience_s)
        if heard:
            self.transcript.says(found[-1])
        self.transcript.expect(what, heard, await self._last_words(user))
        return found[-1] if found else None

    async def seen(self, user: str) -> int:
        """Return how many messages a person has seen."""
        return len(await self.human.messages(user))

    async def stands(self, model: str, aliases: dict[str, int], what: str) -> None:
        """Expect the registry to hold exactly these aliases."""
        now = (await self.control.truth())["models"].get(model)
        self.transcript.expect(what, now == aliases, now)

    async def serves(self, endpoint: str, versions: dict[str, int], what: str) -> None:
        """Expect an endpoint to serve these versions by model and nothing else."""
        found = (await self.control.truth())["endpoints"][endpoint]["entities"]
        now = {entity["model"]: int(entity["version"]) for entity in found}
        self.transcript.expect(what, now == versions and len(found) == len(versions), found)

    async def writes(self, after: int = 0) -> list[Json]:
        """Return the calls that change something, after the first ``after`` calls."""
        calls = (await self.control.calls())[after:]
        return [call for call in calls if call["method"] in WRITES and not _reads(call)]

    async def _last_words(self, user: str) -> list[Any]:
        messages = await self.human.messages(user)
        return [message["text"] for message in messages[-3:]]


def words(message: Json | None) -> str:
    """Return everything that a message says, fallback and blocks, as one text."""
    if message is None:
        return ""
    return "\n".join([message["text"], *essence(message.get("blocks") or [])])


def actions(message: Json | None) -> set[str]:
    """Return the action ids of a message's buttons and menus."""
    blocks = (message or {}).get("blocks") or []
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return {element["action_id"] for row in rows for element in row}


def is_public(message: Json) -> bool:
    """Tell whether everybody in the channel sees a message."""
    return not message.get("ephemeral")


def _reads(call: Json) -> bool:
    return any(part in call["path"] for part in READ_BY_POST)
