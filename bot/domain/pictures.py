"""A picture that stands beside words, never instead of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawn picture.

    Attributes:
        alt: What it shows, with the figures, for who cannot see it; at most 1,000 characters
            (Slack: ``alt_txt`` of files.getUploadURLExternal).
        width: In pixels; twice what is meant to be seen, so that it is sharp on a phone.
        height: In pixels.
    """

    png: bytes
    alt: str
    width: int
    height: int
