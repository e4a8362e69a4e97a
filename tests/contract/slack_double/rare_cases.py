"""For every rule of the rarer blocks and elements one document that breaks it, and where."""

from tests.contract.slack_double.rare_blocks import CARD, chart, series
from tests.contract.slack_double.rule_case import CELL, ELEMENT, GONE, case, divided, letters
from tests.contract.slack_double.sound_blocks import IMAGE, mrkdwn, option, plain

TRASH, LIKED = "/0/elements/1", "/0/elements/0/positive_button"
AXES, SERIES, POINT = "/0/chart/axis_config", "/0/chart/series/0", "/0/chart/series/0/data/0"
HTTPS = "https://acme.example/"
ROW = [CELL]

RARE_LONG = [
    case(f"{rule}.max_length", sound, change, letters(limit + 1))
    for rule, sound, change, limit in (
        ("card.title", "card", "/0/title/text", 150),
        ("card.body", "card", "/0/body/text", 200),
        ("subtitle", "card", "/0/subtitle/text", 150),
        ("container.title", "container", "/0/title/text", 150),
        ("feedback_button.text", "footnotes", f"{LIKED}/text/text", 75),
        ("accessibility_label", "footnotes", f"{LIKED}/accessibility_label", 75),
        ("value", "footnotes", f"{TRASH}/value", 2000),
        ("icon_button.text", "footnotes", f"{TRASH}/text/text", 75),
        ("file.external_id", "file", "/0/external_id", 255),
        ("video.title", "video", "/0/title/text", 199),
        ("video.description", "video", "/0/description/text", 3000),
        ("video.author_name", "video", "/0/author_name", 49),
        ("data_visualization.title", "pie", "/0/title", 50),
        ("point.label", "pie", "/0/chart/segments/0/label", 20),
        ("series.name", "area", f"{SERIES}/name", 20),
        ("axis_config.categories.each", "area", f"{AXES}/categories/0", 20),
        ("axis_label", "area", f"{AXES}/x_label", 50),
    )
] + [case("https_url.max_length", "video", "/0/video_url", HTTPS + letters(3001 - len(HTTPS)))]

RARE_MANY = [
    case(f"{rule}.max_items", sound, change, value)
    for rule, sound, change, value in (
        ("carousel.elements", "carousel", "/0/elements", [CARD] * 11),
        ("container.child_blocks", "container", "/0/child_blocks", divided(11)),
        (
            "context_actions.elements",
            "footnotes",
            "/0/elements",
            [{"type": "icon_button", "icon": "trash", "text": plain()}] * 6,
        ),
        (
            "icon_button.visible_to_user_ids",
            "footnotes",
            f"{TRASH}/visible_to_user_ids",
            ["U0ADMIN"] * 11,
        ),
        ("data_table.rows", "data_table", "/0/rows", [ROW] * 102),
        ("data_table.rows.cells", "data_table", "/0/rows/0", [CELL] * 21),
        ("pie.segments", "pie", "/0/chart/segments", [{"label": "a", "value": 1}] * 7),
        ("chart.series", "area", "/0/chart/series", [series(str(n)) for n in range(7)]),
        ("series.data", "area", f"{SERIES}/data", [{"label": "a", "value": 1}] * 21),
        ("axis_config.categories", "area", f"{AXES}/categories", ["a"] * 21),
        ("multi_static_select.options", "multi", f"{ELEMENT}/options", [option()] * 101),
        (
            "multi_static_select.option_groups",
            "multi_grouped",
            f"{ELEMENT}/option_groups",
            [{"label": plain(), "options": [option()]}] * 101,
        ),
        ("initial_options", "multi_external", f"{ELEMENT}/initial_options", [option()] * 101),
    )
]

