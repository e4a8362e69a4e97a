"""The use cases, wired together: each part is made when it is first needed."""

from datetime import timedelta
from functools import cached_property

from bot.adapters.system import RandomIds, SystemClock
from bot.domain.planning import AliasNames
from bot.domain.ports import (
    Clock,
)
from bot.jobs.wake_up import Bell
from bot.outside import Outside
from bot.services.access import Access
from bot.services.alias_steps import AliasSteps
from bot.services.assess import Assessor
from bot.services.auto_propose import AutoPropose
from bot.services.automatic import AskAutomatic
from bot.services.browse import Browse, Shelf
from bot.services.card_keys import CardKeys
from bot.services.catalog import Catalog
from bot.services.check_cards import CheckCards
from bot.services.compare import Compare, Judged
from bot.services.compliance import Compliance, Papers
from bot.services.decide import Decide
from bot.services.deliver import Deliver, Ways
from bot.services.digest import Digest, DigestPlan
from bot.services.dispatch import Dispatch
from bot.services.draw_card import DrawCard
from bot.services.electorate import Electorate
from bot.services.endpoint_steps import EndpointSteps
from bot.services.endpoints import Endpoints
from bot.services.evidence_reader import EvidenceReader
from bot.services.execute import Execute
from bot.services.expire import Expire
from bot.services.filing import Filing
from bot.services.follow_policies import FollowPolicies, PolicyFiles
from bot.services.freeze import Freezing, ListFreezes
from bot.services.freeze_guard import FreezeGuard
from bot.services.health import AskHealth, Health
from bot.services.history import History
from bot.services.home import Home, Signs
from bot.services.introduce import Introduce
from bot.services.live_facts import LiveFacts
from bot.services.look import Look, Sources
from bot.services.model_card import CardShelf, FileCard
from bot.services.newcomers import Newcomers
from bot.services.perform import Perform
from bot.services.pick import Pick
from bot.services.propose import Propose
from bot.services.reach import Reach
from bot.services.rejudge import Rejudge
from bot.services.remind import Remind
from bot.services.renew import Renew
from bot.services.requests import AskRequests
from bot.services.resolve import Resolve
from bot.services.roll_back import RollBack
from bot.services.run_archive import RunArchive
from bot.services.sampling import Sampling, SeenEndpoints
from bot.services.spread_freezes import Spread
from bot.services.tag_steps import TagSteps
from bot.services.tag_version import Tags, TagVersion
from bot.services.targets import Targets
from bot.services.version_reader import VersionReader
from bot.services.watch_aliases import WatchAliases
from bot.services.withdraw import Withdraw
from handlers.services import Services


