"""Who gets a private answer, and who reads along."""

import pytest

from bot.domain.messages import Addressee
from bot.domain.names import ChannelId
from tests.builders import CHANNEL, REQUESTER


@pytest.mark.parametrize(
    ("channel", "alone"), [(ChannelId("D0HERALD"), True), (CHANNEL, False), (ChannelId(""), False)]
)
def test_nobody_reads_along_in_the_direct_conversation_only(
    channel: ChannelId, *, alone: bool
) -> None:
    assert Addressee(user=REQUESTER, channel=channel).is_alone is alone
