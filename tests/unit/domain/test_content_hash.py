import json
from collections.abc import Callable
from itertools import combinations

import pytest

from bot.domain.canonical import canonical_json
from bot.domain.content_hash import content_hash, is_readable
from bot.domain.evidence import Unreadable
from bot.domain.registry import Dataset
from tests.builders import make_metric
from tests.unit.domain.contents import CHANGE, MOVES, STILL, Move, candidate, current, run, version


def test_hash_is_64_hex_digits() -> None:
    assert len(CHANGE.hash()) == 64
    int(CHANGE.hash(), base=16)


@pytest.mark.parametrize("part", MOVES)
def test_hash_moves_with(part: str) -> None:
    assert MOVES[part](CHANGE).hash() != CHANGE.hash()


def test_no_two_moves_have_the_same_hash() -> None:
    hashes = {part: move(CHANGE).hash() for part, move in MOVES.items()}
    for one, other in combinations(hashes, 2):
        assert hashes[one] != hashes[other], f"{one} and {other}"


@pytest.mark.parametrize("part", STILL)
def test_hash_does_not_move_with(part: str) -> None:
    assert STILL[part](CHANGE) != CHANGE
    assert STILL[part](CHANGE).hash() == CHANGE.hash()


def test_order_in_which_metrics_were_logged_plays_no_part() -> None:
    one, two = make_metric("auc"), make_metric("recall")
    forwards, backwards = version(metrics=(one, two)), version(metrics=(two, one))
    assert forwards(CHANGE).hash() == backwards(CHANGE).hash()


def test_order_in_which_datasets_were_logged_plays_no_part() -> None:
    one, two = Dataset(name="train", digest="1"), Dataset(name="eval", digest="2")
    forwards, backwards = run(datasets=(one, two)), run(datasets=(two, one))
    assert forwards(CHANGE).hash() == backwards(CHANGE).hash()


def test_order_of_tags_plays_no_part() -> None:
    forwards = version(tags={"team": "fraud", "reviewer": "ada"})
    backwards = version(tags={"reviewer": "ada", "team": "fraud"})
    assert forwards(CHANGE).hash() == backwards(CHANGE).hash()


def test_words_for_an_outage_play_no_part() -> None:
    one = candidate(unreadable=(Unreadable(part="run", reason="no permission"),))
    two = candidate(unreadable=(Unreadable(part="run", reason="not found"),))
    assert one(CHANGE).hash() == two(CHANGE).hash()


@pytest.mark.parametrize("part", MOVES)
def test_content_read_back_as_json_has_the_same_hash(part: str) -> None:
    content = MOVES[part](CHANGE).content()
    assert content_hash(json.loads(canonical_json(content))) == content_hash(content)


@pytest.mark.parametrize("move", [candidate, current])
def test_content_tells_whether_all_of_it_could_be_read(move: Callable[..., Move]) -> None:
    unread = move(unreadable=(Unreadable(part="run", reason="no permission"),))
    assert is_readable(CHANGE.content())
    assert not is_readable(unread(CHANGE).content())
    assert is_readable(MOVES["no champion"](CHANGE).content())
