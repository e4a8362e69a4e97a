"""Who somebody is, what he or a role may do, and what they can approve."""

from collections.abc import Iterable, Iterator

from bot.domain.messages import RoleSheet, WhoAmI
from bot.domain.names import RoleName
from bot.domain.people import MEMBERS, Doubt, RoleMembers
from bot.views.message import Message
from bot.views.rich import Part, bold, bullets, paragraph, people, person, rich
from bot.views.texts import escape, listed

Line = tuple[str, str]
"""A title and the words behind it."""


def access_message(answer: WhoAmI | RoleSheet) -> Message:
    """Return who a person is, or what a role is, and what that allows."""
    match answer:
        case WhoAmI():
            someone = answer.standing.person
            head: list[Part] = ["You are "] if answer.is_asker else []
            return _message(someone.name, [*head, person(someone.id)], _lines(answer))
        case RoleSheet():
            head = ["The role ", bold(answer.role)]
            return _message(f"The role {answer.role}", head, _role_lines(answer), _people(answer))


def _message(
    name: str, head: list[Part], lines: Iterable[Line], extra: list[Part] | None = None
) -> Message:
    told = list(lines)
    said = ". ".join(f"{title}: {words}" for title, words in told)
    shown: list[list[Part]] = [[bold(title), f"  {words}"] for title, words in told]
    return Message(
        text=escape(f"{name}. {said}"),
        blocks=(rich(paragraph(*head), *bullets([*shown, extra or []])),),
    )


def _people(answer: RoleSheet) -> list[Part]:
    if not answer.people:
        return []
    rest = answer.count - len(answer.people)
    most = "up to " if Doubt.UNCHECKED in answer.doubts else ""
    more = f" and {most}{rest} more" if rest else ""
    return [bold("People"), "  ", *people(answer.people), more]


def _lines(answer: WhoAmI) -> Iterator[Line]:
    standing = answer.standing
    yield "Roles", listed([_role(answer, role) for role in sorted(standing.roles)]) or "none"
    for role, why in sorted(standing.unreadable.items()):
        yield f"Perhaps {role}", f"nobody can say now: {why}"
    refused = standing.person.standing()
    if refused:
        yield "May do", f"nothing: {refused}"
        return
    yield "May do", listed(sorted(standing.actions)) or "nothing"
    yield "Can approve as", listed([_decides(answer, r) for r in answer.approves_as]) or "no role"


def _role(answer: WhoAmI, role: RoleName) -> str:
    source = answer.standing.sources.get(role, "")
    return f"{role} ({source})" if source else role


def _decides(answer: WhoAmI, role: RoleName) -> str:
    policies = answer.decides.get(role, ())
    return f"{role} (asked by {listed(policies)})" if policies else role


def _role_lines(answer: RoleSheet) -> Iterator[Line]:
    yield "Given by", "; ".join(_given_by(answer.members)) or "being a full member"
    yield "May do", listed(sorted(answer.actions)) or "nothing"
    yield "Approves for", listed(answer.decides) or "no policy"
    if answer.gone:
        yield "Missing", f"no group {listed(answer.gone, 'or')} exists: mend the policies"
    if answer.unread:
        whom = "others" if answer.count else "they"
        yield "People", f"{whom} cannot be read now: {answer.unread}"
    elif Doubt.UNLISTED in answer.doubts:
        yield "People", "others by their groups, which cannot be listed in full"
    elif not answer.count and answer.role != MEMBERS:
        yield "People", "nobody"


def _given_by(members: RoleMembers) -> Iterator[str]:
    kinds = (
        ("users named in the policies", frozenset(map(str, members.users))),
        ("Slack groups", members.groups),
        ("e-mail addresses", members.emails),
        ("Databricks groups", members.databricks_groups),
    )
    for kind, found in kinds:
        if found:
            named = listed(sorted(found)) if "groups" in kind else str(len(found))
            yield f"{kind}: {named}"
