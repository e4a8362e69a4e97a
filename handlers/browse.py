"""The flows of ``list``, ``show``, ``whoami``: from words to a private answer."""

from bot.domain.commands import Command
from bot.domain.people import Action
from handlers.asked import Asked, Prepared, Row, misused, spare
from handlers.services import Services
from handlers.words import selector_text

LIST = Command(
    name="list",
    arguments="[WORDS]",
    help="List the registered models, or those whose name or description holds every word.",
    example="list fraud",
    action=Action.READ,
)
SHOW = Command(
    name="show",
    arguments="NAME[@ALIAS|/VERSION]",
    help="Show a model: aliases, versions, endpoints, and where a rollback would lead.",
    example="show scorer@champion",
    action=Action.READ,
    details="The end of a name is enough when only one model has it.",
)
WHOAMI = Command(
    name="whoami",
    arguments="",
    help="Show your roles, what they may do, and as what you can approve.",
    example="whoami",
    action=Action.READ,
)


NAME_WORDS = 5
"""Most words of a person's name."""

ACCESS = Command(
    name="access",
    arguments="NAME",
    help="Show what a person or a role may do and decide, and where that comes from.",
    example="access ml-leads",
    action=Action.READ,
    details="A person is named by id or e-mail address; somebody with a role also by name.",
)


def _list(services: Services, asked: Asked) -> Prepared:
    given = asked.words
    words = (*given.names, *map(str, given.selectors), *filter(None, given.to))
    return lambda: services.browse.models(words, asked.user)


def _show(services: Services, asked: Asked) -> Prepared:
    if not asked.words.names:
        return misused(SHOW, asked, "which model?")
    extra = spare(asked, selectors=1)
    if extra:
        return misused(SHOW, asked, extra)
    selector = next(iter(asked.words.selectors), None)
    return lambda: services.browse.model(asked.words.names[0], selector, asked.user)


def _whoami(services: Services, asked: Asked) -> Prepared:
    return lambda: services.introduce.who_am_i(asked.user)


def _access(services: Services, asked: Asked) -> Prepared:
    names, selectors = asked.words.names, asked.words.selectors
    extra = spare(asked, NAME_WORDS, selectors=1)
    if extra or not (names or selectors):
        return misused(ACCESS, asked, extra or "who?")
    word = " ".join(names) + "".join(map(selector_text, selectors))
    return lambda: services.introduce.access(_plain(word), asked.user)


def _plain(word: str) -> str:
    """Return a role, id, address or name without what Slack or people write around it."""
    bare = word.removeprefix("<").removeprefix("mailto:").removeprefix("@")
    return bare.partition("|")[0].removesuffix(">")


ROWS = (
    Row(command=LIST, prepare=_list),
    Row(command=SHOW, prepare=_show),
    Row(command=WHOAMI, prepare=_whoami),
    Row(command=ACCESS, prepare=_access),
)
