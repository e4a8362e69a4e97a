from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.ledger import (
    Cause,
    LedgerEntry,
    alias_place,
    champion_stack,
    endpoint_place,
    held_since,
)
from bot.domain.names import AliasName, EndpointName, RequestId
from tests.builders import NOW, make_ledger_entry

FEW = settings(max_examples=60)
"""Histories take long to draw."""

VERSIONS = st.integers(min_value=1, max_value=5)
CAUSES = st.sampled_from([Cause.PROMOTE, Cause.ROLL_BACK, Cause.OUTSIDE])


def entry(cause: Cause, version: int | None, request: int | None = None) -> LedgerEntry:
    return make_ledger_entry(
        None if version is None else str(version),
        cause=cause,
        request=None if request is None else RequestId(request),
    )


def promoted(version: int, request: int = 1) -> LedgerEntry:
    return entry(Cause.PROMOTE, version, request)


def rolled_back(version: int, request: int = 2) -> LedgerEntry:
    return entry(Cause.ROLL_BACK, version, request)


def outside(version: int | None) -> LedgerEntry:
    return entry(Cause.OUTSIDE, version)


def test_an_entry_names_the_versions_of_its_value() -> None:
    shared = make_ledger_entry("12 90 %, 7 10 %")
    assert (shared.versions, outside(6).versions, outside(None).versions) == ((7, 12), (6,), ())


def undone(version: int | None, request: int) -> LedgerEntry:
    return entry(Cause.UNDO, version, request)


@st.composite
def histories(draw: st.DrawFn) -> tuple[LedgerEntry, ...]:
    """Ledgers as Herald writes them: each value differs from the one before it."""
    drawn = draw(st.lists(st.tuples(CAUSES, VERSIONS), max_size=12))
    kept: list[LedgerEntry] = []
    for number, (cause, version) in enumerate(drawn):
        request = None if cause is Cause.OUTSIDE else number
        if not kept or kept[-1].value != str(version):
            kept.append(entry(cause, version, request))
    return tuple(kept)


def test_places_are_named_by_what_they_are() -> None:
    assert alias_place(AliasName("champion")) == "alias:champion"
    assert endpoint_place(EndpointName("fraud-scorer")) == "endpoint:fraud-scorer"


def test_nothing_seen_is_an_empty_stack() -> None:
    assert champion_stack(()) == ()


def test_promotions_push() -> None:
    assert champion_stack([outside(5), promoted(6, 1), promoted(7, 2)]) == (5, 6, 7)


def test_rollback_pops_so_that_the_next_one_goes_further_back() -> None:
    seen = [outside(5), promoted(6, 1), promoted(7, 2), rolled_back(6, 3)]
    assert champion_stack(seen) == (5, 6)


def test_rollback_over_several_versions_pops_them_all() -> None:
    seen = [outside(5), promoted(6, 1), promoted(7, 2), rolled_back(5, 3)]
    assert champion_stack(seen) == (5,)


def test_promoting_a_former_champion_again_pushes_it_again() -> None:
    assert champion_stack([outside(5), promoted(6, 1), promoted(5, 2)]) == (5, 6, 5)


def test_rollback_to_a_version_that_was_champion_twice_goes_to_the_latest_time() -> None:
    seen = [outside(5), promoted(6, 1), promoted(5, 2), promoted(7, 3), rolled_back(5, 4)]
    assert champion_stack(seen) == (5, 6, 5)


def test_move_from_outside_to_a_known_version_pops() -> None:
    assert champion_stack([outside(5), promoted(6), outside(5)]) == (5,)


def test_move_from_outside_to_an_unknown_version_pushes() -> None:
    assert champion_stack([outside(5), promoted(6), outside(9)]) == (5, 6, 9)


def test_seeing_the_same_version_again_changes_nothing() -> None:
    assert champion_stack([outside(5), promoted(6), outside(6)]) == (5, 6)


def test_deletion_of_the_alias_leaves_the_stack() -> None:
    assert champion_stack([outside(5), promoted(6), outside(None)]) == (5, 6)


def test_undone_promotion_does_not_count() -> None:
    seen = [outside(5), promoted(6, 1), undone(5, 1), promoted(7, 2)]
    assert champion_stack(seen) == (5, 7)


def test_undone_rollback_does_not_count() -> None:
    seen = [outside(5), promoted(6, 1), rolled_back(5, 2), undone(6, 2)]
    assert champion_stack(seen) == (5, 6)


def test_undone_first_release_leaves_no_champion() -> None:
    assert champion_stack([promoted(1, 1), undone(None, 1)]) == ()


def test_value_of_an_undone_request_that_was_taken_for_an_outside_move_does_not_count() -> None:
    seen = [outside(5), outside(6), undone(5, 1), promoted(7, 2)]
    assert champion_stack(seen) == (5, 7)


def test_present_value_counts_as_a_move_from_outside() -> None:
    assert champion_stack([outside(5), promoted(6)], now=5) == (5,)
    assert champion_stack([outside(5), promoted(6)], now=9) == (5, 6, 9)
    assert champion_stack([outside(5), promoted(6)], now=6) == (5, 6)


@FEW
@given(histories())
def test_top_of_the_stack_is_the_latest_value(seen: tuple[LedgerEntry, ...]) -> None:
    stack = champion_stack(seen)
    assert [str(version) for version in stack[-1:]] == [e.value for e in seen[-1:]]


@FEW
@given(histories())
def test_no_version_follows_itself_on_the_stack(seen: tuple[LedgerEntry, ...]) -> None:
    stack = champion_stack(seen)
    assert all(below != above for below, above in pairwise(stack))


@FEW
@given(histories())
def test_only_versions_that_were_champion_are_on_the_stack(seen: tuple[LedgerEntry, ...]) -> None:
    assert {str(version) for version in champion_stack(seen)} <= {e.value for e in seen}


@FEW
@given(histories(), VERSIONS)
def test_rollback_of_a_new_promotion_leads_to_the_champion_before_it(
    seen: tuple[LedgerEntry, ...], version: int
) -> None:
    before = champion_stack(seen)
    assume(before and before[-1] != version)
    after = champion_stack((*seen, promoted(version, 100)))
    assert after[-2] == before[-1]
    assert champion_stack((*seen, promoted(version, 100), rolled_back(after[-2], 101))) == before


@FEW
@given(histories(), st.sampled_from([Cause.PROMOTE, Cause.ROLL_BACK]), VERSIONS)
def test_undone_request_leaves_no_trace(
    seen: tuple[LedgerEntry, ...], cause: Cause, version: int
) -> None:
    assume(seen)
    present = seen[-1].value
    written = (entry(cause, version, 100), undone(int(str(present)), 100))
    assert champion_stack((*seen, *written)) == champion_stack(seen)


@FEW
@given(histories())
def test_times_and_models_play_no_part(seen: tuple[LedgerEntry, ...]) -> None:
    later = tuple(replace(e, at=e.at.replace(year=2030)) for e in seen)
    assert champion_stack(later) == champion_stack(seen)


@given(values=st.lists(st.none() | VERSIONS, max_size=6), version=VERSIONS)
def test_an_alias_is_held_since_the_first_of_its_latest_entries_in_a_row(
    values: list[int | None], version: int
) -> None:
    history = [
        replace(outside(value), at=NOW + timedelta(hours=hour)) for hour, value in enumerate(values)
    ]
    since = held_since(history, version)
    if not values or values[-1] != version:
        assert since is None
    else:
        held = [entry for entry in history if since is not None and entry.at >= since]
        before = values[: len(values) - len(held)]
        assert {entry.value for entry in held} == {str(version)}
        assert not before or before[-1] != version
