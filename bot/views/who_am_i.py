"""Who the asker is, what he may do and what he can approve."""

from collections.abc import Iterator

from bot.domain.messages import WhoAmI
from bot.views.message import Message
from bot.views.rich import Part, bold, bullets, paragraph, person, rich
from bot.views.texts import escape, listed


def who_am_i_message(answer: WhoAmI) -> Message:
    """Return a person's roles and what they allow."""
    someone = answer.standing.person
    lines = list(_lines(answer))
    said = ". ".join(f"{title}: {words}" for title, words in lines)
    shown: list[list[Part]] = [[bold(title), f"  {words}"] for title, words in lines]
    return Message(
        text=escape(f"{someone.name}. {said}"),
        blocks=(rich(paragraph("You are ", person(someone.id)), *bullets(shown)),),
    )


def _lines(answer: WhoAmI) -> Iterator[tuple[str, str]]:
    standing = answer.standing
    yield "Roles", listed(sorted(standing.roles)) or "none"
    refused = standing.person.standing()
    if refused:
        yield "May do", f"nothing: {refused}"
        return
    yield "May do", listed(sorted(standing.actions)) or "nothing"
    yield "Can approve as", listed(answer.approves_as) or "no role"
