"""Courses of lives: what happens one after the other, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from bot.domain.names import ModelName
from tests.fakes.world import CHALLENGER, CHAMPION, MODEL, REQUESTER
from tests.properties.chances import (
    ANY_BUTTON,
    CHANGES,
    FREEZES,
    HOW_ON,
    JOBS,
    MEANWHILE,
    MINUTES,
    TROUBLES,
    askers,
    deaths,
    deciders,
    models,
    picks,
    regimes,
    seldom,
    turns,
    versions,
)
from tests.properties.endings import (
    a_new_release_works,
    everything_comes_to_an_end,
    the_way_back_is_never_frozen,
)
from tests.properties.lives import Lives
from tests.properties.regimes import Regime
from tests.properties.trails import FRESH, OTHER, Trails


@dataclass(frozen=True)
class Act:
    """One thing that happens: what of ``Lives``, and how."""

    name: str
    how: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"act({', '.join([repr(self.name), *(f'{k}={v!r}' for k, v in self.how.items())])})"

    def happens_in(self, lives: Lives) -> None:
        getattr(lives, self.name)(**self.how)
        lives.the_record_holds()


def act(name: str, **how: Any) -> Act:
    return Act(name, how)


@dataclass(frozen=True)
class Lived:
    """What is on record of a life, and what people were answered in it."""

    trails: Trails
    answers: list[str]


def live(course: list[Act], *, is_thorough: bool = True) -> Lived:
    """Go through a course to its end, whatever that is."""
    lives = Lives()
    try:
        for each in course:
            each.happens_in(lives)
        everything_comes_to_an_end(lives)
        if is_thorough:
            a_new_release_works(lives)
            the_way_back_is_never_frozen(lives)
        return Lived(lives.the_record_holds(), lives.people.answers)
    finally:
        lives.life.end()


KINDS: Mapping[str, Mapping[str, st.SearchStrategy[Any]]] = {
    "release": {
        "model": models,
        "version": versions,
        "trouble": st.sampled_from(["", "", "slow", "start", "endless", "registry"]),
        "breaths": deaths,
    },
    "promote": {"model": models, "version": versions, "user": askers, "breaths": deaths},
    "roll_back": {"model": models, "user": askers},
    "agree": {"pick": picks},
    "lead_on": {"pick": picks, "how": st.sampled_from(HOW_ON), "breaths": deaths},
    "press": {
        "pick": picks,
        "user": deciders,
        "how": st.sampled_from(ANY_BUTTON),
        "breaths": deaths,
    },
    "two_people_act_at_once": {
        "pick": picks,
        "user": deciders,
        "how": st.sampled_from(MEANWHILE),
        "turn": turns,
    },
    "execute": {"breaths": deaths},
    "time_passes": {"minutes": st.sampled_from(MINUTES), "is_new": seldom, "is_late": seldom},
    "an_alias_moves": {
        "model": models,
        "alias": st.sampled_from([CHAMPION, CHAMPION, CHALLENGER]),
        "version": st.sampled_from([5, 6, 7, None]),
    },
    "an_endpoint_changes": {"version": st.integers(5, 7)},
    "something_goes": {"model": models, "version": st.sampled_from([5, 6, 7, 7, None])},
    "it_comes_back": {},
    "a_challenger_comes": {
        "model": models,
        "version": st.integers(5, 8),
        "limit": st.integers(1, 2),
        "breaths": deaths,
    },
    "policies_propose": {"is_on": seldom.map(lambda seldom: not seldom), "breaths": deaths},
    "trouble": {"trouble": st.sampled_from(TROUBLES), "version": st.integers(5, 7)},
    "policies_change": {"regime": regimes, "is_exempt": seldom},
    "a_version_is_tagged": {
        "model": models,
        "version": versions,
        "risk": st.sampled_from(["low", "high"]),
    },
    "an_account_changes": {"user": deciders, "change": st.sampled_from(CHANGES)},
    "somebody_freezes": {"how": st.sampled_from(FREEZES), "breaths": deaths},
    "a_job_runs": {"job": st.sampled_from(JOBS), "breaths": deaths},
    "an_auditor_asks": {"pick": picks},
}
"""What may happen, and how."""

ALWAYS = {"release": 4, "promote": 3, "lead_on": 4, "press": 2, "roll_back": 1, "agree": 1}
"""How often what comes in any life, whatever else it is about."""


def courses(**weights: int) -> st.SearchStrategy[list[Act]]:
    """Return courses of a kind: what comes in them, and how often beside other things."""
    names = [name for name, often in {**ALWAYS, **weights}.items() for _ in range(often)]
    acts = st.lists(st.sampled_from(names).flatmap(_acts), min_size=10, max_size=18)
    return st.builds(_course, regimes, st.sampled_from([MODEL, MODEL, FRESH, OTHER]), acts)


def _course(regime: Regime, model: ModelName, acts: list[Act]) -> list[Act]:
    """Return a course that begins with a request, under a regime of its own."""
    asked = act("promote", model=model, version=7, user=REQUESTER)
    return [act("policies_change", regime=regime), asked, *acts]


def _acts(name: str) -> st.SearchStrategy[Act]:
    return st.fixed_dictionaries({**KINDS[name]}).map(lambda how: Act(name, how))
