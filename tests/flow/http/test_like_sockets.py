"""What is tested over Socket Mode in the whole sandbox, once more over HTTP."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from bot.adapters.slack_http import PATH
from tests.flow.bad_input.test_requests import (
    test_a_first_release_without_an_endpoint_has_no_way_back,
    test_a_rejection_takes_its_reason_in_a_modal_and_quotes_it_harmlessly,
    test_a_withdrawn_request_says_by_whom_and_its_old_buttons_tell_the_truth,
    test_the_neighbour_on_a_shared_endpoint_stays_as_it_is,
    test_two_people_and_two_clicks_at_once_have_one_effect,
)
from tests.flow.bad_input.test_words import test_a_line_that_leads_nowhere_is_told_why
from tests.flow.bad_input.test_workspace import (
    test_a_click_on_a_card_whose_request_is_decided_elsewhere_changes_nothing,
    test_a_command_of_a_megabyte_is_answered_like_any_other,
    test_a_slack_that_takes_fewer_calls_gets_each_card_once,
    test_what_no_database_takes_is_left_out_of_a_reason,
    test_who_left_may_ask_for_nothing,
)
from tests.flow.bad_input.world import Bot, World, world_of
from tests.kept_port import kept_port
from tests.sandbox_process import Sandbox, sandbox, sandbox_state

__all__ = [
    "test_a_click_on_a_card_whose_request_is_decided_elsewhere_changes_nothing",
    "test_a_command_of_a_megabyte_is_answered_like_any_other",
    "test_a_first_release_without_an_endpoint_has_no_way_back",
    "test_a_line_that_leads_nowhere_is_told_why",
    "test_a_rejection_takes_its_reason_in_a_modal_and_quotes_it_harmlessly",
    "test_a_slack_that_takes_fewer_calls_gets_each_card_once",
    "test_a_withdrawn_request_says_by_whom_and_its_old_buttons_tell_the_truth",
    "test_the_neighbour_on_a_shared_endpoint_stays_as_it_is",
    "test_two_people_and_two_clicks_at_once_have_one_effect",
    "test_what_no_database_takes_is_left_out_of_a_reason",
    "test_who_left_may_ask_for_nothing",
]

pytestmark = pytest.mark.xdist_group("like sockets")
"""They share one sandbox, one after the other."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, Bot]]:
    state = sandbox_state(tmp_path_factory.mktemp("http"))
    with (
        kept_port() as port,
        sandbox(state, "--no-bot", HERALD_HTTP_URL=f"http://127.0.0.1:{port}{PATH}") as ready,
    ):
        bot = Bot(ready.environment)
        bot.start()
        yield ready, bot
        bot.stop()


@pytest.fixture
async def world(running: tuple[Sandbox, Bot]) -> AsyncIterator[World]:
    async with aiohttp.ClientSession() as session:
        world = world_of(*running, session)
        await world.heal()
        await world.heard()
        before = len(await world.violations())
        yield world
        await world.heal()
        await world.withdraw_all()
        assert (await world.violations())[before:] == []
