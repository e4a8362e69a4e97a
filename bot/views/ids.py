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
    SHARE_HEALTH = "health.share"
    SHARE_COMPLIANCE = "compliance.share"
    FILE_CARD = "check.file_card"
    TAG = "check.tag"
    CARD_FIELD = "card.field"
    REASON = "reason"
    PICK_MODEL = "pick.model"
    PICK_VERSION = "pick.version"
    PICK_BASE = "pick.base"
    PICK_ALIAS = "pick.alias"
    OPEN_PROMOTE = "home.promote"
    OPEN_COMPARE = "home.compare"
    REFRESH_HOME = "home.refresh"


class MoreOption(StrEnum):
    """Choices of a request's overflow menu; the card's key is the ``block_id`` round the menu."""

    DETAILS = "details"
    COMPARE = "compare"
    CANCEL = "cancel"


class BlockId(StrEnum):
    """Blocks of modals whose values are read."""

    REASON = "reason"
    MODEL = "model"
    ALIAS = "alias"


class CallbackId(StrEnum):
    """Modals that come back; ``private_metadata`` holds the key of the stored card."""

    REJECT = "request.reject"
    APPROVE = "request.approve"
    CANCEL = "request.cancel"
    PROMOTE = "comparison.promote"
    DETAILS = "request.details"
    MODEL_CARD = "check.model_card"
    PICK_PROMOTE = "pick.promote"
    PICK_COMPARE = "pick.compare"


class Shortcut(StrEnum):
    """What can be begun from anywhere in Slack, as the app's manifest names it."""

    PROMOTE = "promote_model"
    COMPARE = "compare_versions"
