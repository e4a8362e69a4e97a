"""Files the model card of a version: written as an artifact of its run."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import yaml

from bot.domain.errors import BackEndError, BackEndRefusedError, NotFoundError
from bot.domain.messages import CardKind
from bot.domain.model_card import (
    FIELD_LIMIT,
    MODEL_CARD_PATH,
    CardField,
    CardForm,
    least_of,
    unsaid,
)
from bot.domain.names import AliasName, CardKey, ModelName, SlackUserId, short_name
from bot.domain.people import Action
from bot.domain.policy import ChangeKind, PolicyCheck
from bot.domain.ports import ArtifactReader, ModelRegistry, PolicySource
from bot.domain.refusal import Refusal
from bot.domain.store import Store
from bot.services.access import Access
from bot.services.card_keys import CardKeys
from bot.services.opened_card import unknown_card
from bot.services.rejudge import Rejudge
from bot.services.run_archive import Keeping, RunArchive

ReadCard = Callable[[str], Mapping[str, object]]
"""Returns what a text says as a model card; ``ValueError`` when it is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardShelf:
    """Where model cards are read and written, and what looks at requests afterwards."""

    registry: ModelRegistry
    policies: PolicySource
    artifacts: ArtifactReader
    archive: RunArchive
    read_card: ReadCard
    rejudge: Rejudge


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """The version whose card it is, and its run."""

    model: ModelName
    version: int
    alias: AliasName
    run_id: str

    @property
    def label(self) -> str:
        return f"{short_name(self.model)} v{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filing:
    """A card that somebody sent: what was there, and what he wrote."""

    place: _Place
    by: SlackUserId
    present: Mapping[str, object]
    changed: Mapping[str, object]

    @property
    def text(self) -> str:
        """The whole card as it is written."""
        card = {**self.present, **self.changed}
        return yaml.safe_dump(card, allow_unicode=True, sort_keys=False, width=100)


class FileCard:
    """Fills in model cards for those who may ask for promotions."""

    def __init__(self, access: Access, shelf: CardShelf, cards: CardKeys, store: Store) -> None:
        self._access = access
        self._shelf = shelf
        self._cards = cards
        self._store = store

    async def form(self, key: CardKey, asker: SlackUserId) -> CardForm | Refusal:
        """Return the form for the version that a check showed, with what its card says now."""
        place = await self._place(key, asker)
        if isinstance(place, Refusal):
            return place
        present = await self._present(place)
        if isinstance(present, Refusal):
            return present
        said = {field: _shown(present[field]) for field in CardField if present.get(field)}
        return CardForm(
            key=key,
            model=place.model,
            version=place.version,
            said=said,
            least=least_of(self._checks(place)),
        )

    async def file(
        self, key: CardKey, asker: SlackUserId, said: Mapping[CardField, str]
    ) -> Refusal | None:
        """Write the card, whatever else it said before kept; None when it is written."""
        place = await self._place(key, asker)
        if isinstance(place, Refusal):
            return place
        blank = unsaid(said)
        if blank:
            return Refusal(
                what=f"The model card of {place.label} is not filed",
                reasons=(f"it does not say {', '.join(blank)}",),
                remedies=("Fill in every field that is not marked as optional",),
            )
        present = await self._present(place)
        if isinstance(present, Refusal):
            return present
        filing = _Filing(place=place, by=asker, present=present, changed=_changed(present, said))
        refused = await self._write(filing)
        if refused is None:
            await self._shelf.rejudge.at_once(place.model)
        return refused

    async def _write(self, filing: _Filing) -> Refusal | None:
        place = filing.place
        keeping = Keeping(
            what="model_card",
            done="filed",
            by=filing.by,
            model=place.model,
            version=place.version,
            run=place.run_id,
            more={"fields": sorted(filing.changed)},
        )
        error = await self._shelf.archive.keep(keeping, MODEL_CARD_PATH, filing.text.encode())
        if isinstance(error, BackEndRefusedError):
            return Refusal(
                what=f"The model card of {place.label} is not filed",
                reasons=(str(error),),
                remedies=(f"Log it as `{MODEL_CARD_PATH}` of run {place.run_id}",),
            )
        return _unproven(place, error) if error else None

    def _checks(self, place: _Place) -> Iterator[PolicyCheck]:
        policies = self._shelf.policies.current()
        for policy in policies.matching(ChangeKind.PROMOTE, place.model, place.alias):
            yield from policy.checks

    async def _place(self, key: CardKey, asker: SlackUserId) -> _Place | Refusal:
        refused = await self._access.refuse(asker, Action.PROMOTE, "No model card is filed")
        if refused:
            return refused
        card = await self._cards.open(key)
        if card is None or card.kind is not CardKind.CHECK:
            return unknown_card()
        model, version = ModelName(str(card.subject["model"])), int(card.subject["version"])
        try:
            run_id = (await self._shelf.registry.version(model, version)).run_id
        except NotFoundError:
            return Refusal(
                what=f"{short_name(model)} v{version} is not in the registry any more",
                remedies=(f"What there is: `/model show {model}`",),
            )
        if run_id is None:
            return Refusal(
                what=f"{short_name(model)} v{version} can have no model card",
                reasons=("it names no run, and a card is a file of a run",),
                remedies=("Register the version from a run",),
            )
        alias = AliasName(str(card.subject["alias"]))
        return _Place(model=model, version=version, alias=alias, run_id=run_id)

    async def _present(self, place: _Place) -> dict[str, object] | Refusal:
        """Return what the card says now; one that nobody can read is not written over."""
        try:
            raw = await self._shelf.artifacts.run_artifact(place.run_id, MODEL_CARD_PATH)
            return dict(self._shelf.read_card(raw.decode())) if raw else {}
        except NotFoundError:
            return {}
        except (BackEndRefusedError, ValueError) as error:
            return Refusal(
                what=f"The model card of {place.label} is there, and Herald cannot read it",
                reasons=(str(error),),
                remedies=(f"Mend or delete `{MODEL_CARD_PATH}` of run {place.run_id}",),
            )


def _unproven(place: _Place, error: BackEndError) -> Refusal:
    """Return the answer when nobody knows whether the card was written."""
    return Refusal(
        what=f"The model card of {place.label} is perhaps filed, and perhaps not",
        reasons=(str(error),),
        remedies=(
            "Filing it again does no harm",
            f"Look again: `/model check {place.model} {place.version} to {place.alias}`",
        ),
        is_trouble=True,
    )


def _shown(value: object) -> str:
    """Return a value as it can be edited: text as it is, anything else as YAML."""
    return value if isinstance(value, str) else yaml.safe_dump(value, allow_unicode=True).strip()


def _changed(present: Mapping[str, object], said: Mapping[CardField, str]) -> dict[str, object]:
    """Return the fields that somebody wrote; what a form merely showed, or did not, stays."""
    changed: dict[str, object] = {}
    for field, words in said.items():
        whole = _shown(present.get(field, ""))
        head, tail = whole[:FIELD_LIMIT], whole[FIELD_LIMIT:]
        if words.strip() and words.strip() != head.strip():
            gap = head[len(head.rstrip()) :] if tail else ""
            changed[str(field)] = f"{words.strip()}{gap}{tail}"
    return changed
