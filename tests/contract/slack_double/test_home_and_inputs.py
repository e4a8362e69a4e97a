"""Elements of views other than submission: dispatched inputs, and the home tab."""

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from tests.contract.slack_double.double import Json, running
from tests.contract.slack_double.echo_app import connected
from tests.contract.slack_double.modal_steps import RITA, opened
from tests.contract.slack_double.sound_blocks import plain


async def test_home_tab_is_published_when_it_is_opened() -> None:
    async with running() as double, connected(double) as echo:
        home: Json = {"type": "home", "blocks": [{"type": "header", "text": plain("Models")}]}

        async def publish(event: Json, client: AsyncWebClient) -> None:
            await client.views_publish(user_id=event["user"], view=home)

        echo.app.event("app_home_opened")(publish)
        shown = await double.human("home", user=RITA)

        assert shown["view"]["blocks"][0]["text"]["text"] == "Models"
        assert (await double.human("home", user="U0RISK"))["view"] is not None
        assert echo.received[0]["payload"]["event"].get("view") is None


async def test_input_that_dispatches_tells_the_app_what_was_picked() -> None:
    async with running() as double, connected(double) as echo:
        picked: list[Json] = []

        async def note(ack: AsyncAck, body: Json) -> None:
            picked.append(body)
            await ack()

        echo.app.action("who")(note)
        who = {"type": "users_select", "action_id": "who"}
        block = {"type": "input", "block_id": "w", "label": plain("Who"), "element": who}
        view = await opened(double, blocks=[block | {"dispatch_action": True}])
        touch = {"user": RITA, "view_id": view["id"], "action_id": "who", "value": "U0RISK"}
        outcome = await double.human("action", **touch)

        assert outcome["ok"]
        assert picked[0]["actions"][0]["selected_user"] == "U0RISK"
        assert picked[0]["view"]["state"]["values"]["w"]["who"]["selected_user"] == "U0RISK"
        assert picked[0]["container"] == {"type": "view", "view_id": view["id"]}
