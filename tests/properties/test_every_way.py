"""Every way of a request's life, and every answer to a decision, is reached under all laws."""

from typing import Any

import pytest

from tests.fakes.world import ADMIN, CHAMPION, GUEST, LEAD, LEAD2, MODEL, REQUESTER, VIEWER
from tests.properties.accounts import DOUBLE, TWIN
from tests.properties.census import KINDS, WAYS, census
from tests.properties.courses import Act, act, live
from tests.properties.regimes import Regime
from tests.properties.trails import FRESH, OTHER

ON = act("lead_on", pick=-1, how="on")
EXECUTE = act("execute")
AGREE = act("agree", pick=-1)
WRITTEN = act("dies_at", call="set_alias done")
MORTAL = act("dies_while", state="succeeded")
FREEZE, LIFT = act("somebody_freezes", how="all"), act("somebody_freezes", how="lift")
NO_TROUBLE = act("trouble", trouble="none")
OVERDUE = act("time_passes", minutes=50)
SIX_MINUTES = act("time_passes", minutes=6)
REJUDGE, REMIND = act("a_job_runs", job="rejudge"), act("a_job_runs", job="remind")
MESSAGES = act("a_job_runs", job="messages")
BACK = act("roll_back", model=MODEL, user=LEAD)


def ask(version: int = 7, model: str = MODEL, user: str = REQUESTER) -> Act:
    return act("promote", model=model, version=version, user=user)


def release(version: int = 7, trouble: str = "", model: str = MODEL) -> Act:
    return act("release", model=model, version=version, trouble=trouble)


def press(how: str, user: str = LEAD) -> Act:
    return act("press", pick=-1, user=user, how=how)


def under(*, is_exempt: bool = False, **changes: Any) -> Act:
    return act("policies_change", regime=Regime(**changes), is_exempt=is_exempt)


