"""Aliases and tags: every write may be repeated, and touches nothing else."""

import asyncio

import pytest

from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError, NotFoundError
from bot.domain.names import AliasName, ModelName
from bot.sandbox.demo.world import CHURN, IRIS, LEGACY_RANKER
from tests.contract.registry.world import Ports, RemoteWorld

MODEL, NOBODY = ModelName(IRIS), ModelName("prod.ml_team.nobody")
CHAMPION, ARCHIVED = AliasName("champion"), AliasName("archived")


async def aliases(ports: Ports, model: str = IRIS) -> dict[AliasName, int]:
    return dict((await ports.registry.model(ModelName(model))).aliases)


async def tags(ports: Ports, version: int = 2) -> dict[str, str]:
    return dict((await ports.registry.version(MODEL, version)).tags)


async def test_alias_moves_and_the_others_stay(ports: Ports) -> None:
    await ports.writer.set_alias(MODEL, CHAMPION, 2)
    assert await aliases(ports) == {"champion": 2, "challenger": 2}


async def test_new_alias_is_made(ports: Ports) -> None:
    await ports.writer.set_alias(ModelName(CHURN), CHAMPION, 1)
    assert await aliases(ports, CHURN) == {"champion": 1}


async def test_same_alias_again_changes_nothing(ports: Ports) -> None:
    for _ in range(2):
        await ports.writer.set_alias(MODEL, CHAMPION, 2)
    assert await aliases(ports) == {"champion": 2, "challenger": 2}


async def test_alias_is_taken_away_as_often_as_one_likes(ports: Ports) -> None:
    for _ in range(2):
        await ports.writer.set_alias(MODEL, CHAMPION, None)
    assert await aliases(ports) == {"challenger": 2}


async def test_alias_of_other_case_is_another_alias(ports: Ports) -> None:
    await ports.writer.set_alias(ModelName(LEGACY_RANKER), CHAMPION, 2)
    assert await aliases(ports, LEGACY_RANKER) == {"Champion": 1, "champion": 2}
    await ports.writer.set_alias(ModelName(LEGACY_RANKER), CHAMPION, None)
    assert await aliases(ports, LEGACY_RANKER) == {"Champion": 1}


@pytest.mark.parametrize("version", [1, None])
async def test_alias_of_a_missing_model_is_told(ports: Ports, version: int | None) -> None:
    with pytest.raises(NotFoundError):
        await ports.writer.set_alias(NOBODY, CHAMPION, version)


async def test_alias_cannot_name_a_missing_version(ports: Ports) -> None:
    with pytest.raises(NotFoundError):
        await ports.writer.set_alias(MODEL, CHAMPION, 99)
    assert (await aliases(ports))[CHAMPION] == 1


async def test_rivals_for_an_alias_leave_one_whole_value(ports: Ports) -> None:
    rivals = (ports.writer.set_alias(MODEL, CHAMPION, 1 + n % 4) for n in range(12))
    await asyncio.gather(*rivals)
    found = await aliases(ports)
    assert found.pop(CHAMPION) in {1, 2, 3, 4}
    assert found == {"challenger": 2}


async def test_rivals_for_a_new_alias_leave_one_whole_value(ports: Ports) -> None:
    """MLflow's own store may refuse some of the first writers of an alias, never all."""
    rivals = (ports.writer.set_alias(MODEL, ARCHIVED, 1 + n % 4) for n in range(12))
    ends = await asyncio.gather(*rivals, return_exceptions=True)
    assert None in ends
    assert all(end is None or isinstance(end, BackEndRefusedError) for end in ends)
    assert (await aliases(ports))[ARCHIVED] in {1, 2, 3, 4}


# MLflow's own store deletes what it has found; on a file, SQLAlchemy warns when another was faster.
@pytest.mark.filterwarnings("ignore:DELETE statement on table")
async def test_rivals_that_take_an_alias_away_all_come_through(ports: Ports) -> None:
    await asyncio.gather(*(ports.writer.set_alias(MODEL, CHAMPION, None) for _ in range(6)))
    assert await aliases(ports) == {"challenger": 2}


async def test_alias_is_set_though_the_answer_is_lost(remote: RemoteWorld) -> None:
    ports = remote.ports()
    remote.loses_one_answer("POST")
    with pytest.raises(BackEndUnavailableError):
        await ports.writer.set_alias(MODEL, CHAMPION, 2)
    assert (await aliases(ports))[CHAMPION] == 2
    await ports.writer.set_alias(MODEL, CHAMPION, 2)
    assert (await aliases(ports))[CHAMPION] == 2


async def test_write_is_sent_once(remote: RemoteWorld) -> None:
    ports = remote.ports()
    remote.loses_one_answer("POST")
    with pytest.raises(BackEndUnavailableError):
        await ports.writer.set_alias(MODEL, CHAMPION, 2)
    assert len([call for call in remote.called() if call["method"] == "POST"]) == 1


async def test_tags_are_set_and_the_others_stay(ports: Ports) -> None:
    before = await tags(ports)
    await ports.writer.set_tags(MODEL, 2, {"herald.request": "CR-7", "reviewer": "kim"})
    assert await tags(ports) == {**before, "herald.request": "CR-7", "reviewer": "kim"}


async def test_a_number_is_read_back_as_it_was_written_and_replaces_the_earlier(
    ports: Ports,
) -> None:
    before = await tags(ports)
    for number in ("1.3.0", "1.10.0"):
        await ports.writer.set_tags(MODEL, 2, {"version": number})
        assert await tags(ports) == {**before, "version": number}


async def test_tags_are_taken_away_as_often_as_one_likes(ports: Ports) -> None:
    before = await tags(ports)
    await ports.writer.set_tags(MODEL, 2, {"herald.request": "CR-7"})
    for _ in range(2):
        await ports.writer.set_tags(MODEL, 2, {"herald.request": None})
    assert await tags(ports) == before


async def test_tags_of_one_version_are_no_other_versions(ports: Ports) -> None:
    before = await tags(ports, 1)
    await ports.writer.set_tags(MODEL, 2, {"herald.request": "CR-7"})
    assert await tags(ports, 1) == before


async def test_words_of_people_survive_in_tags(ports: Ports) -> None:
    words = "„größer“ & <better> – 7 %\n'quoted' \"twice\""
    await ports.writer.set_tags(MODEL, 2, {"herald.reason": words})
    assert (await tags(ports))["herald.reason"] == words


async def test_no_tags_are_no_calls(remote: RemoteWorld) -> None:
    await remote.ports().writer.set_tags(MODEL, 2, {})
    assert remote.called() == []


@pytest.mark.parametrize("value", ["1", None])
async def test_tags_of_a_missing_version_are_told(ports: Ports, value: str | None) -> None:
    with pytest.raises(NotFoundError):
        await ports.writer.set_tags(MODEL, 99, {"herald.request": value})
