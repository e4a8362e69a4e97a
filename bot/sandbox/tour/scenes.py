"""The scenes of the tour: a scripted release, with what has to be true after each act."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.sandbox.tour import health_scene
from bot.sandbox.tour.clients import Json
from bot.sandbox.tour.stage import (
    ALIASES,
    APPROVE,
    LEAD,
    OTHER_LEAD,
    REQUESTER,
    RISK,
    VIEWER,
    Stage,
    actions,
    is_public,
    words,
)

IRIS = "prod.ml_team.iris_classifier"
RAG = "sandbox.nasa_gcn_models.gcn_rag_assistant"
SCORER = "prod.fraud.scorer"
RULES = "prod.fraud.rules"
THERE_AND_BACK = 2
ENDS = ("✅", "↩️", "❌")


@dataclass
class Memory:
    """What later scenes need of earlier ones."""

    promoted: Json | None = None


async def compare(stage: Stage, _: Memory) -> None:
    """Two versions side by side, for the asker alone."""
    stage.transcript.scene("A comparison")
    before = await stage.seen(REQUESTER)
    await stage.type(REQUESTER, "compare gcn_rag_assistant")
    seen = await stage.hears(
        REQUESTER, before, lambda m: "v2" in m["text"], "the comparison comes to the asker"
    )
    expect, said = stage.transcript.expect, words(seen)
    expect("nobody else sees it", seen is not None and not is_public(seen))
    expect("better and worse are said in words", "better" in said and "worse" in said, said)
    expect("parameters are told", "retriever_k 5 → 7" in said, said)
    expect("the data are told to be the same", "same" in said and "digest" in said, said)
    expect("policies have a say in it", "≥ 0.85 ✓" in said, said)
    expect("it leads on", {"comparison.promote", "comparison.check"} <= actions(seen))


async def denied(stage: Stage, _: Memory) -> None:
    """A version that fails its checks is refused, and nothing is written."""
    stage.transcript.scene("A promotion that policies deny")
    before, calls = await stage.seen(REQUESTER), len(await stage.control.calls())
    await stage.type(REQUESTER, "promote iris_classifier 3 because it is smaller")
    seen = await stage.hears(
        REQUESTER, before, lambda m: "not proposed" in m["text"], "the refusal comes"
    )
    expect, said = stage.transcript.expect, words(seen)
    expect("the reason is told with both numbers", "precision" in said and "0.8" in said, said)
    expect("it is private", seen is not None and not is_public(seen))
    expect("nothing was written", not await stage.writes(calls), await stage.writes(calls))


async def approved(stage: Stage, memory: Memory) -> None:
    """A promotion that one lead agrees to; its card is kept."""
    stage.transcript.scene("A promotion that a lead approves")
    calls = len(await stage.control.calls())
    card = await ask(stage, "promote iris_classifier 2 because fewer mistakes near the border")
    if card is None:
        return
    said = words(card)
    stage.transcript.expect("the reason is quoted", "fewer mistakes near the border" in said, said)
    stage.transcript.expect(
        "the exact change is shown",
        all(t in said for t in ("v1 100 % → v2 100 %", "champion v1 → v2", "back to v1")),
        said,
    )
    await _nobody_else_counts(stage, card, calls)
    await stage.click(LEAD, card, APPROVE)
    done = await ended(stage, card, "✅", "the card ends well")
    stage.transcript.expect("it names who agreed", LEAD in words(done), words(done))
    await _iris_moved(stage, calls)
    memory.promoted = done


async def _nobody_else_counts(stage: Stage, card: Json, calls: int) -> None:
    for user, name in ((REQUESTER, "the requester"), (VIEWER, "a viewer")):
        await _does_not_count(stage, card, user, name)
    written = await stage.writes(calls)
    stage.transcript.expect("QUORUM: nothing is written before a lead agrees", not written, written)
    now = await find(stage, card)
    stage.transcript.expect(
        "QUORUM: the card still waits", now is not None and APPROVE in actions(now), words(now)
    )


async def _does_not_count(stage: Stage, card: Json, user: str, name: str) -> None:
    before = await stage.seen(user)
    await stage.click(user, card, APPROVE)
    refusal = await stage.hears(
        user,
        before,
        lambda m: "changed nothing" in m["text"],
        f"EXCLUSION: the click of {name} is refused",
    )
    stage.transcript.expect("the refusal is private", refusal and not is_public(refusal))


async def _iris_moved(stage: Stage, calls: int) -> None:
    await stage.stands(IRIS, {"champion": 2, "archived": 1}, "champion is v2, archived v1")
    await stage.serves("iris-classifier", {IRIS: 2}, "the endpoint serves v2")
    tags = await stage.control.tags(IRIS, 2)
    stage.transcript.expect(
        "the version's tags tell who asked and who agreed",
        tags.get("herald.requested_by") == REQUESTER and tags.get("herald.approved_by") == LEAD,
        tags,
    )
    order = [call["path"].rsplit("/", 1)[-1] for call in await stage.writes(calls)]
    kinds = list(dict.fromkeys(order))
    stage.transcript.expect(
        "endpoint first, then aliases, then tags", kinds == ["config", "alias", "set-tag"], order
    )


async def broken_model(stage: Stage, _: Memory) -> None:
    """A version that cannot start leaves everything as it was."""
    stage.transcript.scene("A version that cannot start")
    card = await ask(stage, "promote scorer 2 because it is smaller")
    if card is None:
        return
    await stage.click(LEAD, card, APPROVE)
    end = await ended(stage, card, "↩️", "the card says that it was undone")
    said = words(end)
    stage.transcript.expect("it gives the platform's own reason", "lightgbm" in said, said)
    await _scorer_is_untouched(stage)


async def half_way(stage: Stage, _: Memory) -> None:
    """The second endpoint fails after the first has taken the version: both go back."""
    stage.transcript.scene("A failure half-way, taken back")
    calls = len(await stage.control.calls())
    await stage.control.trouble(kind="update_fails", endpoint="fraud-shared", count=1)
    card = await ask(stage, "promote scorer 4 because better recall", by=LEAD)
    if card is not None:
        await _does_not_count(stage, card, LEAD, "the lead who asked")
        await stage.click(OTHER_LEAD, card, APPROVE)
        await ended(stage, card, "↩️", "the card says that it was undone")
    await stage.control.heal()
    puts = [call["path"] for call in await stage.writes(calls) if call["method"] == "PUT"]
    stage.transcript.expect(
        "UNDO: the first endpoint was changed and changed back",
        len([path for path in puts if "/fraud-scorer/" in path]) == THERE_AND_BACK,
        puts,
    )
    await _scorer_is_untouched(stage)


async def _scorer_is_untouched(stage: Stage) -> None:
    await stage.stands(SCORER, {"champion": 1}, "UNDO: champion is v1 as before")
    await stage.serves("fraud-scorer", {SCORER: 1}, "UNDO: fraud-scorer serves v1 as before")
    await stage.serves(
        "fraud-shared", {SCORER: 1, RULES: 1}, "UNDO: fraud-shared serves both as before"
    )


async def two_roles(stage: Stage, _: Memory) -> None:
    """Of two people who have to agree, one alone moves nothing."""
    stage.transcript.scene("A promotion that two roles have to agree on")
    calls = len(await stage.control.calls())
    card = await ask(stage, "promote rules 2 because fewer false alarms")
    if card is None:
        return
    stage.transcript.expect("two approvals are asked for", "2 more approvals" in words(card))
    await stage.click(RISK, card, APPROVE)
    await _counts_but_is_not_enough(stage, card, calls)
    await stage.click(LEAD, card, APPROVE)
    await ended(stage, card, "✅", "the card ends well once both agreed")
    await stage.stands(RULES, {"champion": 2, "archived": 1}, "champion is v2, archived v1")
    await stage.serves(
        "fraud-shared", {SCORER: 1, RULES: 2}, "the neighbour on the endpoint is as before"
    )


async def _counts_but_is_not_enough(stage: Stage, card: Json, calls: int) -> None:
    def asks_for_one(message: Json) -> bool:
        return bool(message["ts"] == card["ts"] and "1 more approval needed" in message["text"])

    await stage.hears(VIEWER, 0, asks_for_one, "QUORUM: one approval of two is not enough")
    written = await stage.writes(calls)
    stage.transcript.expect("QUORUM: nothing is written after one of two", not written, written)


async def lying_registry(stage: Stage, _: Memory) -> None:
    """A registry that says yes and does nothing is found out by reading back."""
    stage.transcript.scene("A registry that says yes and does nothing")
    for path in ALIASES:
        await stage.control.trouble(
            kind="error", status=200, path_prefix=path, method="POST", count=1
        )
    card = await ask(stage, "promote gcn_rag_assistant 2 because more faithful")
    if card is not None:
        await stage.click(LEAD, card, APPROVE)
        end = await ended(stage, card, "↩️", "READ-BACK: the write that did not hold is noticed")
        said = words(end)
        stage.transcript.expect("READ-BACK: the card says which", "archived" in said, said)
    await stage.control.heal()
    await stage.stands(
        RAG, {"champion": 1, "challenger": 2}, "READ-BACK: aliases are as before, as told"
    )


async def rolled_back(stage: Stage, memory: Memory) -> None:
    """The champion before is champion again, and an old card tells the present truth."""
    stage.transcript.scene("A rollback")
    card = await ask(stage, "rollback iris_classifier because false alarms since noon")
    if card is None:
        return
    said = words(card)
    stage.transcript.expect("the target is shown", "champion v2 → v1" in said, said)
    await stage.click(LEAD, card, APPROVE)
    await ended(stage, card, "↩️", "the card ends well")
    await stage.stands(
        IRIS, {"champion": 1, "archived": 2}, "champion is v1 again, archived the one that left"
    )
    await stage.serves("iris-classifier", {IRIS: 1}, "the endpoint serves v1 again")
    await _old_card(stage, memory.promoted)


async def _old_card(stage: Stage, promoted: Json | None) -> None:
    if promoted is None:
        return
    before = await stage.seen(LEAD)
    await stage.click(LEAD, promoted, APPROVE)
    await stage.hears(
        LEAD,
        before,
        lambda m: "closed" in m["text"] and "changed nothing" in m["text"],
        "a click on an old card gets the present truth",
    )


async def ask(stage: Stage, text: str, by: str = REQUESTER) -> Json | None:
    """Type a change and return its public card."""
    before = await stage.seen(VIEWER)
    await stage.type(by, text)

    def is_new_card(message: Json) -> bool:
        return is_public(message) and APPROVE in actions(message)

    return await stage.hears(VIEWER, before, is_new_card, "the card is in the channel")


async def find(stage: Stage, card: Json) -> Json | None:
    """Return a card as it is shown now."""
    seen = await stage.human.messages(VIEWER)
    return next((message for message in seen if message["ts"] == card["ts"]), None)


async def ended(stage: Stage, card: Json, glyph: str, what: str) -> Json | None:
    """Wait for a card's end, whichever it is, and expect this one; return the card."""

    def is_over(message: Json) -> bool:
        return bool(message["ts"] == card["ts"] and message["text"].startswith(ENDS))

    end = await stage.reads(is_over, "the change comes to an end")
    said = end["text"] if end else "no end"
    stage.transcript.expect(what, said.startswith(glyph), said)
    return end


ALL: tuple[Callable[[Stage, Memory], Awaitable[None]], ...] = (
    compare,
    denied,
    approved,
    broken_model,
    half_way,
    two_roles,
    lying_registry,
    rolled_back,
    health_scene.health,
)