WALKS: dict[str, tuple[list[Act], set[str]]] = {
    "Herald dies again and again": (
        [ask(model=FRESH), AGREE, MORTAL, ask(5), AGREE, WRITTEN, MORTAL],
        {"executing -> succeeded succeeded"},
    ),
    "an endpoint takes its time": (
        [release(trouble="slow"), ON, ON, ON, ON],
        {
            "filed",
            "pending -> approved approved",
            "approved -> queued queued",
            "queued -> executing begun",
            "executing -> succeeded succeeded",
        },
    ),
    "the platform cannot start it": (
        [release(trouble="start"), release(model=OTHER, trouble="start"), ON],
        {"executing -> undoing undo_begun", "undoing -> undone undone"},
    ),
    "somebody takes it back while an endpoint is updated": (
        [release(trouble="endless"), press("undo"), ON, OVERDUE, NO_TROUBLE, ON],
        {"waiting -> undoing undo_begun by a person"},
    ),
    "it is overdue, goes on, and is taken back": (
        [
            release(trouble="endless"),
            OVERDUE,
            EXECUTE,
            press("resume", VIEWER),
            press("resume"),
            EXECUTE,
            OVERDUE,
            EXECUTE,
            press("undo"),
            NO_TROUBLE,
            EXECUTE,
        ],
        {
            "executing -> paused paused",
            "paused -> executing resumed by a person",
            "paused -> undoing undo_begun by a person",
        },
    ),
    "it is overdue, goes on, and ends well": (
        [release(trouble="endless"), OVERDUE, EXECUTE, NO_TROUBLE, press("resume"), EXECUTE],
        {"executing -> succeeded succeeded"},
    ),
    "it is overdue, and somebody closes it": (
        [release(trouble="endless"), OVERDUE, EXECUTE, press("resolve", ADMIN)],
        {"paused -> failed resolved by a person"},
    ),
    "somebody moves the alias meanwhile": (
        [
            release(trouble="endless"),
            act("an_alias_moves", model=MODEL, alias=CHAMPION, version=5),
            NO_TROUBLE,
            ON,
            ask(5),
            press("resolve", REQUESTER),
            press("resolve"),
            ask(7),
        ],
        {
            "executing -> undoing undo_begun",
            "undoing -> failed failed",
            "failed -> failed resolved by a person",
        },
    ),
    "somebody changes the endpoint meanwhile": (
        [
            release(trouble="endless"),
            NO_TROUBLE,
            act("dies_while", state="executing"),
            act("an_endpoint_changes", version=5),
            press("undo"),
            ON,
            press("resolve"),
        ],
        {
            "executing -> undoing undo_begun by a person",
            "undoing -> failed failed",
        },
    ),
    "the model is deleted meanwhile": (
        [
            release(trouble="endless"),
            act("something_goes", model=MODEL, version=None),
            NO_TROUBLE,
            ON,
            release(model=OTHER),
        ],
        {
            "executing -> undoing undo_begun",
            "undoing -> failed failed",
            "failed -> failed resolved by a person",
        },
    ),
    "a first release is taken back half-way": (
        [
            ask(model=FRESH),
            AGREE,
            WRITTEN,
            press("undo"),
            EXECUTE,
            release(model=FRESH),
            act("roll_back", model=FRESH, user=LEAD),
        ],
        {
            "executing -> undoing undo_begun by a person",
            "undoing -> undone undone",
            "executing -> succeeded succeeded",
        },
    ),
    "people say no": (
        [
            ask(),
            press("reject"),
            under(is_patient=True),
            ask(),
            press("reject"),
            press("reject"),
            press("approve", LEAD2),
            ask(5),
            press("reject"),
            press("reject", LEAD2),
        ],
        {"pending -> rejected rejected by a person"},
    ),
    "it is withdrawn at every stage": (
        [
            ask(),
            press("cancel", VIEWER),
            press("cancel", REQUESTER),
            ask(),
            AGREE,
            press("cancel", ADMIN),
            ask(),
            AGREE,
            FREEZE,
            EXECUTE,
            press("cancel", REQUESTER),
        ],
        {
            "pending -> cancelled cancelled by a person",
            "approved -> cancelled cancelled by a person",
            "queued -> cancelled cancelled by a person",
        },
    ),
    "nobody decides in time": (
        [under(escalates=True), ask(), MESSAGES]
        + [act("time_passes", minutes=70), REMIND, REMIND, MESSAGES] * 2
        + [act("time_passes", minutes=25 * 60), MESSAGES],
        {"reminded", "escalated", "pending -> expired expired"},
    ),
    "a rollback takes its place": (
        [
            release(7),
            release(5),
            ask(6),
            BACK,
            EXECUTE,
            ask(5),
            AGREE,
            BACK,
            EXECUTE,
            release(7),
            ask(5),
            AGREE,
            FREEZE,
            EXECUTE,
            BACK,
            EXECUTE,
        ],
        {
            "pending -> superseded superseded",
            "approved -> superseded superseded",
            "queued -> superseded superseded",
        },
    ),
    "it comes to be without it": (
        [
            ask(model=FRESH),
            act("an_alias_moves", model=FRESH, alias=CHAMPION, version=7),
            SIX_MINUTES,
            REJUDGE,
            ask(5, model=FRESH),
            AGREE,
            act("an_alias_moves", model=FRESH, alias=CHAMPION, version=5),
            EXECUTE,
        ],
        {"pending -> superseded superseded", "queued -> superseded superseded"},
    ),
    "policies change, twice": (
        [ask(), under(asks="two leads"), REJUDGE, AGREE, under(), EXECUTE, MESSAGES],
        {"pending -> pending evidence_renewed", "queued -> pending evidence_renewed", "rung_anew"},
    ),
    "policies change again within the hour": (
        [
            ask(),
            MESSAGES,
            under(asks="two leads"),
            REJUDGE,
            MESSAGES,
            under(asks="lead and admin"),
            REJUDGE,
            MESSAGES,
            act("time_passes", minutes=70),
            MESSAGES,
        ],
        {"pending -> pending evidence_renewed", "rung_anew"},
    ),
    "policies let it through no longer": (
        [
            under(is_exempt=True),
            ask(8),
            under(),
            REJUDGE,
            under(is_exempt=True),
            ask(8, FRESH),
            AGREE,
            under(),
            EXECUTE,
            ask(8),
            MESSAGES,
        ],
        {"pending -> denied evidence_renewed", "queued -> denied evidence_renewed", "denied"},
    ),
    "its version is deleted": (
        [
            ask(),
            act("something_goes", model=MODEL, version=7),
            SIX_MINUTES,
            REJUDGE,
            act("it_comes_back"),
            ask(),
            AGREE,
            act("something_goes", model=MODEL, version=None),
            EXECUTE,
            MESSAGES,
        ],
        {"pending -> denied denied", "queued -> denied denied"},
    ),
}

MISHAPS = frozenset({"executing -> undoing undo_begun", "undoing -> failed failed"})
"""What comes of trouble alone: where nothing is in the way, it does not happen."""


@pytest.mark.parametrize("walk", WALKS)
def test_a_life_goes_every_way(walk: str) -> None:
    course, ways = WALKS[walk]
    gone = census(live(course, is_thorough=False).trails)
    assert ways <= gone <= WAYS
    assert gone & MISHAPS <= ways


def test_no_way_is_left_out() -> None:
    assert set[str]().union(*(ways for _, ways in WALKS.values())) == WAYS


def test_every_answer_to_a_decision_is_given() -> None:
    course = [
        under(asks="lead and admin", asks_why=True),
        ask(user=LEAD),
        act("trouble", trouble="groups"),
        press("approve", REQUESTER),
        NO_TROUBLE,
        press("cancel"),
        ask(),
        press("approve silently", LEAD2),
        press("reject silently", LEAD2),
        press("approve", GUEST),
        press("approve", VIEWER),
        press("approve", DOUBLE),
        press("unknown card"),
        press("approve"),
        press("approve", TWIN),
        act("an_account_changes", user=VIEWER, change="comes"),
        press("approve", VIEWER),
        under(asks="two leads"),
        press("approve", LEAD2),
        press("old card", LEAD2),
        act("time_passes", minutes=25 * 60, is_late=True),
        press("approve", LEAD2),
    ]
    assert set(live(course, is_thorough=False).answers) == KINDS
