"""The composition root: the only place that knows every part."""

import asyncio
import logging
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.meter import Meter
from bot.adapters.metrics_page import MetricsPage, Vitals
from bot.adapters.painter import ChildPainter
from bot.adapters.slack_answers import SlackAnswers
from bot.adapters.slack_calls import TIMEOUT, slack_client
from bot.adapters.slack_directory import SlackDirectory
from bot.adapters.slack_notifier import SlackNotifier
from bot.adapters.system import SystemClock
from bot.back_ends import BackEnds
from bot.domain.names import AliasName, ChannelId
from bot.domain.planning import AliasNames
from bot.domain.policy import Severity
from bot.domain.store import Store
from bot.front import links_of
from bot.jobs.loops import (
    DIGEST_S,
    EXPIRE_S,
    REDRAW_LAG_S,
    REFRESH_S,
    SAMPLE_S,
    Look,
    Loops,
)
from bot.jobs.slots import Slots
from bot.outside import Outside
from bot.persistence.database import open_store
from bot.services.digest import DigestPlan
from bot.services.follow_policies import FollowPolicies
from bot.services.world import World
from bot.settings import Settings
from bot.wiring import Core
from handlers.desk import Desk
from policies.model_card import ModelCardCheck, read_card
from policies.source import FilePolicySource

CARD_CHECK = ModelCardCheck(id="model_card", policy="compliance", severity=Severity.ENFORCE)
"""What a compliance report asks of a model card, whatever policies do."""

log = logging.getLogger("herald")

POLICIES_S = 10
STOP_S = 8.0
"""Time for what was begun to come to a resting point; the rest goes on at the next start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """What Herald does in Slack."""

    client: AsyncWebClient
    answers: SlackAnswers
    notifier: SlackNotifier
    directory: SlackDirectory


async def run(settings: Settings) -> int:
    """Run Herald until a signal ends it; return the exit code.

    Raises:
        ConfigurationError: Policies or database are not usable.
    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with running(settings):
        await stopped.wait()
    return 0


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Core]:
    """Start everything, and stop it in order: links, questions, executions, messages, store."""
    policies = FilePolicySource(settings.policies, settings.environment)
    plan = _digest_plan(settings)
    async with AsyncExitStack() as stack:
        store = await open_store(settings.database_url, SystemClock())
        stack.push_async_callback(store.close)
        meter = Meter()
        session = await stack.enter_async_context(_session(meter))
        chat = _chat(settings, session)
        back_ends = BackEnds(settings, meter.called)
        stack.push_async_callback(back_ends.close)
        core = _core(_outside(back_ends, chat, policies, store), settings)
        desk = Desk(chat.answers, core.ids)
        links = links_of(settings, chat.client, core, desk, meter.acked)
        await _show(
            settings, meter, Vitals(store, links.up, lambda: desk.in_hand, policies.is_valid), stack
        )
        loops = _measuring(_loops(core, await _following(core, policies)), core, settings, plan)
        try:
            await links.open(lambda: log.warning("Herald hears Slack"))
            yield core
        finally:
            await links.close()
            await desk.drain(STOP_S)
            await core.dispatch.drain(STOP_S)
            await loops.stop(STOP_S)


def _session(meter: Meter) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=TIMEOUT, trace_configs=[meter.of_slack()])


def _core(outside: Outside, settings: Settings) -> Core:
    home, poll = ChannelId(settings.releases_channel), timedelta(seconds=settings.endpoint_poll_s)
    at_home = replace(outside, home=home, evidence_keys=settings.evidence_keys)
    return Core(at_home, _names(settings), poll, _owner())


async def _show(settings: Settings, meter: Meter, vitals: Vitals, stack: AsyncExitStack) -> None:
    """Serve metrics until everything else is stopped, when a port is set."""
    if settings.metrics_port is None:
        return
    page = MetricsPage(meter, vitals, settings.metrics_host, settings.metrics_port)
    await page.open()
    stack.push_async_callback(page.close)


def _chat(settings: Settings, session: aiohttp.ClientSession) -> Chat:
    token, slash = settings.slack_bot_token.get_secret_value(), settings.command
    client = slack_client(token, settings.slack_api_url, session)
    return Chat(
        client=client,
        answers=SlackAnswers(client, session, slash),
        notifier=SlackNotifier(client, slash=slash, painter=ChildPainter()),
        directory=SlackDirectory(client, SystemClock()),
    )


def _names(settings: Settings) -> AliasNames:
    aliases = settings.aliases
    return AliasNames(
        champion=AliasName(aliases.champion),
        challenger=AliasName(aliases.challenger),
        archived=AliasName(aliases.archived),
    )


def _owner() -> str:
    """Return a name for this replica that no other start of it has."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def _outside(back_ends: BackEnds, chat: Chat, policies: FilePolicySource, store: Store) -> Outside:
    catalog = back_ends.catalog
    return Outside(
        world=World(registry=catalog, writer=catalog, serving=back_ends.serving),
        metrics=back_ends.metrics,
        tracking=catalog,
        artifacts=back_ends.artifacts,
        archive=back_ends.artifacts,
        card_check=CARD_CHECK,
        read_card=read_card,
        privileges=back_ends.privileges,
        tables=back_ends.tables,
        directory=chat.directory,
        groups=back_ends.groups,
        notifier=chat.notifier,
        voice=chat.notifier,
        board=chat.notifier,
        modals=chat.answers,
        home_tabs=chat.answers,
        policies=policies,
        store=store,
    )


async def _following(core: Core, policies: FilePolicySource) -> FollowPolicies:
    """Write down which policies are in force, before anything is decided by them."""
    follow = core.follow(policies)
    await follow.look()
    return follow


def _loops(core: Core, follow: FollowPolicies) -> Loops:
    loops = Loops(core.bell)
    loops.on_bell("execute", core.dispatch.dispatch)
    loops.on_bell("deliver", core.deliver.deliver, REDRAW_LAG_S)
    loops.on_bell("reach", core.reach.reach)
    loops.every("remind", EXPIRE_S, core.remind.remind_due)
    loops.every("expire", EXPIRE_S, core.expire.expire_due)
    loops.every("freezes", EXPIRE_S, core.spread.look)
    loops.soon("models", core.catalog.refresh)
    loops.every("models", REFRESH_S, core.catalog.refresh)
    loops.every("policies", POLICIES_S, follow.look)
    loops.every("rejudge", POLICIES_S, core.rejudge.look)
    loops.start()
    return loops


def _alias_look(core: Core, home: ChannelId) -> Look:
    """Return what looks at aliases; it proposes what is new where there is a channel to say so."""
    return (lambda: core.auto_propose.look(home)) if home else core.watch_aliases.look


def _digest_plan(settings: Settings) -> DigestPlan | None:
    digest = settings.digest
    if not digest.channel:
        return None
    return DigestPlan(
        channel=ChannelId(digest.channel),
        models=digest.models,
        latest_slot=Slots(digest.cron, digest.zone).latest,
    )


def _measuring(loops: Loops, core: Core, settings: Settings, plan: DigestPlan | None) -> Loops:
    """Let loops look at aliases and endpoints as well, and say what is to be said of them."""
    look = _alias_look(core, ChannelId(settings.releases_channel))
    loops.soon("aliases", look)
    loops.every("aliases", REFRESH_S, look)
    if settings.samples:
        loops.every("samples", SAMPLE_S, core.sampling.sample)
    if plan is not None:
        digest = core.digest(plan)
        loops.soon("digest", digest.post_due)
        loops.every("digest", DIGEST_S, digest.post_due)
    return loops
