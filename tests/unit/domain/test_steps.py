from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import AliasName, EndpointName
from bot.domain.plan import AliasChange, Plan
from bot.domain.steps import ENDPOINT_DEADLINE, Step, StepKind, forward_steps, undo_steps
from tests.builders import make_endpoint_change, make_plan

FORWARD = [
    "confirm",
    "read",
    "endpoint fraud-scorer",
    "endpoint fraud-scorer ready",
    "alias archived",
    "alias champion",
    "alias challenger",
    "tags",
    "verify",
]

plans = st.builds(
    make_plan,
    endpoints=st.lists(st.sampled_from(["a", "b", "c"]), unique=True).map(
        lambda names: tuple(make_endpoint_change(endpoint=EndpointName(name)) for name in names)
    ),
    aliases=st.lists(st.sampled_from(["archived", "champion", "challenger"]), unique=True).map(
        lambda names: tuple(AliasChange(alias=AliasName(n), before=1, after=2) for n in names)
    ),
)


def names(steps: tuple[Step, ...]) -> list[str]:
    return [step.name for step in steps]


def begun(plan: Plan, count: int) -> list[str]:
    return names(forward_steps(plan))[:count]


def test_endpoints_are_ready_before_aliases_move_and_tags_come_last() -> None:
    assert names(forward_steps(make_plan())) == FORWARD


def test_each_step_is_of_its_kind() -> None:
    assert [step.kind for step in forward_steps(make_plan())] == [
        StepKind.CONFIRM,
        StepKind.READ,
        StepKind.SET_ENDPOINT,
        StepKind.AWAIT_ENDPOINT,
        StepKind.SET_ALIAS,
        StepKind.SET_ALIAS,
        StepKind.SET_ALIAS,
        StepKind.SET_TAGS,
        StepKind.VERIFY,
    ]


@pytest.mark.parametrize("name", FORWARD[2:-1])
def test_taking_a_step_back_concerns_the_same_thing_and_has_as_long(name: str) -> None:
    plan = make_plan()
    (forward,) = [step for step in forward_steps(plan) if step.name == name]
    (undo,) = [step for step in undo_steps(plan, FORWARD) if step.undoes == name]
    assert undo == replace(forward, name=f"undo {name}", undoes=name)


def test_two_endpoints_are_ready_one_after_the_other() -> None:
    changes = tuple(make_endpoint_change(endpoint=EndpointName(n)) for n in ("a", "b"))
    plan = make_plan(endpoints=changes, aliases=())
    assert names(forward_steps(plan))[2:6] == [
        "endpoint a",
        "endpoint a ready",
        "endpoint b",
        "endpoint b ready",
    ]


def test_plan_without_writes_still_confirms_and_verifies() -> None:
    plan = make_plan(endpoints=(), aliases=())
    assert names(forward_steps(plan)) == ["confirm", "read", "tags", "verify"]


def test_steps_carry_their_change() -> None:
    plan = make_plan()
    steps = {step.name: step for step in forward_steps(plan)}
    assert steps["endpoint fraud-scorer"].endpoint == plan.endpoints[0]
    assert steps["endpoint fraud-scorer ready"].endpoint == plan.endpoints[0]
    assert steps["alias champion"].alias == plan.aliases[1]


def test_endpoints_have_the_platforms_time_and_others_less() -> None:
    for step in forward_steps(make_plan()):
        slow = step.kind in {StepKind.SET_ENDPOINT, StepKind.AWAIT_ENDPOINT}
        assert (step.deadline == ENDPOINT_DEADLINE) is slow


def test_undo_takes_back_in_reverse_then_waits_then_verifies() -> None:
    assert names(undo_steps(make_plan(), FORWARD)) == [
        "undo tags",
        "undo alias challenger",
        "undo alias champion",
        "undo alias archived",
        "undo endpoint fraud-scorer",
        "undo endpoint fraud-scorer ready",
        "undo verify",
    ]


def test_undo_of_two_endpoints_asks_both_before_it_waits() -> None:
    changes = tuple(make_endpoint_change(endpoint=EndpointName(n)) for n in ("a", "b"))
    plan = make_plan(endpoints=changes, aliases=())
    assert names(undo_steps(plan, begun(plan, 6))) == [
        "undo endpoint b",
        "undo endpoint a",
        "undo endpoint b ready",
        "undo endpoint a ready",
        "undo verify",
    ]


def test_undo_of_what_never_wrote_only_verifies() -> None:
    assert names(undo_steps(make_plan(), ["confirm", "read"])) == ["undo verify"]


def test_steps_that_did_not_start_are_not_taken_back() -> None:
    assert names(undo_steps(make_plan(), begun(make_plan(), 6))) == [
        "undo alias champion",
        "undo alias archived",
        "undo endpoint fraud-scorer",
        "undo endpoint fraud-scorer ready",
        "undo verify",
    ]


def test_undo_steps_in_the_journal_change_nothing() -> None:
    plan = make_plan()
    started = begun(plan, 4)
    undo = undo_steps(plan, started)
    assert undo_steps(plan, [*started, *names(undo)]) == undo


@pytest.mark.parametrize("count", range(len(FORWARD) + 1))
def test_only_undo_steps_say_what_they_undo(count: int) -> None:
    plan = make_plan()
    assert not any(step.is_undo for step in forward_steps(plan))
    for step in undo_steps(plan, begun(plan, count)):
        assert step.is_undo
        assert step.name == f"undo {step.undoes}"


@given(plans)
def test_names_of_all_steps_are_different(plan: Plan) -> None:
    forward = names(forward_steps(plan))
    undo = names(undo_steps(plan, forward))
    assert len({*forward, *undo}) == len(forward) + len(undo)


@given(plans, st.integers(min_value=0, max_value=12))
def test_every_started_write_is_taken_back_in_reverse(plan: Plan, count: int) -> None:
    writes = {StepKind.SET_ENDPOINT, StepKind.SET_ALIAS, StepKind.SET_TAGS}
    started = forward_steps(plan)[:count]
    undo = undo_steps(plan, names(started))
    undone = [step.undoes for step in undo if step.kind in writes]
    assert undone == [step.name for step in reversed(started) if step.kind in writes]


@given(plans, st.integers(min_value=0, max_value=12))
def test_undo_verifies_last_and_waits_for_each_endpoint_after_all_writes(
    plan: Plan, count: int
) -> None:
    undo = undo_steps(plan, begun(plan, count))
    kinds = [step.kind for step in undo]
    assert kinds[-1] is StepKind.VERIFY
    waits = kinds.count(StepKind.AWAIT_ENDPOINT)
    assert waits == kinds.count(StepKind.SET_ENDPOINT)
    assert set(kinds[len(kinds) - 1 - waits : -1]) <= {StepKind.AWAIT_ENDPOINT}


@given(plans)
def test_no_endpoint_is_set_after_an_alias(plan: Plan) -> None:
    kinds = [step.kind for step in forward_steps(plan)]
    endpoint = [n for n, kind in enumerate(kinds) if kind is StepKind.AWAIT_ENDPOINT]
    aliases = [n for n, kind in enumerate(kinds) if kind is StepKind.SET_ALIAS]
    assert all(ready < alias for ready in endpoint for alias in aliases)
