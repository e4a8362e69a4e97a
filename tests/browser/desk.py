"""A person at the page: what one does there and sees."""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Request, expect

HEIGHT = 800
# A machine that is busy with the other half of the tests answers late.
WAIT_MS = 60_000
expect.set_options(timeout=WAIT_MS)
LOOK_S = 0.1

NOTE_LIT = """() => {
    window.litFacts = new Set();
    const truth = document.getElementById("truth");
    const note = () => {
        for (const fact of truth.querySelectorAll(".fact.lit")) {
            window.litFacts.add(fact.textContent);
        }
    };
    new MutationObserver(note).observe(truth, { subtree: true, childList: true, attributes: true });
}"""


@dataclass
class Desk:
    """One open page; `troubles` are errors of scripts and requests to other hosts."""

    page: Page
    origin: str
    troubles: list[str] = field(default_factory=list)

    @classmethod
    async def open(cls, browser: Browser, address: str, user: str, width: int) -> "Desk":
        """Open the page as somebody, and wait until it is drawn."""
        context = await browser.new_context(viewport={"width": width, "height": HEIGHT})
        context.set_default_timeout(WAIT_MS)
        await context.add_init_script(
            f"if (!sessionStorage.getItem('user')) sessionStorage.setItem('user', '{user}')"
        )
        desk = cls(await context.new_page(), address.rstrip("/"))
        desk.page.on("request", desk._note_request)
        desk.page.on("pageerror", lambda error: desk.troubles.append(str(error)))
        desk.page.on("console", desk._note_words)
        async with desk.page.expect_response("**/human/events"):
            await desk.page.goto(address)
        await expect(desk.page.locator("#bot-state")).not_to_be_empty()
        return desk

    def _note_request(self, request: Request) -> None:
        found = urlsplit(request.url)
        if found.scheme != "data" and f"{found.scheme}://{found.netloc}" != self.origin:
            self.troubles.append(f"asked another host: {request.url}")

    def _note_words(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.troubles.append(message.text)

    async def watch_the_truth(self) -> None:
        """Note from now on which facts light up, however short."""
        await self.page.evaluate(NOTE_LIT)

    async def lights_up(self) -> list[str]:
        """Wait until a fact has lit up; return what all that did have said."""
        async with asyncio.timeout(WAIT_MS / 1000):
            while True:
                found: list[str] = await self.page.evaluate("[...window.litFacts]")
                if found:
                    return found
                await asyncio.sleep(LOOK_S)

    async def close(self) -> None:
        """Close the page and forget its browser."""
        await self.page.context.close()

    @property
    def line(self) -> Locator:
        """The composer's field."""
        return self.page.get_by_label("Message or command")

    @property
    def messages(self) -> Locator:
        """All messages of the conversation, oldest first."""
        return self.page.locator("#talk > article")

    def message(self, words: str) -> Locator:
        """Return the newest message that says this."""
        return self.messages.filter(has_text=words).last

    def button(self, name: str) -> Locator:
        """Return the newest button of that name in a message."""
        return self.messages.get_by_role("button", name=name, exact=True).last

    def room(self, name: str) -> Locator:
        """Return a conversation's or a person's button at the left."""
        return self.page.locator("#sidebar").get_by_role("button", name=name)

    @property
    def dialog(self) -> Locator:
        """The dialog that lies on top."""
        return self.page.get_by_role("dialog").last

    async def say(self, words: str) -> None:
        """Type a line and send it with Enter."""
        await self.line.fill(words)
        await self.line.press("Enter")

    async def sees(self, words: str) -> Locator:
        """Wait until a message says this, and return it."""
        found = self.message(words)
        await expect(found).to_be_visible()
        return found
