"""Everything beyond this process, behind its ports."""

from dataclasses import dataclass, field

from bot.adapters.no_platform_groups import NoPlatformGroups
from bot.adapters.no_tables import NoTables
from bot.domain.names import ChannelId
from bot.domain.policy import PolicyCheck
from bot.domain.ports import (
    ArtifactReader,
    ArtifactWriter,
    Directory,
    EndpointMetrics,
    ExperimentTracking,
    HealthBoard,
    Notifier,
    PlatformGroups,
    PolicySource,
    PrivilegeReader,
    TableReader,
    Voice,
)
from bot.domain.store import Store
from bot.services.model_card import ReadCard
from bot.services.test_evidence import Keys
from bot.services.world import World
from handlers.services import HomeTabs, Modals

NOWHERE = ChannelId("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Everything beyond this process, behind its ports.

    Attributes:
        home: The channel of releases; may be empty.
        evidence_keys: Secrets with which test results may be signed.
    """

    world: World
    metrics: EndpointMetrics
    tracking: ExperimentTracking
    artifacts: ArtifactReader
    archive: ArtifactWriter
    card_check: PolicyCheck
    read_card: ReadCard
    privileges: PrivilegeReader
    tables: TableReader = field(default_factory=NoTables)
    directory: Directory
    groups: PlatformGroups = field(default_factory=NoPlatformGroups)
    notifier: Notifier
    voice: Voice
    board: HealthBoard
    modals: Modals
    home_tabs: HomeTabs
    home: ChannelId = NOWHERE
    policies: PolicySource
    evidence_keys: Keys = field(default_factory=dict)
    store: Store
