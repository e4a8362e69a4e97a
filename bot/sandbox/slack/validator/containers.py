"""Blocks that frame others, show media, and tables and charts of data."""

from collections.abc import Mapping

from bot.sandbox.slack.people import Json
from bot.sandbox.slack.validator.compositions import WEB_URL
from bot.sandbox.slack.validator.elements import ELEMENTS
from bot.sandbox.slack.validator.inputs import ALL_ELEMENTS, FOOTNOTES
from bot.sandbox.slack.validator.nodes import Choice, Flag, Items, Kinds, Named, Node, Number, Str
from bot.sandbox.slack.validator.records import Law, Record, Text, plain
from bot.sandbox.slack.validator.rich_text import RICH_TEXT
from bot.sandbox.slack.validator.tables import DATA_TABLE

HTTPS_URL = Named("https_url", Str(max=3000, form=r"https://\S+$"))
SUBTITLE = Named("subtitle", Text(max=150))
IMAGE = Kinds(table={"image": ELEMENTS["image"]}, allowed=frozenset({"image"}))
BUTTON = Kinds(table={"button": ELEMENTS["button"]}, allowed=frozenset({"button"}))
LEAST = ("hero_image", "title", "actions", "body")
NUMBER = Number(fraction=True)


def _shows_something(card: Json) -> bool:
    return any(card.get(name) for name in LEAST)


def _has_title(container: Json) -> bool:
    return bool(container.get("title") or container.get("rich_text_title"))


def _divides_nothing_hidden(container: Json) -> bool:
    return not (container.get("is_collapsible") and container.get("has_header_divider"))


def _can_collapse(container: Json) -> bool:
    return bool(container.get("is_collapsible") or not container.get("default_collapsed"))


def _names_differ(chart: Json) -> bool:
    names = [series["name"] for series in chart["series"]]
    return len(set(names)) == len(names)


def _fits_axis(chart: Json) -> bool:
    categories = chart["axis_config"]["categories"]
    return all(
        [point["label"] for point in series["data"]] == categories for series in chart["series"]
    )


CARD = Record(
    name="card",
    optional={
        "hero_image": IMAGE,
        "icon": IMAGE,
        "title": Text(max=150),
        "subtitle": SUBTITLE,
        "body": Text(max=200),
        "actions": Items(of=BUTTON),
    },
    laws=(Law(constraint="content", holds=_shows_something, message=f"one of {LEAST}"),),
)
POINT = Record(name="point", required={"label": Str(max=20), "value": NUMBER})
SERIES = Record(name="series", required={"name": Str(max=20), "data": Items(of=POINT, max=20)})
AXIS_LABEL = Named("axis_label", Str(max=50))
AXES = Record(
    name="axis_config",
    required={"categories": Items(of=Str(max=20), max=20, part=".each")},
    optional={"x_label": AXIS_LABEL, "y_label": AXIS_LABEL},
)
CHART = Record(
    name="chart",
    required={"series": Items(of=SERIES, max=6), "axis_config": AXES},
    laws=(
        Law(constraint="names", holds=_names_differ, message="two series have one name"),
        Law(constraint="points", holds=_fits_axis, message="one point per category, in order"),
    ),
)
# Sources differ on six or twelve segments and series; the smaller is safe.
PIE = Record(name="pie", required={"segments": Items(of=POINT, max=6)})
CHARTS: Mapping[str, Node] = {"pie": PIE, "bar": CHART, "area": CHART, "line": CHART}

RARE_BLOCKS: Mapping[str, Record] = {
    "card": CARD,
    "carousel": Record(
        name="carousel",
        required={
            "elements": Items(of=Kinds(table={"card": CARD}, allowed=frozenset({"card"})), max=10)
        },
    ),
    "context_actions": Record(
        name="context_actions",
        required={"elements": Items(of=Kinds(table=ALL_ELEMENTS, allowed=FOOTNOTES), max=5)},
    ),
    "file": Record(
        name="file", required={"external_id": Str(max=255), "source": Choice(("remote",))}
    ),
    "video": Record(
        name="video",
        required={
            "alt_text": Str(),
            "video_url": HTTPS_URL,
            "thumbnail_url": WEB_URL,
            "title": plain(199),
        },
        optional={
            "title_url": HTTPS_URL,
            "description": plain(3000),
            "provider_icon_url": WEB_URL,
            "provider_name": Str(),
            "author_name": Str(max=49),
        },
    ),
    "data_table": DATA_TABLE,
    "data_visualization": Record(
        name="data_visualization",
        required={
            "title": Str(max=50),
            "chart": Kinds(table=CHARTS, allowed=frozenset(CHARTS)),
        },
    ),
}
CHILDREN = frozenset(
    {"actions", "context", "divider", "file", "header", "image", "input", "rich_text"}
    | {"section", "table", "video"}
)


def container(children: Mapping[str, Record]) -> Record:
    """Return the block that groups these blocks under a title."""
    return Record(
        name="container",
        required={"child_blocks": Items(of=Kinds(table=children, allowed=CHILDREN), max=10)},
        optional={
            "title": plain(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": SUBTITLE,
            "icon": IMAGE,
            "width": Choice(("narrow", "standard", "wide", "full")),
            "is_collapsible": Flag(),
            "default_collapsed": Flag(),
            "has_header_divider": Flag(),
        },
        laws=(
            Law(constraint="title", holds=_has_title, message="title or rich_text_title"),
            Law(constraint="divider", holds=_divides_nothing_hidden, message="or collapsible"),
            Law(constraint="collapsed", holds=_can_collapse, message="only when collapsible"),
        ),
    )
