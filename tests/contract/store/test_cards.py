from datetime import timedelta

from bot.domain.messages import CardKind, StoredCard
from bot.domain.names import CardKey, RequestId
from bot.domain.store import Store
from tests.builders import NOW, make_card, make_request
from tests.contract.store.filed import add


async def test_a_key_leads_to_its_card(store: Store) -> None:
    await add(store, make_request())
    card = make_card("abc", revision=3)
    await _add(store, card)
    async with store.transaction() as work:
        assert await work.cards.get(CardKey("abc")) == card


async def test_a_subject_keeps_numbers_and_words_apart(store: Store) -> None:
    card = make_card(
        kind=CardKind.COMPARISON, subject={"model": "prod.fraud.scorer", "base": 6, "other": "7"}
    )
    await _add(store, card)
    async with store.transaction() as work:
        assert await work.cards.get(card.key) == card


async def test_an_unknown_key_leads_nowhere(store: Store) -> None:
    async with store.transaction() as work:
        assert await work.cards.get(CardKey("none")) is None


async def test_the_same_key_again_changes_nothing(store: Store) -> None:
    await add(store, make_request())
    await _add(store, make_card(), make_card(revision=2))
    async with store.transaction() as work:
        assert await work.cards.get(make_card().key) == make_card()


async def test_a_revision_of_a_request_has_its_card(store: Store) -> None:
    await add(store, make_request())
    first, second = make_card("one"), make_card("two", revision=2)
    await _add(store, first, second)
    async with store.transaction() as work:
        assert await work.cards.of_request(RequestId(1), 2) == second
        assert await work.cards.of_request(RequestId(1), 3) is None


async def test_of_two_cards_of_a_revision_the_newest_counts(store: Store) -> None:
    await add(store, make_request())
    newer = make_card("b", created_at=NOW + timedelta(seconds=1))
    await _add(store, make_card("a"), newer, make_card("c"))
    async with store.transaction() as work:
        assert await work.cards.of_request(RequestId(1), 1) == newer


async def test_a_comparison_is_no_card_of_a_request(store: Store) -> None:
    await _add(store, make_card(kind=CardKind.COMPARISON, subject={"request": 1}))
    async with store.transaction() as work:
        assert await work.cards.of_request(RequestId(1), 1) is None


async def _add(store: Store, *cards: StoredCard) -> None:
    async with store.transaction() as work:
        for card in cards:
            await work.cards.add(card)
