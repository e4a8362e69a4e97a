"""What people are told when something breaks on the way to their answer."""

import logging

from bot.domain.errors import (
    BackEndError,
    BackEndUnavailableError,
    NotFoundError,
    StaleWriteError,
    TooLateError,
)
from bot.domain.ports import IdSource
from bot.domain.refusal import Refusal

log = logging.getLogger(__name__)

INCIDENT_LENGTH = 8


def told(error: Exception, ids: IdSource) -> Refusal:
    """Return the answer to a request that ended in an error; the unexpected is logged by number."""
    if isinstance(error, BackEndError):
        return refused_by(error)
    if isinstance(error, StaleWriteError):
        return Refusal(
            what="Somebody else was faster. Nothing was changed by you.",
            remedies=("See how it stands: `/model requests`",),
        )
    return _incident(error, ids)


def refused_by(error: BackEndError) -> Refusal:
    """Return the answer to a request that a back end did not carry out."""
    if isinstance(error, BackEndUnavailableError):
        return Refusal(
            what=f"{error.back_end} does not answer. Nothing was changed.",
            reasons=(error.detail,),
            remedies=("Ask again in a minute; what is under way goes on by itself",),
            is_trouble=True,
        )
    if isinstance(error, TooLateError):
        return Refusal(
            what="The form was not opened. Nothing was changed.",
            reasons=("Herald took longer than the three seconds that Slack gives a click",),
            remedies=("Click again",),
            is_trouble=True,
        )
    if isinstance(error, NotFoundError):
        return Refusal(what="That does not exist any more", reasons=(error.detail,))
    return Refusal(
        what=f"{error.back_end} refused. Nothing was changed.",
        reasons=(error.detail,),
        remedies=("Show this to whoever runs Herald: its permissions may be missing",),
        is_trouble=True,
    )


def _incident(error: Exception, ids: IdSource) -> Refusal:
    number = ids.new()[:INCIDENT_LENGTH]
    log.error("incident %s", number, exc_info=error)
    return Refusal(
        what=f"Herald broke on this (incident {number})",
        reasons=("this is a fault of Herald; what it had written before is on record",),
        remedies=(
            "See how things stand: `/model requests`",
            f"Tell whoever runs Herald the number {number}: the log has the rest",
        ),
        is_trouble=True,
    )
