"""A restart of the double keeps what was said, and the page finds its way."""

from pathlib import Path

from aiohttp import web

from bot.sandbox.slack.app import slack_app
from bot.sandbox.slack.workspace import Workspace
from tests.contract.slack_double.double import running

RISK = "U0RISK"


async def test_restart_keeps_messages_people_and_never_uses_a_time_stamp_again(
    tmp_path: Path,
) -> None:
    def build(workspace: Workspace) -> web.Application:
        return slack_app(workspace, state_file=tmp_path / "slack.json")

    async with running(build=build) as before:
        sent = await before.api(
            "chat.postMessage", channel="C0HEALTH", text="stays", blocks=[{"type": "divider"}]
        )
        await before.api("chat.postEphemeral", channel="C0HEALTH", user=RISK, text="mine")
        await before.change(users={RISK: {"deleted": True}})
        before.workspace.state.last_ts += 10**9

    async with running(build=build) as after:
        kept = await after.messages(RISK, "C0HEALTH")
        later = await after.api("chat.postMessage", channel="C0HEALTH", text="later")

        assert [(each["text"], each["ephemeral"]) for each in kept] == [
            ("stays", False),
            ("mine", True),
        ]
        assert kept[0]["ts"] == sent["ts"]
        assert after.workspace.state.users[RISK].deleted
        assert float(later["ts"]) > float(sent["ts"]) + 900


async def test_state_is_saved_whole_or_not_at_all(tmp_path: Path) -> None:
    async with running() as double:
        path = tmp_path / "deep" / "slack.json"
        double.workspace.save(path)

        assert [each.name for each in path.parent.iterdir()] == ["slack.json"]


async def test_truth_is_what_the_back_ends_say() -> None:
    async def truth() -> dict[str, object]:
        return {"models": {"prod.fraud.scorer": {"champion": 1}}}

    def build(workspace: Workspace) -> web.Application:
        return slack_app(workspace, truth=truth)

    async with running(build=build) as double:
        assert await double.see("truth") == await truth()


async def test_page_is_served_and_permalinks_lead_to_it(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>Sandbox</title>")

    def build(workspace: Workspace) -> web.Application:
        return slack_app(workspace, page_dir=tmp_path)

    async with running(build=build) as double:
        link = f"{double.origin}/archives/C0HEALTH/p1700000000000100"
        async with double.session.get(link) as response:
            assert await response.text() == "<title>Sandbox</title>"
        async with double.session.get(link, allow_redirects=False) as response:
            assert response.headers["Location"] == "/#/archives/C0HEALTH/p1700000000000100"
        async with double.session.get(f"{double.origin}/page/index.html") as response:
            assert response.status == 200


async def test_workspace_shows_people_channels_and_the_bot() -> None:
    async with running() as double:
        shown = await double.see("workspace", user="U0GUEST")

        assert [each["name"] for each in shown["channels"] if not each["is_im"]] == ["ml-releases"]
        assert shown["bot"]["user_id"] == "U0HERALD"
        assert {each["id"] for each in shown["groups"]} == {"S0MLLEADS", "S0RISK"}
