"""Requests that are in the store already."""

from dataclasses import replace

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.names import ModelName, RequestId
from bot.domain.store import Store
from tests.builders import make_endpoint_change, make_evidence, make_plan, make_request


async def add(store: Store, *requests: ChangeRequest) -> None:
    """Store requests in a transaction of their own."""
    async with store.transaction() as work:
        for request in requests:
            await work.requests.add(request)


async def read(store: Store, number: int = 1) -> ChangeRequest:
    """Return a request as it is stored now."""
    async with store.transaction() as work:
        found = await work.requests.get(RequestId(number))
    assert found is not None
    return found


async def change(store: Store, number: int, **fields: object) -> ChangeRequest:
    """Store a request with other values; return it as it is stored then."""
    changed = replace(await read(store, number), **fields)  # type: ignore[arg-type] # by name
    async with store.transaction() as work:
        await work.requests.store(changed)
    return await read(store, number)


def of_model(
    number: int,
    state: RequestState = RequestState.APPROVED,
    *,
    model: str = "",
    endpoints: tuple[str, ...] = (),
) -> ChangeRequest:
    """Return a request for a model of its own that changes these endpoints."""
    plan = make_plan(
        model=ModelName(model or f"prod.team.model_{number}"),
        endpoints=tuple(make_endpoint_change(endpoint=name) for name in endpoints),
    )
    return make_request(number, state, evidence=make_evidence(plan=plan))
