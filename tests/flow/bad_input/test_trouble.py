"""Back ends that hang or fail, a Slack in trouble, and a bot that is killed: nothing is lost."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.tour.stage import actions, words
from tests.flow.bad_input.world import (
    APPROVE,
    LEAD,
    REQUESTER,
    TAKEOVER_S,
    VIEWER,
    World,
    at_once,
    until,
)

pytestmark = pytest.mark.xdist_group("bad input")
"""They share one sandbox, one after the other."""

REGISTRY = "/api/2.0/mlflow/unity-catalog"
ALIASES = f"{REGISTRY}/registered-models/alias"
CHURN = "prod.ml_team.churn"


@pytest.fixture
async def troubled(world: World) -> AsyncIterator[World]:
    """Lend the world out for troubles of its back ends; wait until Herald knows that they ended."""
    yield world
    await world.heal()

    async def is_well_again() -> bool:
        return "does not answer" not in await world.told(VIEWER, "show ranker")

    assert await until(is_well_again)


async def test_a_registry_that_hangs_is_named_and_everybody_is_still_acknowledged(
    troubled: World,
) -> None:
    await troubled.told(VIEWER, "list")
    await troubled.control.trouble(kind="hang", path_prefix=REGISTRY)
    before = await troubled.private(REQUESTER)
    await at_once(*(troubled.type(REQUESTER, "compare scorer") for _ in range(8)))
    assert "compare NAME [A] [B]" in await troubled.told(VIEWER, "help")
    assert "Roles  members" in await troubled.told(VIEWER, "whoami")
    said = await troubled._next(REQUESTER, before)
    assert "The registry does not answer. Nothing was changed" in said
    assert "Ask again in a minute; what is under way goes on by itself" in said


async def test_an_unreachable_registry_is_named(troubled: World) -> None:
    await troubled.control.trouble(kind="refuse", path_prefix=REGISTRY)
    for line in ("show scorer", "promote scorer 4", "rollback scorer"):
        said = await troubled.told(REQUESTER, line)
        assert "The registry does not answer. Nothing was changed" in said


async def test_a_silent_serving_platform_hides_no_model_and_promises_nothing(
    troubled: World,
) -> None:
    await troubled.control.trouble(kind="refuse", path_prefix="/api/2.0/serving-endpoints")
    said = await troubled.told(VIEWER, "show ranker")
    assert "The serving platform does not answer: nobody knows what is served now" in said
    said = await troubled.told(REQUESTER, "promote ranker 3")
    assert "The serving platform does not answer. Nothing was changed" in said


async def test_what_the_registry_gives_no_answer_to_is_tried_again_and_written_once(
    world: World,
) -> None:
    version = await _no_challenger(world)
    calls = len(await world.control.calls())
    await world.control.trouble(kind="lost_answer", path_prefix=ALIASES, method="POST", count=1)
    card = await world.ask(f"promote churn {version} to challenger")
    await world.becomes(card, f"✅ churn v{version} is challenger")
    sent = (await world.control.calls())[calls:]
    assert [c["method"] for c in sent if c["path"].startswith(ALIASES)] == ["POST"]


async def test_a_card_outlives_every_trouble_of_slack(world: World) -> None:
    version = await _no_challenger(world)
    posted = (await world.see("report"))["calls"].get("chat.postMessage", 0)
    await world.human("faults", kind="api_error", method="chat.postMessage", count=1)
    await world.human("faults", kind="rate_limit", method="chat.update", count=1, seconds=1)
    await world.human("faults", kind="drop_link")
    await world.heard()
    card = await world.ask(f"promote churn {version} to challenger")
    await world.becomes(card, f"✅ churn v{version} is challenger")
    assert (await world.see("report"))["calls"]["chat.postMessage"] == posted + 2
    assert [m["ts"] for m in await world.messages()][-1] == card["ts"]


async def test_a_bot_that_is_killed_in_the_middle_of_an_update_goes_on_to_the_end(
    world: World,
) -> None:
    await world.control.heal()
    await world.control.trouble(kind="update_takes", endpoint="iris-classifier", seconds=600)
    card = await world.ask("promote iris_classifier 2 because fewer mistakes")
    await world.clicked(LEAD, card, APPROVE)
    await world.becomes(card, "▶️ Promoting iris_classifier v2")
    assert await until(lambda: _is_asked(world))
    world.bot.kill()
    await world.control.heal()
    world.bot.start()
    await world.heard()
    done = "✅ iris_classifier v2 is champion and serves 100 %"
    said = await world.becomes(card, done, TAKEOVER_S)
    assert "Approved by @U0MLLEAD" in said
    truth = await world.control.truth()
    assert truth["models"]["prod.ml_team.iris_classifier"] == {"champion": 2, "archived": 1}
    assert [e["version"] for e in truth["endpoints"]["iris-classifier"]["entities"]] == [2]
    assert APPROVE not in actions(await world.card(card))
    assert "closed" in words(await world.card(card))


async def _is_asked(world: World) -> bool:
    """Tell whether the endpoint was asked for its update."""
    paths = [c["path"] for c in await world.control.calls() if c["method"] == "PUT"]
    return any("/iris-classifier/" in path for path in paths)


async def _challenger(world: World) -> int | None:
    found: int | None = (await world.control.truth())["models"][CHURN].get("challenger")
    return found


async def _no_challenger(world: World) -> int:
    """Return the version that is not challenger now."""
    return 1 if await _challenger(world) == 2 else 2
