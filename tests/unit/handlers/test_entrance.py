"""What is remembered of payloads is bounded, and forgets the oldest first."""

from handlers.entrance import Once


def test_the_oldest_is_forgotten_first() -> None:
    once = Once(places=2)
    assert [once.is_new({"trigger_id": name}) for name in "abc"] == [True, True, True]
    assert once.is_new({"trigger_id": "c"}) is False
    assert once.is_new({"trigger_id": "a"}) is True


def test_what_nobody_can_tell_apart_is_always_new() -> None:
    once = Once()
    assert [once.is_new({"type": "block_suggestion"}) for _ in range(2)] == [True, True]


def test_an_event_is_known_by_its_own_number() -> None:
    once = Once()
    assert once.is_new({"event_id": "Ev1"}) is True
    assert once.is_new({"event_id": "Ev1"}) is False
