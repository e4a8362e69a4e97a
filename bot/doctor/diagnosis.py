"""The whole examination: settings, Slack, Databricks, policies, database, clock."""

from collections.abc import Iterable
from contextlib import AsyncExitStack
from datetime import timedelta

import aiohttp

from bot.adapters.databricks_client import DatabricksClient, Workspace
from bot.adapters.slack_calls import TIMEOUT, slack_client
from bot.adapters.slack_directory import SlackDirectory
from bot.adapters.slack_installation import SlackInstallation
from bot.adapters.system import SystemClock
from bot.back_ends import BackEnds
from bot.doctor.clocks import date_from, look_at_clock
from bot.doctor.examine import Check, examine, trouble
from bot.doctor.findings import Finding, Report, error, note, ok, warning
from bot.doctor.people import PeopleChecks
from bot.doctor.record import look_at_record
from bot.doctor.slack import SlackChecks
from bot.doctor.workspace import WorkspaceChecks, metrics_finding, registry_finding
from bot.doctor.workspace_people import GROUPS, PRIVILEGES, WorkspacePeopleChecks
from bot.domain.errors import ConfigurationError
from bot.domain.policy import PolicySet
from bot.domain.ports import Clock
from bot.read_settings import load_settings
from bot.settings import RegistryKind, Settings
from policies.loader import lint, load_policies

ROUNDS = 2.5
"""Calls to a back end in a row, each with its own deadline, that a check may take."""


async def diagnose_environment() -> Report:
    """Examine everything that the settings of the environment name."""
    try:
        return await diagnose(load_settings(), SystemClock())
    except ConfigurationError as problem:
        return Report(findings=[trouble("settings", problem)])


async def diagnose(settings: Settings, clock: Clock) -> Report:
    """Examine everything that settings name, all at once.

    Raises:
        ConfigurationError: The registry that is named cannot be there.
    """
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=TIMEOUT))
        back_ends = BackEnds(settings)
        stack.push_async_callback(back_ends.close)
        checks = _Checks(settings, session, back_ends, clock)
        stack.push_async_callback(checks.close)
        limit_s = ROUNDS * max(settings.backend_deadline_s, TIMEOUT.total or 0)
        return Report(findings=await examine(checks.all(), limit_s))


class _Checks:
    def __init__(
        self,
        settings: Settings,
        session: aiohttp.ClientSession,
        back_ends: BackEnds,
        clock: Clock,
    ) -> None:
        token = settings.slack_bot_token.get_secret_value()
        client = slack_client(token, settings.slack_api_url, session)
        self._settings = settings
        self._session = session
        self._clock = clock
        self._back_ends = back_ends
        self._installation = SlackInstallation(client)
        self._slack = SlackChecks(settings, self._installation)
        self._people = PeopleChecks(SlackDirectory(client, clock), self._installation)
        workspace = Workspace(
            host=settings.databricks_host.rstrip("/"),
            token=settings.databricks_token,
            deadline=timedelta(seconds=settings.backend_deadline_s),
        )
        self._client = DatabricksClient("Databricks", workspace, clock)
        self._workspace = WorkspaceChecks(self._client)
        self._workspace_people = WorkspacePeopleChecks(self._client)

    async def close(self) -> None:
        await self._client.close()

    def all(self) -> dict[str, Check]:
        slack = self._slack
        everywhere: dict[str, Check] = {
            "settings": self._told,
            "bot token": slack.bot_token,
            "way in": slack.way_in,
            "releases channel": slack.releases_channel,
            "digest channel": slack.digest_channel,
            "policies": self._policies,
            "people": self._named_people,
            "database": lambda: look_at_record(self._settings.database_url),
            "clock (Slack)": self._slacks_clock,
            "registry": self._registry,
        }
        return everywhere | (self._of_databricks() if self._settings.databricks_host else {})

    def _of_databricks(self) -> dict[str, Check]:
        found: dict[str, Check] = {
            "databricks token": self._workspace.token,
            "endpoints": self._endpoints,
            "metrics": self._metrics,
            GROUPS: self._groups,
            "clock (Databricks)": self._databricks_clock,
        }
        if self._settings.registry is RegistryKind.UC:
            found |= {"grants": self._grants, PRIVILEGES: self._privileges}
        return found

    async def _told(self) -> Iterable[Finding]:
        settings = self._settings
        return [ok("settings", f"{settings.registry.value} registry, {settings.mode.value} mode")]

    async def _policies(self) -> Iterable[Finding]:
        found = lint(self._settings.policies, self._clock.now())
        remedy = "Mend the file; herald policy lint shows all that is wrong with it"
        wrong = [error("policies", str(f), remedy) for f in found if not f.is_warning]
        if wrong:
            return wrong
        try:
            policies = self._loaded()
        except ConfigurationError as wrong_place:
            return [error("policies", str(wrong_place), "See docs/policies.md")]
        over = [warning("policies", f"{f.where}: {f.problem}", f.remedy) for f in found]
        return [ok("policies", f"{len(policies.policies)} in force"), *over]

    def _loaded(self) -> PolicySet:
        return load_policies(self._settings.policies, self._settings.environment)

    def _usable(self) -> PolicySet | None:
        """Return the policies; None when they are wrong, which has a finding of its own."""
        try:
            return self._loaded()
        except ConfigurationError:
            return None

    async def _named_people(self) -> Iterable[Finding]:
        policies = self._usable()
        if policies is None:
            return [note("people", "nobody was looked at: the policies cannot be read")]
        return await self._people.look(policies)

    async def _registry(self) -> Iterable[Finding]:
        return [registry_finding(await self._back_ends.catalog.models())]

    async def _grants(self) -> Iterable[Finding]:
        return await self._workspace.grants(await self._back_ends.catalog.models())

    async def _groups(self) -> Iterable[Finding]:
        policies = self._usable()
        return [] if policies is None else await self._workspace_people.groups(policies)

    async def _privileges(self) -> Iterable[Finding]:
        policies, models = self._usable(), await self._back_ends.catalog.models()
        return [] if policies is None else await self._workspace_people.privileges(policies, models)

    async def _endpoints(self) -> Iterable[Finding]:
        found = await self._back_ends.serving.overview()
        return await self._workspace.endpoints(
            [e.name for e in found if any(entity.model for entity in e.entities)]
        )

    async def _metrics(self) -> Iterable[Finding]:
        found = await self._back_ends.serving.overview()
        if not found:
            return [note("metrics", "there is no endpoint")]
        reading = await self._back_ends.metrics.read(found[0].name)
        return [metrics_finding(found[0].name, reading.problem)]

    async def _slacks_clock(self) -> Iterable[Finding]:
        return await self._compared("Slack", self._settings.slack_api_url)

    async def _databricks_clock(self) -> Iterable[Finding]:
        return await self._compared("Databricks", self._settings.databricks_host)

    async def _compared(self, other: str, address: str) -> Iterable[Finding]:
        ask = date_from(self._session, other, address, self._settings.backend_deadline_s)
        return await look_at_clock(other, ask, self._clock)
