"""What may happen in a life: who, what, which and when."""

from datetime import timedelta

from hypothesis import strategies as st

from tests.fakes.world import ADMIN, GUEST, LEAD, LEAD2, MODEL, REQUESTER, VIEWER
from tests.properties.accounts import DOUBLE, TWIN
from tests.properties.regimes import ASKS, Regime
from tests.properties.shutter import Shut
from tests.properties.trails import OTHER

models = st.sampled_from([MODEL, MODEL, OTHER])
versions = st.sampled_from([5, 6, 7, 7, 7, 8])
everybody = st.sampled_from([REQUESTER, LEAD, LEAD2, VIEWER, ADMIN, GUEST])
askers = st.sampled_from([REQUESTER, REQUESTER, LEAD, TWIN, DOUBLE, ADMIN, VIEWER, GUEST])
deciders = st.sampled_from([LEAD, LEAD, LEAD2, TWIN, DOUBLE, ADMIN, REQUESTER, VIEWER, GUEST])
picks = st.integers(0, 2)
seldom = st.sampled_from([False, False, False, True])
deaths = st.none() | st.integers(0, 60)
OTHERWISE = ["reject", "cancel", "undo", "resume", "resolve", "old card"]
TROUBLES = ["none", "none", "registry", "directory", "start", "slow", "endless"]
CHANGES = ["lea@x.example", "rita@x.example", "", "leaves", "comes", "is let go"]
FREEZES = ["all", "model", "two hours", "lift", "lift", "lift", *Shut]
JOBS = ["rejudge", "remind", "messages", "messages", "expire"]
A_DAY = 25 * 60
EXEMPT_FOR = timedelta(minutes=47, seconds=13)
regimes = st.builds(
    Regime,
    asks=st.sampled_from(list(ASKS)),
    is_careful=seldom,
    is_lenient=seldom,
    per_day=st.sampled_from([0, 1, 2]),
    has_window=seldom,
    is_short=seldom,
)
turns = st.integers(0, 30)
MEANWHILE = ["approve", "approve", "reject", "cancel", "undo", "freeze"]
