"""Objects that stand inside elements: options, confirmations, files, filters."""

from bot.sandbox.slack.people import Json
from bot.sandbox.slack.validator.nodes import Choice, Flag, Items, Named, Str
from bot.sandbox.slack.validator.records import Law, Record, Text, plain

HTTP = r"https?://\S+$"
LINK = r"(https?|mailto|slack|ftp|tel):\S+$"
WEB_URL = Named("web_url", Str(max=3000, form=HTTP))
LINK_URL = Named("url", Str(max=3000, form=LINK))
BLOCK_ID = Named("block_id", Str(max=255))

CONFIRM = Record(
    name="confirm",
    required={
        "title": plain(100),
        "text": Text(max=300),
        "confirm": plain(30),
        "deny": plain(30),
    },
    optional={"style": Choice(("primary", "danger"))},
)

OPTION = Record(
    name="option",
    required={"text": plain(75), "value": Str(max=150)},
    optional={"description": plain(75)},
)
OVERFLOW_OPTION = Record(
    name="option",
    required=OPTION.required,
    optional={**OPTION.optional, "url": LINK_URL},
)
# Radio buttons and checkboxes alone may have mrkdwn in their options.
CHOICE_OPTION = Record(
    name="option",
    required={"text": Text(max=75), "value": Str(max=150)},
    optional={"description": Text(max=75)},
)
OPTION_GROUP = Record(
    name="option_group",
    required={"label": plain(75), "options": Items(of=OPTION, max=100)},
)


def _has_one_reference(file: Json) -> bool:
    return ("id" in file) != ("url" in file)


SLACK_FILE = Record(
    name="slack_file",
    optional={"id": Str(form=r"F[A-Z0-9]+$"), "url": WEB_URL},
    laws=(Law(constraint="one_reference", holds=_has_one_reference, message="id or url"),),
)

DISPATCH = Record(
    name="dispatch_action_config",
    optional={
        "trigger_actions_on": Items(
            of=Choice(("on_enter_pressed", "on_character_entered")), part=".kinds"
        )
    },
)

CONVERSATION_FILTER = Record(
    name="filter",
    optional={
        "include": Items(of=Choice(("im", "mpim", "private", "public")), part=".kinds"),
        "exclude_external_shared_channels": Flag(),
        "exclude_bot_users": Flag(),
    },
)
