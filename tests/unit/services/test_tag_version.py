"""A version is tagged with the number that a rule proposes, when the rule still proposes it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.domain.change_request import RequestState
from bot.domain.errors import (
    BackEndError,
    BackEndRefusedError,
    BackEndUnavailableError,
    RateLimitedError,
)
from bot.domain.messages import CheckReport, Note
from bot.domain.names import CardKey, SlackUserId
from bot.domain.policy import ProposedTag, Severity
from bot.domain.refusal import Refusal
from bot.services.targets import Target
from policies.semver import Bump, SemverCheck
from tests.fakes.world import CHAMPION, CHANNEL, LEAD, MODEL, REQUESTER, VIEWER, Herald, policy_set
from tests.unit.services.asking import ask, click, now

DOWN = BackEndUnavailableError("The registry", "no answer within 10 s")
LOOK = "Look again: `/model check prod.fraud.scorer 7 to champion`"


def rule(name: str = "version", bump: Bump = Bump.MINOR, **fields: Severity) -> SemverCheck:
    severity = fields.get("severity", Severity.ENFORCE)
    return SemverCheck(id=name, policy="baseline", severity=severity, tag=name, bump=bump)


def tagged(bot: Herald, number: int, **tags: str) -> None:
    old = bot.registry.numbered[MODEL, number]
    bot.registry.numbered[MODEL, number] = replace(old, tags={**old.tags, **tags})


def tag_of(bot: Herald, number: int = 7, name: str = "version") -> str | None:
    return bot.registry.numbered[MODEL, number].tags.get(name)


def ruled_by(bot: Herald, *rules: SemverCheck) -> None:
    bot.policies.policies = policy_set(checks=(*policy_set().policies[0].checks, *rules))


async def checked(bot: Herald) -> CheckReport:
    report = await bot.core.services.propose.check(
        Target(model="scorer", selector=7), REQUESTER, CHANNEL
    )
    assert isinstance(report, CheckReport), report
    return report


async def offered(bot: Herald, *rules: SemverCheck) -> CardKey:
    """Let v6 be 1.2.0 and return the one button that v7 is offered."""
    ruled_by(bot, *(rules or (rule(),)))
    tagged(bot, 6, version="1.2.0")
    (offer,) = (await checked(bot)).offers
    return offer.key


async def tag(bot: Herald, key: CardKey, user: SlackUserId = REQUESTER) -> Note | Refusal:
    return await bot.core.services.tag_version.tag(key, user)


async def recorded(bot: Herald) -> list[str]:
    async with bot.store.transaction() as work:
        events = [chained.event for chained in await work.audit.all()]
    return [event.action for event in events if event.action.startswith("version_tag.")]


def failing(wanted: str, error: BackEndError) -> Callable[[str, str], Awaitable[None]]:
    async def fail(call: str, _: str) -> None:
        if call == wanted:
            raise error

    return fail


async def test_the_proposed_number_is_written_and_lets_the_version_pass(bot: Herald) -> None:
    key = await offered(bot)
    answer = await tag(bot, key)
    assert answer == Note(text=f"scorer v7 has the tag `version` = `1.3.0` now. {LOOK}")
    assert tag_of(bot) == "1.3.0"
    assert bot.registry.writes == ["tags 7 version"]
    after = await checked(bot)
    assert (after.verdict.blocking, after.offers) == ((), ())


async def test_who_tagged_what_is_on_record_before_and_after(bot: Herald) -> None:
    key = await offered(bot)
    await tag(bot, key)
    async with bot.store.transaction() as work:
        *_, before, after = [chained.event for chained in await work.audit.all()]
    assert (before.action, after.action) == ("version_tag.asked", "version_tag.written")
    assert (after.actor, after.subject) == (REQUESTER, MODEL)
    told = {"version": 7, "tag": "version", "value": "1.3.0", "before": ""}
    assert before.details == after.details == told


async def test_a_wrong_number_is_replaced(bot: Herald) -> None:
    tagged(bot, 7, version="1.1.0")
    key = await offered(bot)
    (offer,) = (await checked(bot)).offers
    assert offer.tag == ProposedTag(key="version", value="1.3.0", present="1.1.0")
    assert isinstance(await tag(bot, key), Note)
    assert tag_of(bot) == "1.3.0"


async def test_three_proposals_are_offered_each_with_its_own_key(bot: Herald) -> None:
    rules = [rule(name) for name in ("version", "release", "train", "more")]
    ruled_by(bot, *rules)
    for name in ("version", "release", "train", "more"):
        tagged(bot, 6, **{name: "1.2.0"})
    offers = (await checked(bot)).offers
    assert [offer.tag.key for offer in offers] == ["version", "release", "train"]
    await tag(bot, offers[1].key)
    assert (tag_of(bot), tag_of(bot, name="release")) == (None, "1.3.0")


async def test_where_nothing_can_follow_nothing_is_offered(bot: Herald) -> None:
    ruled_by(bot, rule())
    assert (await checked(bot)).offers == ()


async def test_who_may_not_promote_tags_nothing(bot: Herald) -> None:
    key = await offered(bot)
    answer = await tag(bot, key, VIEWER)
    assert isinstance(answer, Refusal)
    assert answer.what == "No version is tagged"
    assert tag_of(bot) is None


async def test_a_key_of_another_card_tags_nothing(bot: Herald) -> None:
    await offered(bot)
    key = (await checked(bot)).key
    assert key is not None
    for wrong in (key, CardKey("nowhere")):
        assert isinstance(await tag(bot, wrong), Refusal)
    assert bot.registry.writes == []


async def test_the_second_click_says_that_it_is_done(bot: Herald) -> None:
    key = await offered(bot)
    await tag(bot, key)
    answer = await tag(bot, key, LEAD)
    text = "scorer v7 has the tag `version` = `1.3.0` already. Nothing was written."
    assert answer == Note(text=text)
    assert len(bot.registry.writes) == 1


async def test_a_new_champion_moves_the_proposal(bot: Herald) -> None:
    key = await offered(bot)
    tagged(bot, 5, version="2.0.0")
    bot.registry.move(MODEL, CHAMPION, 5)
    answer = await tag(bot, key)
    assert isinstance(answer, Refusal)
    assert answer.what == "scorer v7 was not tagged, nothing was written"
    assert answer.reasons == ("the policies propose `2.1.0` for the tag `version` now",)
    assert answer.remedies == (LOOK,)
    assert tag_of(bot) is None


async def test_a_number_that_somebody_else_wrote_stays(bot: Herald) -> None:
    key = await offered(bot, rule(bump=Bump.GREATER))
    tagged(bot, 7, version="1.5.0")
    answer = await tag(bot, key)
    assert isinstance(answer, Refusal)
    assert answer.reasons == (
        "its tag `version` says `1.5.0` now, and was missing when the button was shown",
        "the policies propose nothing for the tag `version` now",
    )
    assert tag_of(bot) == "1.5.0"


async def test_a_number_that_was_taken_away_is_not_put_back(bot: Herald) -> None:
    tagged(bot, 7, version="1.1.0")
    key = await offered(bot)
    tagged(bot, 7, version="")
    answer = await tag(bot, key)
    assert isinstance(answer, Refusal)
    assert answer.reasons == (
        "its tag `version` is missing now, and said `1.1.0` when the button was shown",
        "the policies propose `1.3.0` for the tag `version` now",
    )


async def test_another_policy_proposes_nothing(bot: Herald) -> None:
    key = await offered(bot)
    ruled_by(bot)
    answer = await tag(bot, key)
    assert isinstance(answer, Refusal)
    assert answer.reasons == ("the policies propose nothing for the tag `version` now",)
    assert await recorded(bot) == []


async def test_what_cannot_be_promoted_now_is_not_tagged(bot: Herald) -> None:
    key = await offered(bot)
    bot.registry.numbered[MODEL, 7] = replace(bot.registry.numbered[MODEL, 7], is_ready=False)
    answer = await tag(bot, key)
    assert isinstance(answer, Refusal)
    assert answer.what == "scorer v7 was not tagged, nothing was written"
    assert answer.reasons == ("the registry has not finished registering it",)
    assert tag_of(bot) is None


async def test_a_request_that_waits_is_named_and_asks_again_at_once(bot: Herald) -> None:
    ruled_by(bot, rule(severity=Severity.WARN))
    tagged(bot, 6, version="1.2.0")
    request = await ask(bot)
    (offer,) = (await checked(bot)).offers
    assert offer.waiting == request.id
    answer = await tag(bot, offer.key)
    assert isinstance(answer, Note)
    assert "CR-1 was judged with other tags: everybody is asked again now" in answer.text
    after = await now(bot, request.id)
    assert (after.state, after.evidence.revision) == (RequestState.PENDING, 2)
    assert any("1.3.0" in line for line in after.evidence.differences)


async def test_a_request_that_is_approved_is_asked_about_anew_before_it_begins(
    bot: Herald,
) -> None:
    ruled_by(bot, rule(severity=Severity.WARN))
    tagged(bot, 6, version="1.2.0")
    request = await ask(bot)
    (offer,) = (await checked(bot)).offers
    assert await click(bot, request, LEAD) is None
    answer = await tag(bot, offer.key)
    told = "CR-1 was judged with other tags: everybody is asked again before it is carried out"
    assert isinstance(answer, Note)
    assert told in answer.text
    await bot.execute()
    after = await now(bot, request.id)
    assert (after.state, after.evidence.revision) == (RequestState.PENDING, 2)


async def test_a_request_that_needs_nobody_any_more_is_said_to_be_judged_anew(bot: Herald) -> None:
    ruled_by(bot, rule(severity=Severity.WARN))
    tagged(bot, 6, version="1.2.0")
    request = await ask(bot)
    (offer,) = (await checked(bot)).offers
    bot.policies.policies = policy_set(checks=(rule(severity=Severity.WARN),), approvals=())
    answer = await tag(bot, offer.key)
    assert isinstance(answer, Note)
    assert "CR-1 was judged with other tags: it is judged anew now" in answer.text
    assert (await now(bot, request.id)).state is RequestState.APPROVED


@pytest.mark.parametrize(
    "error",
    [
        BackEndRefusedError("The registry", "APPLY_TAG is missing"),
        RateLimitedError("The registry", "too many calls"),
    ],
)
async def test_a_registry_that_refuses_has_written_nothing(
    bot: Herald, error: BackEndError
) -> None:
    key = await offered(bot)
    bot.registry.before = failing("set_tags", error)
    answer = await tag(bot, key)
    assert isinstance(answer, Refusal)
    assert answer.what == "scorer v7 was not tagged, nothing was written"
    assert answer.reasons == (str(error),)
    assert "`version` = `1.3.0`" in answer.remedies[0]
    assert await recorded(bot) == ["version_tag.asked", "version_tag.refused"]


async def test_an_answer_that_is_lost_is_no_doubt_when_the_tag_is_read_back(bot: Herald) -> None:
    key = await offered(bot)
    bot.registry.before = failing("set_tags done", DOWN)
    assert isinstance(await tag(bot, key), Note)
    assert await recorded(bot) == ["version_tag.asked", "version_tag.written"]


async def test_a_write_that_was_not_answered_may_still_arrive(bot: Herald) -> None:
    key = await offered(bot)
    bot.registry.before = failing("set_tags", DOWN)
    answer = await tag(bot, key)
    assert isinstance(answer, Refusal)
    assert answer.what == "scorer v7 is perhaps tagged `version` = `1.3.0`, and perhaps not"
    assert answer.reasons == (
        "The registry: no answer within 10 s",
        "the registry shows that the tag `version` is missing",
    )
    assert answer.remedies == ("Clicking again does no harm", LOOK)
    assert answer.is_trouble
    assert await recorded(bot) == ["version_tag.asked", "version_tag.unproven"]


@pytest.mark.parametrize("error", [DOWN, RateLimitedError("The registry", "too many calls")])
async def test_a_tag_that_cannot_be_read_back_is_perhaps_written(
    bot: Herald, error: BackEndError
) -> None:
    key = await offered(bot)

    async def fail_after(call: str, _: str) -> None:
        if call == "version" and bot.registry.writes:
            raise error

    bot.registry.before = fail_after
    answer = await tag(bot, key)
    assert isinstance(answer, Refusal)
    assert "perhaps" in answer.what
    assert answer.reasons == (str(error),)
    bot.registry.before = None
    assert isinstance(await tag(bot, key), Note)


async def test_a_registry_that_took_the_tag_and_shows_another_is_told(bot: Herald) -> None:
    key = await offered(bot)

    async def overwrite(call: str, _: str) -> None:
        if call == "set_tags done":
            tagged(bot, 7, version="9.9.9")

    bot.registry.before = overwrite
    answer = await tag(bot, key)
    assert isinstance(answer, Refusal)
    assert answer.reasons == ("the registry shows that the tag `version` says `9.9.9`",)


async def test_without_an_answer_to_the_first_look_nothing_is_written(bot: Herald) -> None:
    key = await offered(bot)
    bot.registry.before = failing("version", DOWN)
    with pytest.raises(BackEndUnavailableError):
        await tag(bot, key)
    assert bot.registry.writes == []
    assert await recorded(bot) == []
