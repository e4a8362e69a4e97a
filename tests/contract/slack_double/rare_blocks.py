"""Messages that Slack takes, one for each of the rarer blocks and elements."""

from tests.contract.slack_double.sound_blocks import (
    BUTTON,
    CONFIRM,
    IMAGE,
    TEXT_INPUT,
    Json,
    actions,
    line,
    mrkdwn,
    option,
    plain,
    rich,
)


def asked(element: Json) -> list[Json]:
    return [{"type": "input", "block_id": "b", "label": plain(), "element": element}]


def series(name: str = "v1") -> Json:
    return {"name": name, "data": [{"label": "Mon", "value": 1.5}, {"label": "Tue", "value": 2}]}


def chart(kind: str = "bar") -> Json:
    axes = {"categories": ["Mon", "Tue"], "x_label": "day", "y_label": "ms"}
    drawn = {"type": kind, "series": [series(), series("v2")], "axis_config": axes}
    return {"type": "data_visualization", "title": "p95", "chart": drawn}


TEXT = rich(line({"type": "text", "text": "words"}))
URL = "https://acme.example/"
CARD: Json = {
    "type": "card",
    "hero_image": IMAGE,
    "icon": IMAGE,
    "title": mrkdwn(),
    "subtitle": plain(),
    "body": mrkdwn(),
    "actions": [BUTTON],
}
FEEDBACK: Json = {"text": plain("Good"), "accessibility_label": "good", "value": "good"}
MULTI: Json = {
    "type": "multi_static_select",
    "action_id": "many",
    "options": [option("a"), option("b")],
    "initial_options": [option("a")],
    "max_selected_items": 2,
}
PICKERS: list[Json] = [
    {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-21"},
    {"type": "timepicker", "action_id": "hour", "initial_time": "23:59", "timezone": "Etc/UTC"},
    {"type": "datetimepicker", "action_id": "then", "initial_date_time": 1_700_000_000},
]

RARE: dict[str, list[Json]] = {
    "card": [CARD],
    "carousel": [{"type": "carousel", "elements": [CARD]}],
    "container": [
        {
            "type": "container",
            "title": plain(),
            "subtitle": mrkdwn(),
            "icon": IMAGE,
            "width": "wide",
            "is_collapsible": True,
            "default_collapsed": True,
            "child_blocks": [{"type": "divider"}],
        }
    ],
    "titled": [{"type": "container", "rich_text_title": TEXT, "child_blocks": [TEXT]}],
    "footnotes": [
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "liked",
                    "positive_button": FEEDBACK,
                    "negative_button": {**FEEDBACK, "value": "bad"},
                },
                {
                    "type": "icon_button",
                    "action_id": "bin",
                    "icon": "trash",
                    "text": plain(),
                    "value": "card-1",
                    "visible_to_user_ids": ["U0ADMIN"],
                    "confirm": CONFIRM,
                },
            ],
        }
    ],
    "file": [{"type": "file", "external_id": "report", "source": "remote"}],
    "video": [
        {
            "type": "video",
            "alt_text": "a talk",
            "video_url": URL,
            "thumbnail_url": URL,
            "title": plain(),
            "title_url": URL,
            "description": plain(),
            "provider_icon_url": URL,
            "provider_name": "Acme",
            "author_name": "Rita",
        }
    ],
    "data_table": [
        {
            "type": "data_table",
            "caption": "p95 by version",
            "page_size": 5,
            "row_header_column_index": 0,
            "rows": [[{"type": "raw_text", "text": "v"}], [TEXT]],
        }
    ],
    "chart": [chart(), chart("line")],
    "area": [chart("area")],
    "pie": [
        {
            "type": "data_visualization",
            "title": "Traffic",
            "chart": {"type": "pie", "segments": [{"label": "v1", "value": 90}]},
        }
    ],
    "multi": actions(MULTI),
    "multi_grouped": actions(
        {
            "type": "multi_static_select",
            "option_groups": [{"label": plain(), "options": [option()]}],
        }
    ),
    "multi_external": actions(
        {
            "type": "multi_external_select",
            "min_query_length": 1,
            "initial_options": [option("a"), option("b")],
            "max_selected_items": 2,
        }
    ),
    "multi_users": actions({"type": "multi_users_select", "initial_users": ["U0ADMIN"]}),
    "multi_conversations": actions(
        {"type": "multi_conversations_select", "initial_conversations": ["C0HEALTH"]}
    ),
    "multi_channels": actions({"type": "multi_channels_select", "initial_channels": ["C0HEALTH"]}),
    "channels": actions({"type": "channels_select", "initial_channel": "C0HEALTH"}),
    "pickers": actions(*PICKERS),
    "number": asked(
        {
            "type": "number_input",
            "action_id": "n",
            "is_decimal_allowed": True,
            "initial_value": "1.5",
            "min_value": "-1",
            "max_value": "9",
        }
    ),
    "email": asked({"type": "email_text_input", "initial_value": "a@acme.example"}),
    "url": asked({"type": "url_text_input", "initial_value": URL}),
    "rich_input": asked(
        {"type": "rich_text_input", "initial_value": TEXT, "min_lines": 1, "max_lines": 9}
    ),
    "file_input": asked({"type": "file_input", "filetypes": ["csv"], "max_files": 1}),
    "inside": [
        {
            "type": "container",
            "title": plain(),
            "child_blocks": [{"type": "input", "label": plain(), "element": TEXT_INPUT}],
        }
    ],
}