RARE_EMPTY = [
    case(f"{rule}.min_length", sound, change, "")
    for rule, sound, change in (
        ("accessibility_label", "footnotes", f"{LIKED}/accessibility_label"),
        ("value", "footnotes", f"{TRASH}/value"),
        ("file.external_id", "file", "/0/external_id"),
        ("video.alt_text", "video", "/0/alt_text"),
        ("video.author_name", "video", "/0/author_name"),
        ("video.provider_name", "video", "/0/provider_name"),
        ("data_table.caption", "data_table", "/0/caption"),
        ("data_visualization.title", "pie", "/0/title"),
        ("point.label", "pie", "/0/chart/segments/0/label"),
        ("series.name", "area", f"{SERIES}/name"),
        ("axis_config.categories.each", "area", f"{AXES}/categories/0"),
        ("axis_label", "area", f"{AXES}/y_label"),
        ("timepicker.timezone", "pickers", "/0/elements/1/timezone"),
        ("file_input.filetypes.each", "file_input", "/0/element/filetypes/0"),
    )
] + [
    case(f"{rule}.min_items", sound, change, [])
    for rule, sound, change in (
        ("card.actions", "card", "/0/actions"),
        ("carousel.elements", "carousel", "/0/elements"),
        ("container.child_blocks", "container", "/0/child_blocks"),
        ("context_actions.elements", "footnotes", "/0/elements"),
        ("icon_button.visible_to_user_ids", "footnotes", f"{TRASH}/visible_to_user_ids"),
        ("data_table.rows", "data_table", "/0/rows"),
        ("data_table.rows.cells", "data_table", "/0/rows/0"),
        ("pie.segments", "pie", "/0/chart/segments"),
        ("chart.series", "area", "/0/chart/series"),
        ("series.data", "area", f"{SERIES}/data"),
        ("axis_config.categories", "area", f"{AXES}/categories"),
        ("multi_static_select.options", "multi", f"{ELEMENT}/options"),
        ("multi_static_select.option_groups", "multi_grouped", f"{ELEMENT}/option_groups"),
        ("initial_options", "multi_external", f"{ELEMENT}/initial_options"),
        ("multi_users_select.initial_users", "multi_users", f"{ELEMENT}/initial_users"),
        (
            "multi_conversations_select.initial_conversations",
            "multi_conversations",
            f"{ELEMENT}/initial_conversations",
        ),
        ("multi_channels_select.initial_channels", "multi_channels", f"{ELEMENT}/initial_channels"),
        ("file_input.filetypes", "file_input", "/0/element/filetypes"),
    )
]

RARE_LEFT_OUT = [
    case(f"{rule}.required", sound, change, GONE)
    for rule, sound, change in (
        ("carousel.elements", "carousel", "/0/elements"),
        ("container.child_blocks", "container", "/0/child_blocks"),
        ("context_actions.elements", "footnotes", "/0/elements"),
        ("feedback_button.text", "footnotes", f"{LIKED}/text"),
        ("feedback_button.value", "footnotes", f"{LIKED}/value"),
        ("feedback_buttons.positive_button", "footnotes", LIKED),
        ("feedback_buttons.negative_button", "footnotes", "/0/elements/0/negative_button"),
        ("icon_button.icon", "footnotes", f"{TRASH}/icon"),
        ("icon_button.text", "footnotes", f"{TRASH}/text"),
        ("file.external_id", "file", "/0/external_id"),
        ("file.source", "file", "/0/source"),
        ("video.alt_text", "video", "/0/alt_text"),
        ("video.video_url", "video", "/0/video_url"),
        ("video.thumbnail_url", "video", "/0/thumbnail_url"),
        ("video.title", "video", "/0/title"),
        ("data_table.caption", "data_table", "/0/caption"),
        ("data_table.rows", "data_table", "/0/rows"),
        ("data_visualization.title", "pie", "/0/title"),
        ("data_visualization.chart", "pie", "/0/chart"),
        ("pie.segments", "pie", "/0/chart/segments"),
        ("point.label", "pie", "/0/chart/segments/0/label"),
        ("point.value", "area", f"{POINT}/value"),
        ("chart.series", "area", "/0/chart/series"),
        ("chart.axis_config", "area", AXES),
        ("axis_config.categories", "area", f"{AXES}/categories"),
        ("series.name", "area", f"{SERIES}/name"),
        ("series.data", "area", f"{SERIES}/data"),
        ("number_input.is_decimal_allowed", "number", "/0/element/is_decimal_allowed"),
    )
]

RARE_NOT_PLAIN = [
    case(f"{rule}.plain_text", sound, change, mrkdwn(), f"{change}/type")
    for rule, sound, change in (
        ("container.title", "container", "/0/title"),
        ("feedback_button.text", "footnotes", f"{LIKED}/text"),
        ("icon_button.text", "footnotes", f"{TRASH}/text"),
        ("video.title", "video", "/0/title"),
        ("video.description", "video", "/0/description"),
    )
]

