"""The sandbox's people, user groups and channels, always the same."""

from bot.sandbox.slack.limits import Limits
from bot.sandbox.slack.people import BOT_USER_ID, Channel, Group, User
from bot.sandbox.slack.timings import Timings
from bot.sandbox.slack.workspace import State, Tokens, Workspace

SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "chat:write.public",
        "commands",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:write",
        "reactions:write",
        "usergroups:read",
        "users:read",
        "users:read.email",
    }
)

EVENTS = frozenset({"app_home_opened", "app_mention", "message.im"})

# name of the zone, label, seconds east of Greenwich
BERLIN = ("Europe/Berlin", "Central European Time", 3600)
LONDON = ("Europe/London", "Greenwich Mean Time", 0)
NEW_YORK = ("America/New_York", "Eastern Standard Time", -18000)
KOLKATA = ("Asia/Kolkata", "India Standard Time", 19800)

# id, name, real name, title, time zone
PEOPLE = (
    ("U0REQUESTER", "requester", "Rita Quest", "Data scientist", BERLIN),
    ("U0MLLEAD", "ml-lead", "Leo Lindqvist", "ML lead", BERLIN),
    ("U0MLLEAD2", "ml-lead-2", "Lena Okafor", "ML lead", NEW_YORK),
    ("U0RISK", "risk", "Ravi Iyer", "Model risk", KOLKATA),
    ("U0VIEWER", "viewer", "Vera Watts", "Product analyst", LONDON),
    ("U0ADMIN", "admin", "Ada Minh", "Platform engineer", LONDON),
    ("U0GUEST", "guest", "Gus Travers", "Contractor", NEW_YORK),
)
CHANNELS = (
    ("C0RELEASES", "ml-releases", "Model releases and their approvals"),
    ("C0HEALTH", "ml-health", "Health of the models that serve"),
    ("C0INCIDENTS", "ml-incidents", "What is broken now"),
)


SANDBOX_TOKENS = Tokens(
    bot="xoxb-sandbox-bot",
    app="xapp-sandbox-app",
    signing_secret="sandbox-signing-secret",  # noqa: S106 - a made-up secret of the loopback double
)


def demo_workspace(
    tokens: Tokens = SANDBOX_TOKENS,
    *,
    scopes: frozenset[str] = SCOPES,
    events: frozenset[str] = EVENTS,
    timings: Timings | None = None,
    limits: Limits | None = None,
) -> Workspace:
    """Build the workspace in which the demo world lives; its app hears `events`."""
    return Workspace(
        tokens=tokens,
        scopes=scopes,
        events=events,
        timings=timings or Timings(),
        limits=limits or Limits(),
        state=State(
            users={user.id: user for user in _users()},
            groups={group.id: group for group in _groups()},
            channels={channel.id: channel for channel in _channels()},
        ),
    )


def _users() -> list[User]:
    people = [
        User(
            id=user_id,
            name=name,
            real_name=real_name,
            title=title,
            email=f"{name}@acme.example",
            is_admin=user_id == "U0ADMIN",
            is_restricted=user_id == "U0GUEST",
            tz=zone[0],
            tz_label=zone[1],
            tz_offset=zone[2],
        )
        for user_id, name, real_name, title, zone in PEOPLE
    ]
    return [*people, User(id=BOT_USER_ID, name="herald", real_name="Herald", is_bot=True)]


def _groups() -> list[Group]:
    return [
        Group(id="S0MLLEADS", handle="ml-leads", name="ML leads", users=["U0MLLEAD", "U0MLLEAD2"]),
        Group(id="S0RISK", handle="risk", name="Model risk", users=["U0RISK"]),
    ]


def _channels() -> list[Channel]:
    staff = [user_id for user_id, *_ in PEOPLE if user_id != "U0GUEST"]
    channels = [
        Channel(
            id=channel_id,
            name=name,
            topic=topic,
            members=[*staff, *(["U0GUEST"] if name == "ml-releases" else []), BOT_USER_ID],
        )
        for channel_id, name, topic in CHANNELS
    ]
    direct = [
        Channel(id=f"D{user_id[1:]}", name="", members=[user_id, BOT_USER_ID], is_im=True)
        for user_id, *_ in PEOPLE
    ]
    return [*channels, *direct]
