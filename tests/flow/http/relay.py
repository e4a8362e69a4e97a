"""Takes what the sandbox sends over Socket Mode and posts it, signed, to a bot in HTTP mode."""

import asyncio
import json
import os
from urllib.parse import urlencode

import aiohttp

from bot.adapters.slack_http import PATH
from tests.flow.http.slack import Json, in_a_form, signed


async def _relay() -> None:
    async with aiohttp.ClientSession() as session:
        token = {"Authorization": f"Bearer {os.environ['SLACK_APP_TOKEN']}"}
        address = f"{os.environ['HERALD_SLACK_API_URL']}apps.connections.open"
        async with session.post(address, headers=token) as answer:
            ticket = await answer.json()
        async with asyncio.TaskGroup() as carrying, session.ws_connect(ticket["url"]) as link:
            async for frame in link:
                sent = json.loads(frame.data)
                if "envelope_id" in sent:
                    carrying.create_task(_carry(session, link, sent))


async def _carry(
    session: aiohttp.ClientSession, link: aiohttp.ClientWebSocketResponse, sent: Json
) -> None:
    body = _body(sent["type"], sent["payload"])
    headers = signed(body, secret=os.environ["SLACK_SIGNING_SECRET"])
    url = f"http://127.0.0.1:{os.environ['HERALD_HTTP_PORT']}{PATH}"
    try:
        async with session.post(url, data=body, headers=headers) as answer:
            said = await answer.text()
            if answer.status != 200:
                return
    except aiohttp.ClientConnectionError:
        return
    payload = json.loads(said) if said.startswith("{") else {"text": said}
    more = {"payload": payload} if said else {}
    await link.send_json({"envelope_id": sent["envelope_id"], **more})


def _body(kind: str, payload: Json) -> bytes:
    if kind == "slash_commands":
        return urlencode(payload).encode()
    return in_a_form(payload) if kind == "interactive" else json.dumps(payload).encode()


if __name__ == "__main__":
    asyncio.run(_relay())