RARE_MALFORMED = [
    case("container.width.choice", "container", "/0/width", "huge"),
    case("icon_button.icon.choice", "footnotes", f"{TRASH}/icon", "rocket"),
    case("file.source.choice", "file", "/0/source", "local"),
    case("https_url.form", "video", "/0/video_url", "http://acme.example/"),
    case("channel_id.form", "channels", f"{ELEMENT}/initial_channel", "D0ADMIN"),
    case("datepicker.initial_date.form", "pickers", f"{ELEMENT}/initial_date", "2026-13-01"),
    case("timepicker.initial_time.form", "pickers", "/0/elements/1/initial_time", "24:00"),
    case(
        "datetimepicker.initial_date_time.minimum",
        "pickers",
        "/0/elements/2/initial_date_time",
        -1,
    ),
    case(
        "datetimepicker.initial_date_time.maximum",
        "pickers",
        "/0/elements/2/initial_date_time",
        10**10,
    ),
    case("numeral.form", "number", "/0/element/initial_value", "many"),
    case("email_text_input.initial_value.form", "email", "/0/element/initial_value", "rita"),
    case("file_input.max_files.minimum", "file_input", "/0/element/max_files", 0),
    case("file_input.max_files.maximum", "file_input", "/0/element/max_files", 11),
    case("rich_text_input.min_lines.minimum", "rich_input", "/0/element/min_lines", 0),
    case("rich_text_input.max_lines.minimum", "rich_input", "/0/element/max_lines", 0),
    case("max_selected_items.minimum", "multi", f"{ELEMENT}/max_selected_items", 0),
    case(
        "multi_external_select.min_query_length.minimum",
        "multi_external",
        f"{ELEMENT}/min_query_length",
        -1,
    ),
    case("data_table.page_size.minimum", "data_table", "/0/page_size", 0),
    case("data_table.page_size.maximum", "data_table", "/0/page_size", 101),
    case(
        "data_table.row_header_column_index.minimum",
        "data_table",
        "/0/row_header_column_index",
        -1,
    ),
    case(
        "data_table.row_header_column_index.maximum",
        "data_table",
        "/0/row_header_column_index",
        20,
    ),
]

RARE_BETWEEN = [
    case("card.content", "card", "/0", {"type": "card", "icon": IMAGE}),
    case("container.child_blocks.allowed", "container", "/0/child_blocks/0", CARD),
    case("container.title", "titled", "/0/rich_text_title", GONE, "/0"),
    case("container.divider", "container", "/0/has_header_divider", value=True, pointer="/0"),
    case("container.collapsed", "container", "/0/is_collapsible", value=False, pointer="/0"),
    case("context_actions.elements.allowed", "footnotes", TRASH, IMAGE),
    case("data_table.even", "data_table", "/0/rows/0", [CELL] * 2, "/0"),
    case(
        "data_table.header",
        "data_table",
        "/0/rows/0/0",
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
        "/0",
    ),
    case(
        "data_table.characters",
        "data_table",
        "/0/rows",
        [[{"type": "raw_text", "text": letters(5001)}]] * 2,
        "/0",
    ),
    case("chart.names", "area", "/0/chart/series/1/name", "v1", "/0/chart"),
    case("chart.points", "area", f"{POINT}/label", "Sun", "/0/chart"),
    case("message.charts", "chart", "/2", chart(), ""),
    case("multi_static_select.one_source", "multi", f"{ELEMENT}/options", GONE, ELEMENT),
    case(
        "multi_static_select.initial_offered",
        "multi",
        f"{ELEMENT}/initial_options/0/value",
        "z",
        ELEMENT,
    ),
    case(
        "multi_static_select.selected",
        "multi",
        f"{ELEMENT}/initial_options",
        [option("a"), option("b"), option("a")],
        ELEMENT,
    ),
    case(
        "multi_external_select.selected",
        "multi_external",
        f"{ELEMENT}/max_selected_items",
        1,
        ELEMENT,
    ),
    case("number_input.range", "number", "/0/element/min_value", "10", "/0/element"),
    case("modal.blocks.allowed", "modal", "/blocks/0", CARD),
    case("home.blocks.allowed", "home", "/blocks/0", chart()),
]

RARE_LIMITS = [*RARE_LONG, *RARE_MANY]
RARE_CASES = [
    *RARE_LIMITS,
    *RARE_EMPTY,
    *RARE_LEFT_OUT,
    *RARE_NOT_PLAIN,
    *RARE_MALFORMED,
    *RARE_BETWEEN,
]
