"""What the record says of former champions and of open requests."""

from bot.domain.change_request import OPEN
from bot.domain.ledger import alias_place, champion_stack
from bot.domain.names import ModelName, RequestId, short_name
from bot.domain.planning import AliasNames
from bot.domain.refusal import Refusal
from bot.domain.registry import RegisteredModel, case_variant
from bot.domain.store import RequestQuery, Store
from bot.services.targets import Found


class History:
    """What the ledger says of former champions."""

    def __init__(self, store: Store, names: AliasNames) -> None:
        self._store = store
        self._names = names

    async def stack(self, model: RegisteredModel) -> tuple[int, ...]:
        """Return former champions, oldest first, the present one last.

        The alias as it stands now has the last word, whether Herald saw it move or not.
        """
        async with self._store.transaction() as work:
            seen = await work.ledger.of(model.name, alias_place(self._names.champion))
        return champion_stack(seen, now=model.aliases.get(self._names.champion))

    def champion(self, model: RegisteredModel) -> int | None:
        """Return the present champion, or None when there is none."""
        return model.aliases.get(self._names.champion)

    async def way_back(self, model: RegisteredModel) -> int | None:
        """Return where a rollback would lead, or None when there is nowhere to go."""
        stack = await self.stack(model)
        return stack[-2] if len(stack) > 1 else None

    async def open_request(self, model: ModelName) -> RequestId | None:
        """Return the newest request that is open for a model, or None."""
        async with self._store.transaction() as work:
            found = await work.requests.find(RequestQuery(states=OPEN, model=model, limit=1))
        return found[0].id if found else None

    async def target(self, model: RegisteredModel, version: int | None) -> Found | Refusal:
        """Return what a rollback may go to, or why it may not."""
        stack = await self.stack(model)
        if not stack:
            variant = case_variant(model, self._names.champion)
            told = f"; {variant.told()}" if variant else ""
            return _nothing(model.name, f"it has no {self._names.champion}{told}")
        former = stack[:-1]
        if not former:
            return _nothing(model.name, f"v{stack[-1]} is the first champion that Herald has seen")
        if version is None or version in former:
            chosen = former[-1] if version is None else version
            return Found(model=model.name, version=chosen, alias=self._names.champion)
        return _never_champion(model.name, version, stack)


def _nothing(model: ModelName, why: str) -> Refusal:
    return Refusal(
        what=f"{short_name(model)} was not rolled back: there is nothing to roll back to",
        reasons=(why,),
        remedies=(f"To bring in another version: `/model promote {short_name(model)} VERSION`",),
    )


def _never_champion(model: ModelName, version: int, stack: tuple[int, ...]) -> Refusal:
    former = ", ".join(f"v{number}" for number in dict.fromkeys(reversed(stack[:-1])))
    now = version == stack[-1]
    why = "it is champion now" if now else "a rollback leads only to a former champion"
    return Refusal(
        what=f"{short_name(model)} was not rolled back to v{version}",
        reasons=(why, f"former champions: {former}"),
        remedies=(f"Example: `/model rollback {short_name(model)}`",),
    )
