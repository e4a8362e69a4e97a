"""A version is tagged from the check that misses its number."""

from dataclasses import replace

from bot.domain.policy import Severity
from bot.views.ids import ActionId
from policies.semver import Bump, SemverCheck
from tests.fakes.world import MODEL, REQUESTER, VIEWER, policy_set
from tests.unit.handlers.chat import Chat, Json

RULE = SemverCheck(id="semver", policy="baseline", severity=Severity.ENFORCE, bump=Bump.MINOR)


async def offered(chat: Chat) -> Json:
    """Check v7, which has no number, and return the button that gives it one."""
    registry, checks = chat.bot.registry, policy_set().policies[0].checks
    registry.numbered[MODEL, 6] = replace(registry.numbered[MODEL, 6], tags={"version": "1.2.0"})
    chat.bot.policies.policies = policy_set(checks=(*checks, RULE))
    await chat.type("check scorer 7", REQUESTER)
    row = chat.answers.sent[-1][1].blocks[-1]
    (button,) = row["elements"]
    assert row["block_id"] == button["value"]
    found: Json = button
    return found


async def test_the_button_says_what_it_writes(chat: Chat) -> None:
    button = await offered(chat)
    assert button["text"]["text"] == "Tag v7 as 1.3.0"
    assert button["confirm"]["text"]["text"] == (
        "The registry's tag `version` = `1.3.0` is written on `scorer` v7."
    )


async def test_a_click_tags_the_version_and_says_so(chat: Chat) -> None:
    key = (await offered(chat))["value"]
    said = await chat.click(ActionId.TAG, key, REQUESTER)
    assert said.startswith("scorer v7 has the tag `version` = `1.3.0` now.")
    assert chat.bot.registry.numbered[MODEL, 7].tags["version"] == "1.3.0"
    again = await chat.type("check scorer 7", REQUESTER)
    assert again.startswith("✅ scorer v7 as champion may be asked for")


async def test_who_may_not_promote_is_refused(chat: Chat) -> None:
    key = (await offered(chat))["value"]
    said = await chat.click(ActionId.TAG, key, VIEWER)
    assert said.startswith("❌ No version is tagged")
    assert "version" not in chat.bot.registry.numbered[MODEL, 7].tags
