"""May Herald see in Databricks who is in which group, and who holds what."""

from collections.abc import Iterable, Sequence
from functools import partial

from bot.adapters.databricks_client import DatabricksClient, Json
from bot.adapters.databricks_groups import SCIM
from bot.doctor.findings import Finding, error, ok, warning
from bot.doctor.workspace import LOOKED_AT, PERMISSIONS, each_of
from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.names import ModelName
from bot.domain.policy import ChangeKind, PolicySet
from bot.domain.registry import RegisteredModel

GROUPS, PRIVILEGES = "databricks groups", "privileges"
ADMINS = "admins"
MAKE_ADMIN = (
    "Databricks shows only admins of the workspace who is in a group: put Herald's principal "
    "into the group admins (Settings, Identity and access, Groups)"
)


class WorkspacePeopleChecks:
    """Looks at what roles and rules ask of Databricks about people; at nothing when none do."""

    def __init__(self, client: DatabricksClient) -> None:
        self._client = client

    async def groups(self, policies: PolicySet) -> Iterable[Finding]:
        """See whether the groups that roles name are there, and show their people."""
        roles = policies.roles.values()
        names = sorted({group for role in roles for group in role.databricks_groups})
        found = await each_of(names, self._group)
        bad = [finding for finding in found if finding is not None]
        if bad or not names:
            return bad
        return [ok(GROUPS, f"members are shown of {', '.join(names)}")]

    async def privileges(
        self, policies: PolicySet, models: Sequence[RegisteredModel]
    ) -> Iterable[Finding]:
        """See whether Herald can tell who holds what, on the models where a rule asks that."""
        judged = [model.name for model in models if _is_judged(policies, model.name)][:LOOKED_AT]
        if not judged:
            return []
        unread = [name for name in await each_of(judged, self._refused) if name]
        if unread:
            schemas = sorted({name.rpartition(".")[0] for name in unread})
            seen = f"Herald may not see who holds what on {', '.join(unread)}"
            remedy = f"Grant Herald's principal MANAGE on {', '.join(schemas)}"
            return [warning(PRIVILEGES, seen, remedy)]
        if not await self._is_admin():
            seen = "Herald is no admin of the workspace: what people hold by groups does not count"
            return [warning(PRIVILEGES, seen, MAKE_ADMIN)]
        return [ok(PRIVILEGES, f"those of others can be read on {len(judged)} models")]

    async def _group(self, name: str) -> Finding | None:
        query = {"filter": f'displayName eq "{name}"', "attributes": "displayName,members"}
        try:
            answer = await self._client.get(f"{SCIM}/Groups", query)
        except (BackEndRefusedError, NotFoundError):
            return warning(GROUPS, f"Herald may not look up the group {name}", MAKE_ADMIN)
        with self._client.reading():
            named = [group for group in answer.get("Resources") or [] if _is_named(group, name)]
        if not named:
            return error(GROUPS, f"there is no group {name}", "Mend the policy's roles")
        if not any(group.get("members") for group in named):
            seen = f"the group {name} is empty, or its members are not shown to Herald"
            return warning(GROUPS, seen, f"Put people into it. {MAKE_ADMIN}")
        return None

    async def _refused(self, model: ModelName) -> str:
        """Return the name of a model whose privileges cannot be read; else nothing."""
        path = f"{PERMISSIONS}/{self._client.segment(model)}"
        try:
            await self._client.get(path)
        except (BackEndRefusedError, NotFoundError):
            return model
        return ""

    async def _is_admin(self) -> bool:
        me = await self._client.get(f"{SCIM}/Me")
        with self._client.reading():
            return any(group.get("display") == ADMINS for group in me.get("groups") or [])


def _is_named(group: Json, name: str) -> bool:
    return bool(group["displayName"] == name)


def _is_judged(policies: PolicySet, model: ModelName) -> bool:
    aliases = {alias for policy in policies.policies for alias in policy.aliases}
    needs = partial(policies.needs_of, model=model)
    return any(needs(kind, alias=alias).privileges for kind in ChangeKind for alias in aliases)
