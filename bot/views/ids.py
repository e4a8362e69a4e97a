"""Names by which clicks and submissions come back from Slack."""

from enum import StrEnum


class ActionId(StrEnum):
    """Everything that can be clicked; buttons carry the key of a stored card as their value."""

    APPROVE = "request.approve"
    REJECT = "request.reject"
    MORE = "request.overflow"
    DETAILS = "request.details"
    COMPARE = "request.compare"
    CANCEL = "request.cancel"
    UNDO = "request.undo"
    RESUME = "request.resume"
    ROLL_BACK = "request.roll_back"
    PROMOTE = "comparison.promote"
    CHECK = "comparison.check"
    SHARE = "comparison.share"
    REASON = "reason"


class MoreOption(StrEnum):
    """Choices of a request's overflow menu; the card's key is the ``block_id`` round the menu."""

    DETAILS = "details"
    COMPARE = "compare"
    CANCEL = "cancel"


class BlockId(StrEnum):
    """Blocks of modals whose values are read."""

    REASON = "reason"


class CallbackId(StrEnum):
    """Modals that come back; ``private_metadata`` holds the key of the stored card."""

    REJECT = "request.reject"
    PROMOTE = "comparison.promote"
    DETAILS = "request.details"
