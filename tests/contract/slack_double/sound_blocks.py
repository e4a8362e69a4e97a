"""Messages and views that Slack takes, one for each kind of block and element."""

from typing import Any

Json = dict[str, Any]


def plain(text: str = "words") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "*words*") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "a") -> Json:
    return {"text": plain(value), "value": value, "description": plain()}


def actions(*elements: Json) -> list[Json]:
    return [{"type": "actions", "block_id": "b", "elements": list(elements)}]


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def line(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


CONFIRM: Json = {
    "title": plain(),
    "text": mrkdwn(),
    "confirm": plain("Yes"),
    "deny": plain("No"),
    "style": "danger",
}
BUTTON: Json = {
    "type": "button",
    "action_id": "go",
    "text": plain("Go"),
    "value": "card-1",
    "url": "https://acme.example/",
    "style": "primary",
    "accessibility_label": "Go on",
    "confirm": CONFIRM,
}
SELECT: Json = {
    "type": "static_select",
    "action_id": "pick",
    "placeholder": plain("Pick"),
    "options": [option("a"), option("b")],
    "initial_option": option("a"),
}
GROUPED: Json = {
    "type": "static_select",
    "action_id": "pick",
    "option_groups": [{"label": plain("Group"), "options": [option()]}],
}
OVERFLOW: Json = {
    "type": "overflow",
    "action_id": "more",
    "options": [option() | {"url": "https://acme.example/"}],
}
RADIO: Json = {
    "type": "radio_buttons",
    "action_id": "one",
    "options": [{"text": mrkdwn("a"), "value": "a"}],
    "initial_option": {"text": mrkdwn("a"), "value": "a"},
}
BOXES: Json = {
    "type": "checkboxes",
    "action_id": "many",
    "options": [{"text": mrkdwn("a"), "value": "a"}],
    "initial_options": [{"text": mrkdwn("a"), "value": "a"}],
}
EXTERNAL: Json = {"type": "external_select", "action_id": "ask", "min_query_length": 0}
USERS: Json = {"type": "users_select", "action_id": "who", "initial_user": "U0ADMIN"}
CONVERSATIONS: Json = {
    "type": "conversations_select",
    "action_id": "where",
    "initial_conversation": "C0HEALTH",
    "response_url_enabled": False,
    "filter": {"include": ["public"], "exclude_bot_users": True},
}
TEXT_INPUT: Json = {
    "type": "plain_text_input",
    "action_id": "reason",
    "placeholder": plain("Why"),
    "initial_value": "because",
    "multiline": True,
    "focus_on_load": True,
    "min_length": 1,
    "max_length": 300,
    "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
}
IMAGE: Json = {"type": "image", "image_url": "https://acme.example/a.png", "alt_text": "a plot"}
TASK: Json = {
    "type": "task_card",
    "task_id": "t1",
    "title": "Move the alias",
    "status": "in_progress",
    "details": rich(line({"type": "text", "text": "now"})),
    "output": rich(line({"type": "text", "text": "done"})),
    "sources": [{"type": "url", "url": "https://acme.example/", "text": "run"}],
}

SOUND: dict[str, list[Json]] = {
    "section": [
        {
            "type": "section",
            "block_id": "s",
            "text": mrkdwn() | {"verbatim": True},
            "fields": [plain(), mrkdwn()],
            "accessory": BUTTON,
            "expand": True,
        }
    ],
    "header": [{"type": "header", "text": plain("Title") | {"emoji": True}}],
    "divider": [{"type": "divider"}],
    "context": [{"type": "context", "elements": [plain(), mrkdwn(), IMAGE]}],
    "image": [{**IMAGE, "title": plain("Plot")}],
    "button": actions(BUTTON),
    "select": actions(SELECT),
    "grouped": actions(GROUPED),
    "overflow": actions(OVERFLOW),
    "radio": actions(RADIO),
    "boxes": actions(BOXES),
    "external": actions(EXTERNAL),
    "users": actions(USERS),
    "conversations": actions(CONVERSATIONS),
    "input": [
        {
            "type": "input",
            "label": plain("Reason"),
            "hint": plain("One line"),
            "element": TEXT_INPUT,
            "optional": True,
            "dispatch_action": False,
        }
    ],
    "line": [
        rich(
            line(
                {"type": "text", "text": "bold", "style": {"bold": True}},
                {"type": "link", "url": "https://acme.example/", "text": "there"},
                {"type": "user", "user_id": "U0ADMIN"},
                {"type": "usergroup", "usergroup_id": "S0RISK"},
                {"type": "channel", "channel_id": "C0HEALTH"},
                {"type": "emoji", "name": "wave", "unicode": "1f44b", "skin_tone": 2},
                {"type": "date", "timestamp": 1, "format": "{date_short}", "fallback": "then"},
                {"type": "broadcast", "range": "here"},
                {"type": "color", "value": "#aabbcc"},
            )
        )
    ],
    "rich": [
        rich(
            {
                "type": "rich_text_list",
                "style": "bullet",
                "indent": 0,
                "offset": 0,
                "border": 0,
                "elements": [line({"type": "text", "text": "first"})],
            },
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said"}]},
            {
                "type": "rich_text_preformatted",
                "language": "json",
                "elements": [{"type": "text", "text": "{}"}],
            },
        )
    ],
    "table": [
        {
            "type": "table",
            "rows": [
                [
                    {"type": "raw_text", "text": "p95"},
                    {"type": "raw_number", "value": 1.5, "text": "1.5"},
                    rich(line({"type": "text", "text": "better"})),
                ]
            ],
            "column_settings": [{"align": "right", "is_wrapped": True}, None],
        }
    ],
    "task": [TASK],
    "plan": [{"type": "plan", "title": "Promotion", "tasks": [TASK]}],
    "markdown": [{"type": "markdown", "text": "# words"}],
}

SOUND_VIEWS: dict[str, Json] = {
    "modal": {
        "type": "modal",
        "title": plain("Reject"),
        "submit": plain("Send"),
        "close": plain("Back"),
        "callback_id": "reject",
        "external_id": "reject-1",
        "private_metadata": "{}",
        "clear_on_close": False,
        "notify_on_close": True,
        "blocks": [
            {"type": "input", "label": plain("Reason"), "element": TEXT_INPUT},
            {"type": "alert", "text": mrkdwn(), "level": "warning"},
            {
                "type": "input",
                "label": plain("Who"),
                "element": {"type": "users_select", "action_id": "who"},
            },
        ],
    },
    "home": {
        "type": "home",
        "callback_id": "home",
        "external_id": "home-1",
        "private_metadata": "",
        "blocks": [
            {"type": "input", "label": plain("Reason"), "element": TEXT_INPUT},
            {
                "type": "input",
                "label": plain("Who"),
                "element": {"type": "users_select", "action_id": "who"},
            },
        ],
    },
}
