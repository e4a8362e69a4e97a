"""A doctor before a Slack and a Databricks that tests may spoil."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.doctor.diagnosis import diagnose
from bot.doctor.findings import Finding, Report
from bot.sandbox.demo.seed import ARTIFACTS, STORE
from bot.sandbox.slack.people import BOT_USER_ID
from bot.settings import DigestSettings, Settings
from tests.contract.databricks_double.double import TOKEN, running_double
from tests.contract.databricks_double.double import Double as Databricks
from tests.contract.slack_double.double import Double as Slack
from tests.contract.slack_double.double import running
from tests.seeded_world import pristine_world

POLICIES = Path(__file__).parents[3] / "policies" / "sandbox.yml"


@dataclass(frozen=True, slots=True)
class SkewedClock:
    """A clock that is off by some time."""

    skew: timedelta = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.skew  # noqa: TID251 - compared with real servers


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A Herald to look at, its world, and the doctor."""

    slack: Slack
    databricks: Databricks
    settings: Settings

    async def report(self, clock: SkewedClock | None = None, **changes: Any) -> Report:
        """Return the whole report; no secret is in it."""
        settings = self.settings.model_copy(update=changes)
        report = await diagnose(settings, clock or SkewedClock())
        for secret in (self.slack.workspace.tokens.bot, self.slack.workspace.tokens.app, TOKEN):
            assert secret not in report.as_json() + report.as_text()
        return report

    async def finding(
        self, check: str, clock: SkewedClock | None = None, **changes: Any
    ) -> Finding:
        """Return the worst finding of one check."""
        findings = [f for f in (await self.report(clock, **changes)).findings if f.check == check]
        ranks = ["error", "warning", "note", "ok"]
        return min(findings, key=lambda f: ranks.index(f.severity))

    async def grant(self, **asked: object) -> None:
        """Change what Herald may do in Databricks."""
        reply = await self.databricks.call("POST", "/sandbox/grants", asked, token=None)
        assert reply.status == 200


@pytest.fixture
async def patient(tmp_path: Path) -> AsyncIterator[Patient]:
    pristine = pristine_world()
    shutil.copy2(pristine / STORE, tmp_path / STORE)
    (tmp_path / ARTIFACTS).symlink_to(pristine / ARTIFACTS)
    async with running() as slack, running_double(tmp_path) as databricks:
        for channel in slack.workspace.state.channels.values():
            channel.members = [*channel.members, BOT_USER_ID]
        settings = Settings(
            slack_bot_token=SecretStr(slack.workspace.tokens.bot),
            slack_app_token=SecretStr(slack.workspace.tokens.app),
            slack_api_url=f"{slack.origin}/api/",
            databricks_host=databricks.origin,
            databricks_token=SecretStr(TOKEN),
            database_url=f"sqlite:///{tmp_path}/herald.db",
            policies=(POLICIES,),
            releases_channel="C0RELEASES",
            digest=DigestSettings(channel="C0HEALTH"),
            backend_deadline_s=25,
        )
        yield Patient(slack=slack, databricks=databricks, settings=settings)
