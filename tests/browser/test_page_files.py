"""The page is plain files of the package: all there, linked rightly, and nothing from elsewhere."""

import re
from html.parser import HTMLParser

import pytest

from bot.sandbox.world import PAGE

FILES = sorted(path for path in PAGE.iterdir() if path.is_file())
TEXTS = {path.name: path.read_text() for path in FILES}
SCRIPTS = [name for name in TEXTS if name.endswith(".js")]

_REFERENCE = re.compile(r"""(?:href|src)="(/page/[^"]+)"|from "\./([^"]+)\"""")
_FOREIGN = re.compile(r"""(?:src|href|url|import|from|fetch)\s*[=(]?\s*["'(](?:https?:)?//""")
_IMPORT = re.compile(r'import \{([^}]+)\} from "\./([^"]+)"')
_WHOLE_IMPORT = re.compile(r'import \* as (\w+) from "\./([^"]+)"')
_EXPORT = re.compile(r"export (?:async )?(?:const|function) (\w+)")
_ID = re.compile(r"""(?:\bat|getElementById)\("([\w-]+)"\)""")


class _Page(HTMLParser):
    """Collects what index.html names."""

    def __init__(self) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str]] = []
        self.feed(TEXTS["index.html"])

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(name, value or "") for name, value in attrs]

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]


def _referenced() -> set[str]:
    found = {match for text in TEXTS.values() for match in _REFERENCE.findall(text)}
    return {(absolute or relative).rpartition("/")[2] for absolute, relative in found}


def _exports(name: str) -> set[str]:
    return set(_EXPORT.findall(TEXTS[name]))


def test_every_file_that_is_named_is_there() -> None:
    assert _referenced() <= set(TEXTS)
    assert {"app.js", "style.css"} <= _referenced()


def test_every_file_is_used() -> None:
    assert set(TEXTS) - _referenced() == {"index.html"}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_imports_only_what_is_exported(name: str) -> None:
    for imported, source in _IMPORT.findall(TEXTS[name]):
        assert {word.split()[0] for word in imported.split(",")} <= _exports(source), source
    for alias, source in _WHOLE_IMPORT.findall(TEXTS[name]):
        used = re.findall(rf"(?<![\w./]){alias}\.(\w+)", TEXTS[name])
        assert used
        assert set(used) <= _exports(source), source


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_asks_only_for_elements_that_the_page_has(name: str) -> None:
    assert set(_ID.findall(TEXTS[name])) <= set(_Page().all("id"))


def test_labels_and_controls_name_elements_that_are_there() -> None:
    page = _Page()
    named = {*page.all("aria-labelledby"), *page.all("aria-controls"), *page.all("for")}
    assert named
    assert named <= set(page.all("id"))
    assert len(page.all("id")) == len(set(page.all("id")))


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_comes_from_another_host(name: str) -> None:
    assert not _FOREIGN.search(TEXTS[name])
    assert "@import" not in TEXTS[name]
    assert "url(" not in TEXTS[name]


@pytest.mark.parametrize("name", SCRIPTS)
def test_words_of_messages_never_become_markup(name: str) -> None:
    for way_in in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way_in not in TEXTS[name]


def test_an_address_out_of_a_message_becomes_a_link_only_through_the_one_safe_way() -> None:
    links = [name for name in SCRIPTS if re.search(r'el\("a"', TEXTS[name])]
    assert links == ["dom.js", "timeline.js"]
    assert 'el("a", { href: path, download: file.name }' in TEXTS["timeline.js"]
    assert 'new Set(["http:", "https:", "mailto:"])' in TEXTS["dom.js"]