class Core:
    """The use cases, wired on demand; tests build it on other outsides."""

    def __init__(self, outside: Outside, names: AliasNames, poll: timedelta, owner: str) -> None:
        self._out = outside
        self._names = names
        self._poll = poll
        self._owner = owner
        self.clock: Clock = SystemClock()
        self.ids = RandomIds()
        self.bell = Bell()

    @cached_property
    def access(self) -> Access:
        """Who may do what."""
        out = self._out
        return Access(out.directory, out.groups, out.policies, out.store, self.clock)

    @cached_property
    def catalog(self) -> Catalog:
        """Names of models."""
        return Catalog(self._out.world.registry)

    @cached_property
    def targets(self) -> Targets:
        """What words mean."""
        return Targets(self.catalog, self._out.world.registry, self._names)

    @cached_property
    def cards(self) -> CardKeys:
        """What buttons lead to."""
        return CardKeys(self._out.store, self.clock, self.ids)

    @cached_property
    def reader(self) -> EvidenceReader:
        """Facts."""
        out, world = self._out, self._out.world
        versions = VersionReader(
            world.registry, out.tracking, out.artifacts, out.tables, out.evidence_keys
        )
        live = LiveFacts(out.store, out.privileges, self.clock)
        return EvidenceReader(world.registry, world.serving, versions, live, self.clock)

    @cached_property
    def freezes(self) -> FreezeGuard:
        """What is frozen."""
        return FreezeGuard(self._out.policies, self._out.store, self.clock)

    @cached_property
    def assessor(self) -> Assessor:
        """Facts weighed under policies."""
        return Assessor(self.reader, self._out.policies, self.access, self._names, self.freezes)

    @cached_property
    def filing(self) -> Filing:
        """New requests."""
        return Filing(self._out.store, self.clock, self.cards, self.bell)

    @cached_property
    def renew(self) -> Renew:
        """New evidence."""
        return Renew(self.assessor, self._out.store, self.cards, self.clock)

    @cached_property
    def rejudge(self) -> Rejudge:
        """Requests that wait under former policies."""
        return Rejudge(self.renew, self._out.store, self.clock, self.bell)

    @cached_property
    def draw(self) -> DrawCard:
        """Cards from the store."""
        return DrawCard(self._out.store, self.electorate, self.clock, self._names)

    @cached_property
    def history(self) -> History:
        """Former champions."""
        return History(self._out.store, self._names)

    @cached_property
    def look(self) -> Look:
        """Endpoints as they are."""
        world = self._out.world
        sources = Sources(
            serving=world.serving,
            registry=world.registry,
            metrics=self._out.metrics,
            champion=self._names.champion,
        )
        return Look(sources, self.clock)

    @cached_property
    def sampling(self) -> Sampling:
        """What endpoints did, minute by minute."""
        return Sampling(self.look, self._out.store, self.clock)

    @cached_property
    def watch_aliases(self) -> WatchAliases:
        """Moves of aliases that policies go by."""
        out = self._out
        return WatchAliases(self.catalog, out.world.registry, out.policies, out.store, self.clock)

    @cached_property
    def health(self) -> Health:
        """Reports on endpoints."""
        return Health(self.look, self._out.store, self.clock, self._names.champion)

    def follow(self, files: PolicyFiles) -> FollowPolicies:
        """Return what follows the files that policies are read from."""
        out = self._out
        return FollowPolicies(
            files=files, store=out.store, voice=out.voice, clock=self.clock, home=out.home
        )

    def digest(self, plan: DigestPlan) -> Digest:
        """Return what posts reports by schedule."""
        return Digest(plan, self.health, self._out.board, self._out.store, self.clock)

    @cached_property
    def perform(self) -> Perform:
        """Steps."""
        world, clock = self._out.world, self.clock
        return Perform(
            world,
            EndpointSteps(world, clock, self._poll),
            AliasSteps(world, clock),
            TagSteps(world, self._out.store, clock),
        )

    @cached_property
    def dispatch(self) -> Dispatch:
        """Executions."""
        store = self._out.store
        execute = Execute(self.assessor, self.renew, self.perform, store, self.clock)
        return Dispatch(execute, store, self._owner, self.bell)

    @cached_property
    def deliver(self) -> Deliver:
        """The outbox."""
        out = self._out
        ways = Ways(notifier=out.notifier, voice=out.voice)
        return Deliver(out.store, self.draw, ways, self.clock, out.home)

    @cached_property
    def auto_propose(self) -> AutoPropose:
        """What policies propose by themselves."""
        out = self._out
        newcomers = Newcomers(self.watch_aliases, out.policies, out.store, self.clock)
        return AutoPropose(newcomers, self.assessor, self.filing, out.store, self.clock)

    @cached_property
    def electorate(self) -> Electorate:
        """Whose word requests lack."""
        return Electorate(self.access)

    @cached_property
    def reach(self) -> Reach:
        """What single people are told."""
        out = self._out
        return Reach(out.store, self.access, self.electorate, out.voice, self.clock)

    @cached_property
    def remind(self) -> Remind:
        """Requests that wait too long."""
        return Remind(self.electorate, self._out.store, self.clock, self.bell)

    @cached_property
    def expire(self) -> Expire:
        """Requests whose time is over."""
        return Expire(self._out.store, self.clock)

    @cached_property
    def compliance(self) -> Compliance:
        """Reports for auditors."""
        out = self._out
        papers = Papers(
            reader=self.reader, archive=self.run_archive, store=out.store, card=out.card_check
        )
        return Compliance(self.access, self.targets, papers, self.cards, self._names)

    @cached_property
    def run_archive(self) -> RunArchive:
        """Files beside runs."""
        return RunArchive(self._out.archive, self._out.store, self.clock)

    @cached_property
    def file_card(self) -> FileCard:
        """Model cards that people fill in."""
        out = self._out
        shelf = CardShelf(
            registry=out.world.registry,
            policies=out.policies,
            artifacts=out.artifacts,
            archive=self.run_archive,
            read_card=out.read_card,
            rejudge=self.rejudge,
        )
        return FileCard(self.access, shelf, self.cards, out.store)

    @cached_property
    def spread(self) -> Spread:
        """What the channel of releases is told of freezes."""
        out = self._out
        return Spread(
            store=out.store, clock=self.clock, voice=out.voice, home=out.home, wake_up=self.bell
        )

    @cached_property
    def automatic(self) -> AskAutomatic:
        """The switch of what policies propose."""
        out = self._out
        return AskAutomatic(
            self.access, out.policies, out.store, self.clock, has_channel=bool(out.home)
        )

    @cached_property
    def services(self) -> Services:
        """Everything that people can reach."""
        out, store = self._out, self._out.store
        shelf = Shelf(registry=out.world.registry, serving=out.world.serving)
        requests = AskRequests(self.access, store, self.draw)
        looks = SeenEndpoints(store, self.clock)
        signs = Signs(looks=looks, freezes=self.freezes, policies=out.policies, access=self.access)
        keyed = CheckCards(store, self.cards)
        tags = Tags(world=out.world, rejudge=self.rejudge)
        judged = Judged(self.access, self.reader, out.policies, self._names)
        return Services(
            browse=Browse(self.access, self.catalog, self.targets, shelf, self.history),
            endpoints=Endpoints(self.access, self.look, self.history),
            health=AskHealth(self.access, self.health, self.cards),
            introduce=Introduce(self.access, out.policies, out.directory),
            compare=Compare(self.access, self.targets, judged, self.cards, self._names),
            compliance=self.compliance,
            file_card=self.file_card,
            tag_version=TagVersion(self.access, self.assessor, tags, store, self.clock),
            pick=Pick(self.access, self.catalog, self.targets, out.world.registry, self._names),
            home=Home(requests, signs, out.voice, store, self.clock),
            propose=Propose(self.access, self.targets, self.assessor, self.filing, keyed),
            roll_back=RollBack(self.access, self.targets, self.assessor, self.filing, self.history),
            decide=Decide(self.access, self.renew, store, self.clock, self.bell),
            withdraw=Withdraw(self.access, store, self.clock, self.bell),
            requests=requests,
            resolve=Resolve(self.access, out.world, store, self.clock, self.bell),
            freezing=Freezing(self.access, self.catalog, store, self.clock, self.spread),
            freezes=ListFreezes(self.access, self.freezes, self.clock),
            automatic=self.automatic,
            cards=self.cards,
            voice=out.voice,
            board=out.board,
            modals=out.modals,
            home_tabs=out.home_tabs,
        )
