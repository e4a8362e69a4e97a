"""Answers which endpoints there are, and everything about one of them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches

from bot.domain.figures import NO_FIGURES, Reading, Sample, figures_of, sample_of
from bot.domain.health import EndpointHealth, EndpointList, EndpointSheet, health_of
from bot.domain.names import EndpointName, ModelName, RequestId, SlackUserId, shown_word
from bot.domain.people import Action
from bot.domain.refusal import Refusal
from bot.domain.serving import ServingEndpoint
from bot.services.access import Access
from bot.services.history import History
from bot.services.look import Look, Seen

SHOWN_ENDPOINTS = 25
SHOWN_CHOICES = 5
COUNTS_UP = "its metrics count from their begin on; health tells what they grew by"


class Endpoints:
    """Answers what endpoints there are and how they are."""

    def __init__(self, access: Access, look: Look, history: History) -> None:
        self._access = access
        self._look = look
        self._history = history

    async def listed(self, words: tuple[str, ...], asker: SlackUserId) -> EndpointList | Refusal:
        """Return the endpoints whose name, or a model on them, holds every word."""
        refused = await self._access.refuse(asker, Action.READ, "Nothing is listed")
        if refused:
            return refused
        found = matching(words, await self._look.overview())
        seen = await self._look.closely(found[:SHOWN_ENDPOINTS])
        gone = min(len(found), SHOWN_ENDPOINTS) - len(seen.endpoints)
        return EndpointList(
            words=words,
            endpoints=tuple(_healths(seen)),
            total=len(found) - gone,
            unread=seen.unread,
        )

    async def one(self, text: str, asker: SlackUserId) -> EndpointSheet | Refusal:
        """Return one endpoint, by its name or the end of it."""
        refused = await self._access.refuse(asker, Action.READ, "Nothing is shown")
        if refused:
            return refused
        overview = await self._look.overview()
        named = resolved(text, [endpoint.name for endpoint in overview])
        if isinstance(named, Refusal):
            return named
        seen = await self._look.closely(tuple(e for e in overview if e.name == named))
        return await self._sheet(named, seen)

    async def _sheet(self, name: EndpointName, seen: Seen) -> EndpointSheet | Refusal:
        health = next(_healths(seen), None)
        if health is None:
            gone = (f"{name}: it was deleted a moment ago",)
            return Refusal(what="There is nothing to show", reasons=seen.unread or gone)
        return EndpointSheet(
            health=health,
            latest=_latest(name, seen.readings[name]),
            open_requests=await self._open(served.model for served in health.models),
        )

    async def _open(self, models: Iterable[ModelName]) -> dict[ModelName, RequestId]:
        found = {model: await self._history.open_request(model) for model in models}
        return {model: request for model, request in found.items() if request is not None}


def matching(
    words: tuple[str, ...], endpoints: Iterable[ServingEndpoint]
) -> tuple[ServingEndpoint, ...]:
    """Return the endpoints whose name, or a model on them, holds every word, in any case."""
    wanted = [word.casefold() for word in words]
    return tuple(each for each in endpoints if all(word in _searched(each) for word in wanted))


def resolved(text: str, names: list[EndpointName]) -> EndpointName | Refusal:
    """Return the one endpoint that a word means, or a refusal that names what comes near.

    A full name wins; else the name that ends in the word behind a dash, underscore or dot, when
    there is only one.
    """
    folded = text.casefold()
    ends = tuple(f"{mark}{folded}" for mark in "-_.")
    exact = [name for name in names if name == text]
    loose = [n for n in names if n.casefold() == folded or n.casefold().endswith(ends)]
    found = exact or loose
    if len(found) == 1:
        return found[0]
    return _ambiguous(text, found) if found else _unknown(text, names)


def _latest(name: EndpointName, reading: Reading) -> Sample:
    """Return the last minute; of metrics that only count up one look knows nothing."""
    sample = sample_of(name, None, reading)
    is_silent = not sample.is_known and not sample.problem
    return replace(sample, problem=COUNTS_UP) if is_silent else sample


def _healths(seen: Seen) -> Iterator[EndpointHealth]:
    for endpoint in seen.endpoints:
        reading = seen.readings.get(endpoint.name)
        latest = figures_of(sample_of(endpoint.name, None, reading)) if reading else NO_FIGURES
        yield health_of(endpoint, seen.champions, latest, reading.problem if reading else "")


def _searched(endpoint: ServingEndpoint) -> str:
    models = " ".join(entity.model or "" for entity in endpoint.entities)
    return f"{endpoint.name} {models}".casefold()


def _ambiguous(text: str, found: list[EndpointName]) -> Refusal:
    shown = sorted(found)[:SHOWN_CHOICES]
    return Refusal(
        what=f"'{shown_word(text)}' could be {len(found)} endpoints",
        reasons=tuple(shown),
        remedies=(f"Write more of the name. Example: `/model endpoint {shown[0]}`",),
    )


def _unknown(text: str, names: list[EndpointName]) -> Refusal:
    folded = text.casefold()
    holding = [name for name in names if folded in name.casefold()]
    alike = get_close_matches(folded, names, n=3, cutoff=0.6)
    near = list(dict.fromkeys((*holding, *alike)))[:3]
    asked = f" Did you mean {' or '.join(near)}?" if near else ""
    example = near[0] if near else next(iter(names), "NAME")
    return Refusal(
        what=f"No endpoint '{shown_word(text)}'.{asked}",
        remedies=(f"Example: `/model endpoint {example}`", "All endpoints: `/model endpoints`"),
    )
