"""Writes a tag that a rule proposes, when that is still what the rule proposes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain.audit import AuditEvent
from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.errors import BackEndError, BackEndUnavailableError, RateLimitedError
from bot.domain.messages import CardKind, Note, StoredCard
from bot.domain.names import AliasName, CardKey, ModelName, SlackUserId, short_name, shown_word
from bot.domain.people import Action
from bot.domain.policy import ChangeKind, ProposedTag
from bot.domain.ports import Clock
from bot.domain.refusal import Refusal
from bot.domain.store import Store
from bot.domain.tagging import proposed_tags
from bot.services.access import Access
from bot.services.assess import Assessment, Assessor
from bot.services.check_cards import waiting_for
from bot.services.opened_card import unknown_card
from bot.services.rejudge import Rejudge
from bot.services.targets import Found
from bot.services.world import World

ASKED_AGAIN = "everybody is asked again before it is carried out"
ASKED_NOW = "everybody is asked again now"
JUDGED_NOW = "it is judged anew now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """Where tags are read and written, and what looks at requests afterwards."""

    world: World
    rejudge: Rejudge


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tagging:
    """A button that somebody pressed: which version is to get which tag."""

    found: Found
    tag: ProposedTag
    by: SlackUserId

    @property
    def label(self) -> str:
        return f"{short_name(self.found.model)} v{self.found.version}"

    @property
    def pair(self) -> str:
        return f"`{self.tag.key}` = `{self.tag.value}`"

    @property
    def look(self) -> str:
        """What to do to see how the rules come out now."""
        found = self.found
        return f"Look again: `/model check {found.model} {found.version} to {found.alias}`"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """What came of a write.

    Attributes:
        trouble: What the registry said of the write, or of reading it back; None for nothing.
        is_refused: Whether it is known that nothing was written.
        shown: What the tag says afterwards; None when that cannot be read.
    """

    trouble: BackEndError | None = None
    is_refused: bool = False
    shown: str | None = None


class TagVersion:
    """Tags versions as policies propose, for those who may ask for promotions."""

    def __init__(
        self, access: Access, assessor: Assessor, tags: Tags, store: Store, clock: Clock
    ) -> None:
        self._access = access
        self._assessor = assessor
        self._world = tags.world
        self._rejudge = tags.rejudge
        self._store = store
        self._clock = clock

    async def tag(self, key: CardKey, user: SlackUserId) -> Note | Refusal:
        """Write the tag that a button offered, or say what is so now and write nothing."""
        refused = await self._access.refuse(user, Action.PROMOTE, "No version is tagged")
        if refused:
            return refused
        async with self._store.transaction() as work:
            card = await work.cards.get(key)
        if card is None or card.kind is not CardKind.TAG:
            return unknown_card()
        asked = _asked(card, user)
        assessed = await self._assessor.assess(ChangeKind.PROMOTE, asked.found, user)
        return _moved(asked, assessed) or await self._write(asked)

    async def _write(self, asked: _Tagging) -> Note | Refusal:
        await self._record(asked, "version_tag.asked")
        written = await self._written(asked)
        if written.shown == asked.tag.value:
            await self._record(asked, "version_tag.written")
            return await self._receipt(asked)
        answer = _refused(asked, written) if written.is_refused else _unproven(asked, written)
        action = "version_tag.refused" if written.is_refused else "version_tag.unproven"
        await self._record(asked, action, *answer.reasons)
        return answer

    async def _written(self, asked: _Tagging) -> _Written:
        """Write the tag once, and read it back unless it is known not to be written."""
        found, tag, trouble = asked.found, asked.tag, None
        try:
            await self._world.writer.set_tags(found.model, found.version, {tag.key: tag.value})
        except BackEndError as error:
            if _is_refused(error):
                return _Written(trouble=error, is_refused=True)
            trouble = error
        try:
            version = await self._world.registry.version(found.model, found.version)
        except BackEndError as error:
            return _Written(trouble=trouble or error)
        return _Written(trouble=trouble, shown=version.tags.get(tag.key, ""))

    async def _receipt(self, asked: _Tagging) -> Note:
        judged = await self._rejudge.at_once(asked.found.model)
        async with self._store.transaction() as work:
            waiting = await waiting_for(work, asked.found.model, asked.found.version)
        told = [f"{asked.label} has the tag {asked.pair} now"]
        if waiting:
            so = _asked_again(waiting) if waiting.id in judged else ASKED_AGAIN
            told.append(f"{waiting.label} was judged with other tags: {so}")
        return Note(text=". ".join((*told, asked.look)))

    async def _record(self, asked: _Tagging, action: str, *why: str) -> None:
        event = AuditEvent(
            at=self._clock.now(),
            actor=asked.by,
            action=action,
            subject=asked.found.model,
            details={
                "version": asked.found.version,
                "tag": asked.tag.key,
                "value": asked.tag.value,
                "before": asked.tag.present,
                **({"why": "; ".join(why)} if why else {}),
            },
        )
        async with self._store.transaction() as work:
            await work.audit.append(event)


def _asked_again(judged: ChangeRequest) -> str:
    return ASKED_NOW if judged.state is RequestState.PENDING else JUDGED_NOW


def _asked(card: StoredCard, user: SlackUserId) -> _Tagging:
    said = card.subject
    found = Found(
        model=ModelName(str(said["model"])),
        version=int(said["version"]),
        alias=AliasName(str(said["alias"])),
    )
    tag = ProposedTag(key=str(said["tag"]), value=str(said["value"]), present=str(said["present"]))
    return _Tagging(found=found, tag=tag, by=user)


def _moved(asked: _Tagging, assessed: Assessment) -> Note | Refusal | None:
    """Return what is so now, or None when the very same tag is proposed still."""
    now = assessed.facts.candidate.version.tags.get(asked.tag.key, "").strip()
    if now == asked.tag.value:
        return Note(text=f"{asked.label} has the tag {asked.pair} already. Nothing was written.")
    nothing = f"{asked.label} was not tagged, nothing was written"
    outcome = assessed.outcome
    if isinstance(outcome, Refusal):
        return Refusal(
            what=nothing,
            reasons=outcome.reasons,
            remedies=(asked.look,),
            is_trouble=outcome.is_trouble,
        )
    proposed = proposed_tags(outcome.verdict.outcomes)
    if asked.tag in proposed:
        return None
    why = tuple(_so_now(asked, now, proposed))
    return Refusal(what=nothing, reasons=why, remedies=(asked.look,))


def _so_now(asked: _Tagging, now: str, proposed: Iterable[ProposedTag]) -> Iterator[str]:
    key, before = asked.tag.key, asked.tag.present
    if now != before:
        yield f"its tag `{key}` {_says(now)} now, and {_said(before)} when the button was shown"
    others = [f"`{tag.value}`" for tag in proposed if tag.key == key]
    yield f"the policies propose {', '.join(others) or 'nothing'} for the tag `{key}` now"


def _says(value: str) -> str:
    return f"says `{shown_word(value)}`" if value else "is missing"


def _said(value: str) -> str:
    return f"said `{shown_word(value)}`" if value else "was missing"


def _is_refused(error: BackEndError) -> bool:
    """Tell whether a failed write is known to have written nothing."""
    return isinstance(error, RateLimitedError) or not isinstance(error, BackEndUnavailableError)


def _refused(asked: _Tagging, written: _Written) -> Refusal:
    return Refusal(
        what=f"{asked.label} was not tagged, nothing was written",
        reasons=(str(written.trouble),),
        remedies=(f"Click again in a minute, or write the tag {asked.pair} in the registry",),
        is_trouble=True,
    )


def _unproven(asked: _Tagging, written: _Written) -> Refusal:
    """Return the answer when nobody knows whether the write took effect, or stays."""
    again = ("Clicking again does no harm", asked.look)
    reasons = [str(written.trouble)] if written.trouble else []
    if written.shown is not None:
        reasons.append(f"the registry shows that the tag `{asked.tag.key}` {_says(written.shown)}")
    return Refusal(
        what=f"{asked.label} is perhaps tagged {asked.pair}, and perhaps not",
        reasons=tuple(reasons),
        remedies=again,
        is_trouble=True,
    )
