"""Is the Slack app installed as it should be: tokens, scopes, channels."""

import re
from collections.abc import Iterable

from bot.adapters.slack_installation import SlackInstallation
from bot.adapters.slack_scopes import NEEDED
from bot.doctor.findings import Finding, error, note, ok, warning
from bot.domain.errors import BackEndRefusedError, ChannelClosedError
from bot.settings import Mode, Settings

REINSTALL = (
    "At https://api.slack.com/apps open the app, Install App, Install to Workspace, and put the "
    "Bot User OAuth Token into SLACK_BOT_TOKEN"
)
NEW_LINKS = (
    "At https://api.slack.com/apps open the app, Basic Information, App-Level Tokens: make one "
    "with connections:write, put it into SLACK_APP_TOKEN; Socket Mode has to be on"
)
FROM_CREDENTIALS = "Copy it from Basic Information, App Credentials, Signing Secret"
_SECRET_FORM = re.compile(r"[0-9a-f]{32}")


class SlackChecks:
    """Looks at the app as Slack knows it."""

    def __init__(self, settings: Settings, installation: SlackInstallation) -> None:
        self._settings = settings
        self._slack = installation

    async def bot_token(self) -> Iterable[Finding]:
        """Ask who the bot token belongs to, and compare its scopes with what is needed."""
        try:
            found = await self._slack.identity()
        except BackEndRefusedError as refused:
            return [
                error("bot token", f"Slack refuses SLACK_BOT_TOKEN: {refused.detail}", REINSTALL)
            ]
        return [
            ok("bot token", f"{found.name} in the workspace {found.team}"),
            _scopes(found.scopes),
        ]

    async def way_in(self) -> Iterable[Finding]:
        """See whether Slack can reach Herald, as far as this can be seen from here."""
        if self._settings.mode is Mode.HTTP:
            return [self._signing_secret()]
        try:
            await self._slack.can_link(self._settings.slack_app_token.get_secret_value())
        except BackEndRefusedError as refused:
            seen = f"Slack gives no Socket Mode link: {refused.detail}"
            return [error("app token", seen, NEW_LINKS)]
        return [ok("app token", "Slack gives Socket Mode links")]

    async def releases_channel(self) -> Iterable[Finding]:
        """Look at the channel of cards that were asked for in private."""
        name = "HERALD_RELEASES_CHANNEL"
        if not self._settings.releases_channel:
            seen = "it is not set: nobody can ask for a change in a direct message"
            return [note("releases channel", seen, f"Set {name} to a channel's id")]
        return [await self._channel("releases channel", name, self._settings.releases_channel)]

    async def digest_channel(self) -> Iterable[Finding]:
        """Look at the channel of digests."""
        name, channel = "HERALD_DIGEST__CHANNEL", self._settings.digest.channel
        if not channel:
            seen = "it is not set: no digest is posted by schedule"
            return [note("digest channel", seen, f"Set {name} to a channel's id")]
        return [await self._channel("digest channel", name, channel)]

    def _signing_secret(self) -> Finding:
        secret = self._settings.slack_signing_secret.get_secret_value()
        if not _SECRET_FORM.fullmatch(secret):
            seen = "SLACK_SIGNING_SECRET does not look like one: 32 digits and letters a to f"
            return warning("signing secret", seen, FROM_CREDENTIALS)
        return note("signing secret", "it has the right form; only Slack's requests can prove it")

    async def _channel(self, check: str, setting: str, channel: str) -> Finding:
        try:
            place = await self._slack.place(channel)
        except ChannelClosedError:
            seen = f"{setting} names {channel}, which Herald cannot see"
            remedy = "Use the id from the channel's details; in a private one type /invite @Herald"
            return error(check, seen, remedy)
        shown = f"#{place.name} ({channel})"
        if place.is_archived:
            return error(check, f"{shown} is archived", f"Unarchive it, or set {setting} anew")
        if not place.is_member:
            seen = f"Herald is no member of {shown}, and cannot find its messages again there"
            return warning(check, seen, f"In #{place.name} type /invite @Herald")
        return ok(check, f"{shown}, of which Herald is a member")


def _scopes(given: frozenset[str]) -> Finding:
    if not given:
        return note("scopes", "Slack did not tell which ones the app has")
    missing = sorted(NEEDED - given)
    if missing:
        remedy = f"Add them under OAuth & Permissions, as in manifest.yml. {REINSTALL}"
        return error("scopes", f"the app lacks {', '.join(missing)}", remedy)
    more = sorted(given - NEEDED)
    if more:
        remedy = "They may be taken away under OAuth & Permissions"
        return note("scopes", f"all that is needed, and {', '.join(more)}, unused", remedy)
    return ok("scopes", f"all {len(NEEDED)} that are needed, and none more")
