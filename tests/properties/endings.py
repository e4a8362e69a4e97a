"""However a life went: once the world is mended, nothing is in the way of a new release."""

from datetime import timedelta

from bot.domain.change_request import RequestState
from tests.fakes.world import ADMIN, CHAMPION, LEAD, MODEL, REQUESTER
from tests.properties.deeds import press_now
from tests.properties.lives import Lives
from tests.properties.told import everybody_heard

S = RequestState


def everything_comes_to_an_end(lives: Lives) -> None:
    """Mend the world and let people tidy up."""
    life = lives.life
    life.mend()
    lives.work("expire")
    lives.people.unfreeze_all()
    lives.nobody_is_forgotten()
    passes = (_is_anything_left(lives) for _ in range(8))
    assert not all(passes), "something is left that nobody can end"
    trails = lives.the_record_holds()
    assert not [r.label for r in trails.requests if r.is_open or r.holds_locks]
    assert set(trails.holders.values()) == {None}
    _everything_is_told(lives)
    everybody_heard(trails, life.chat)
    life.restore()


def _everything_is_told(lives: Lives) -> None:
    """Send until nothing waits, and let no message wait for ever."""
    for _ in range(20):
        lives.work("messages")
        lives.life.clock.ahead += timedelta(minutes=6)
        if not lives.life.do(lives.life.unsent()):
            return
    raise AssertionError("a message is never sent")


def a_new_release_works(lives: Lives) -> None:
    life, free = lives.life, _another_version(lives)
    lives.people.promote(MODEL, free, REQUESTER)
    lives.press(-1, LEAD, "approve")
    life.rest()
    assert life.do(life.requests())[-1].state is S.SUCCEEDED
    assert life.models.known[MODEL].aliases[CHAMPION] == free
    lives.the_record_holds()


def the_way_back_is_never_frozen(lives: Lives) -> None:
    life = lives.life
    lives.people.freeze("")
    filed = len(life.do(life.requests()))
    lives.people.promote(MODEL, _another_version(lives), REQUESTER)
    assert len(life.do(life.requests())) == filed
    lives.people.roll_back(MODEL, LEAD)
    life.rest()
    assert life.do(life.requests())[-1].state is S.SUCCEEDED
    lives.the_record_holds()


def _is_anything_left(lives: Lives) -> bool:
    """Carry on, cancel what waits for people and resolve what is stuck."""
    lives.life.rest()
    left = [r for r in lives.life.do(lives.life.requests()) if r.is_open or r.holds_locks]
    for request in left:
        if request.state is S.PENDING:
            lives.people.press(press_now(request, ADMIN, "cancel"))
        elif request.holds_locks:
            lives.people.resolve(request, ADMIN)
    return bool(left)


def _another_version(lives: Lives) -> int:
    """Return a good version that is not champion."""
    champion = lives.life.models.known[MODEL].aliases.get(CHAMPION)
    return next(version for version in (5, 6, 7) if version != champion)
