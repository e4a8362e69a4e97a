import json
from dataclasses import replace
from datetime import timedelta

from bot.domain.automatic import Automatic
from bot.domain.change_request import RequestState
from bot.domain.home import EndpointLook
from bot.domain.names import EndpointName, RequestId, SlackUserId
from bot.domain.people import Action
from bot.services.home import Signs
from bot.views.ids import ActionId, CallbackId
from tests.builders import make_request
from tests.fakes.world import CHALLENGER, GUEST, LEAD, LEADS, REQUESTER, VIEWER, policy_set
from tests.unit.handlers.chat import Chat, Json


async def opened(chat: Chat, user: SlackUserId, tab: str = "home") -> str:
    """Open the tab; return it as text."""
    await chat.app.listeners["app_home_opened"](body={"event": {"user": user, "tab": tab}})
    await chat.desk.drain(60)
    return json.dumps(chat.bot.home_tabs.drawn.get(user, {}), ensure_ascii=False)


async def test_a_new_home_says_that_nothing_is_there_yet(chat: Chat) -> None:
    home = await opened(chat, LEAD)
    assert "Nothing waits for your decision" in home
    assert "You have not asked for a change yet." in home


async def test_what_waits_for_a_lead_is_on_his_home_and_is_mine_on_the_requesters(
    chat: Chat,
) -> None:
    await chat.type("promote scorer 7 because better recall", REQUESTER)
    await chat.bot.core.deliver.deliver_due()
    lead, requester = await opened(chat, LEAD), await opened(chat, REQUESTER)
    assert "1 request waits for your decision" in lead
    assert "better recall" in lead
    assert "https://chat.example/archives/C0RELEASES/p1.0|CR-1" in lead
    assert "Nothing waits for your decision" in requester
    assert "CR-1" in requester


async def test_an_open_request_is_shown_however_many_newer_ones_are_closed(chat: Chat) -> None:
    done, now = RequestState.SUCCEEDED, chat.bot.clock.now()
    closed = [make_request(number, done, closed_at=now) for number in range(2, 30)]
    async with chat.bot.store.transaction() as work:
        for each in (make_request(1), *closed):
            await work.requests.add(each)
    home = await opened(chat, REQUESTER)
    assert "*CR-1*" in home
    assert "21 more" in home


async def test_details_open_from_the_home_tab(chat: Chat) -> None:
    await chat.type("promote scorer 7", REQUESTER)
    await opened(chat, LEAD)
    (key,) = _values(chat.bot.home_tabs.drawn[LEAD], ActionId.DETAILS)
    await chat.click(ActionId.DETAILS, key, LEAD)
    assert chat.bot.modals.opened["trigger"]["title"]["text"] == "CR-1"


async def test_a_card_that_was_not_posted_yet_has_no_link(chat: Chat) -> None:
    await chat.type("promote scorer 7", REQUESTER)
    home = await opened(chat, LEAD)
    assert "*CR-1*" in home


async def test_a_slack_that_gives_no_address_leaves_the_tab_readable(chat: Chat) -> None:
    await chat.type("promote scorer 7", REQUESTER)
    await chat.bot.core.deliver.deliver_due()
    chat.bot.notifier.is_down = True
    assert "*CR-1*" in await opened(chat, LEAD)


async def test_endpoints_that_need_a_look_are_on_the_tab(chat: Chat) -> None:
    look = EndpointLook(name=EndpointName("ranker"), reasons=("serves v2, champion is v1",))
    chat.bot.core.services.home._signs = _signs(chat, _Seen((look,)))
    home = await opened(chat, LEAD)
    assert "1 endpoint needs a look" in home
    assert "serves v2, champion is v1" in home
    chat.bot.core.services.home._signs = _signs(chat, _Seen(()))
    assert "No endpoint needs a look." in await opened(chat, LEAD)


async def test_without_a_look_of_late_the_tab_says_so(chat: Chat) -> None:
    chat.bot.core.services.home._signs = _signs(chat, _Seen(None))
    assert "has not looked at the endpoints of late" in await opened(chat, LEAD)


