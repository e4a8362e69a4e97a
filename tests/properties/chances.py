"""What may happen in a life: who, what, which and when."""

from datetime import timedelta

from hypothesis import strategies as st

from tests.fakes.world import ADMIN, GUEST, LEAD, LEAD2, MODEL, REQUESTER, VIEWER
from tests.properties.accounts import DOUBLE, TWIN
from tests.properties.regimes import ASKS, Regime
from tests.properties.shutter import Shut
from tests.properties.trails import FRESH, OTHER

models = st.sampled_from([MODEL, MODEL, MODEL, OTHER, FRESH])
versions = st.sampled_from([7, 5, 7, 5, 6, 8])
askers = st.sampled_from(
    [REQUESTER, REQUESTER, REQUESTER, LEAD, TWIN, DOUBLE, ADMIN, VIEWER, GUEST]
)
deciders = st.sampled_from([LEAD, LEAD, LEAD2, TWIN, DOUBLE, ADMIN, REQUESTER, VIEWER, GUEST])
picks = st.sampled_from([0, 1, 2, -1])
seldom = st.sampled_from([False, False, False, True])
deaths = st.sampled_from([False, False, True]).flatmap(
    lambda dies: st.integers(0, 60) if dies else st.none()
)
ANY_BUTTON = [
    "approve",
    "approve",
    "approve",
    "approve silently",
    "reject",
    "reject",
    "cancel",
    "undo",
    "resume",
    "resolve",
    "old card",
    "unknown card",
]
HOW_ON = ["on", "on", "wait", "undo", "resume", "resolve"]
MINUTES = [0.2, 1, 20, 50, 70, 200, 25 * 60]
TROUBLES = ["none", "none", "registry", "directory", "groups", "start", "slow", "endless"]
CHANGES = ["lea@x.example", "rita@x.example", "", "leaves", "comes", "is let go"]
FREEZES = ["all", "model", "two hours", "lift", "lift", "lift", *Shut]
JOBS = ["rejudge", "remind", "messages", "messages", "expire"]
EXEMPT_FOR = timedelta(minutes=47, seconds=13)
regimes = st.builds(
    Regime,
    asks=st.sampled_from(list(ASKS)),
    is_careful=seldom,
    is_lenient=seldom,
    per_day=st.sampled_from([0, 1, 2]),
    has_window=seldom,
    is_short=seldom,
    is_patient=seldom,
    asks_why=seldom,
    escalates=seldom,
)
turns = st.integers(0, 30)
MEANWHILE = ["approve", "approve", "reject", "cancel", "undo", "freeze"]