def leads_may(chat: Chat, *actions: Action) -> None:
    """Let a policy propose by itself, and leads freeze and stop that."""
    policies = policy_set(automatic=Automatic(on=CHALLENGER, per_day=3))
    may = {**policies.may, LEADS: policies.may[LEADS] | set(actions)}
    chat.bot.policies.policies = replace(policies, may=may)


async def test_who_may_not_promote_has_no_button_for_it(chat: Chat) -> None:
    assert "Promote a model" in await opened(chat, REQUESTER)
    home = await opened(chat, VIEWER)
    assert "Promote a model" not in home
    assert "Compare versions" in home


async def test_what_ended_without_a_change_says_why(chat: Chat) -> None:
    await chat.type("promote scorer 7", REQUESTER)
    key = await chat.bot.key(RequestId(1))
    await chat.send(CallbackId.REJECT, key, LEAD, "soak is <too> short")
    assert "rejected: soak is &lt;too&gt; short" in await opened(chat, REQUESTER)
    await chat.type("promote scorer 7", REQUESTER)
    chat.bot.clock.ahead += timedelta(days=30)
    await chat.bot.core.expire.expire_due()
    assert "expired: not enough agreed in time" in await opened(chat, REQUESTER)


async def test_what_policies_denied_says_which_checks(chat: Chat) -> None:
    await chat.type("promote scorer 8", REQUESTER)
    assert "denied: 1 check " in await opened(chat, REQUESTER)


async def test_what_is_frozen_is_on_everybodys_home_until_it_is_lifted(chat: Chat) -> None:
    leads_may(chat, Action.FREEZE)
    await chat.type("freeze scorer for 2h because we <migrate>", LEAD)
    home = await opened(chat, REQUESTER)
    assert "Nothing waits for your decision · 1 freeze in force" in home
    assert "🔒 *prod.fraud.scorer* is frozen until <!date^" in home
    assert f"<@{LEAD}>: we &lt;migrate&gt;" in home
    await chat.type("unfreeze scorer", LEAD)
    assert "rozen" not in await opened(chat, REQUESTER)


async def test_stopped_automatic_proposals_are_on_the_tab_while_they_are_off(chat: Chat) -> None:
    leads_may(chat, Action.AUTOMATE)
    assert "Automatic" not in await opened(chat, REQUESTER)
    await chat.type("automatic off because the training is broken", LEAD)
    home = await opened(chat, REQUESTER)
    assert "🔒 *Automatic proposals are off*" in home
    assert "the training is broken" in home
    await chat.type("automatic on because mended", LEAD)
    assert "Automatic" not in await opened(chat, REQUESTER)


async def test_the_switch_is_not_on_the_tab_where_no_policy_proposes(chat: Chat) -> None:
    leads_may(chat, Action.AUTOMATE)
    await chat.type("automatic off because the training is broken", LEAD)
    chat.bot.policies.policies = policy_set()
    assert "Automatic" not in await opened(chat, REQUESTER)


async def test_a_guest_sees_why_there_is_nothing(chat: Chat) -> None:
    assert "guest" in await opened(chat, GUEST)


async def test_a_directory_that_does_not_answer_is_said_on_the_tab(chat: Chat) -> None:
    chat.bot.directory.is_down = True
    assert "does not answer" in await opened(chat, LEAD)


async def test_refresh_draws_the_tab_anew(chat: Chat) -> None:
    assert await chat.click(ActionId.REFRESH_HOME, "home", LEAD) == ""
    assert "Nothing waits" in json.dumps(chat.bot.home_tabs.drawn[LEAD])


async def test_only_the_home_tab_is_drawn(chat: Chat) -> None:
    assert await opened(chat, LEAD, "messages") == "{}"
    await chat.app.listeners["app_home_opened"](body={"event": {}})
    assert chat.bot.home_tabs.drawn == {}


class _Seen:
    def __init__(self, looks: tuple[EndpointLook, ...] | None) -> None:
        self._looks = looks

    async def needing_a_look(self) -> tuple[EndpointLook, ...] | None:
        return self._looks


def _signs(chat: Chat, looks: _Seen) -> Signs:
    return replace(chat.bot.core.services.home._signs, looks=looks)


def _values(view: Json, action: ActionId) -> list[str]:
    found = [block.get("accessory") or {} for block in view["blocks"]]
    return [button["value"] for button in found if button.get("action_id") == action]
