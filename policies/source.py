"""The policies in force, read from files and read again when these change."""

import hashlib
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.errors import ConfigurationError
from bot.domain.policy import PolicySet
from bot.domain.policy_reading import PolicyReading
from policies.loader import PolicyText, parse_policies, read_policies

log = logging.getLogger(__name__)

AHEAD = timedelta(days=45)
"""Time of which the freeze windows are worked out before anybody asks."""


class FilePolicySource:
    """Holds the policies of files; a broken change leaves those in force that were."""

    def __init__(self, paths: Sequence[Path], environment: str = "") -> None:
        """Load the policies.

        Raises:
            ConfigurationError: If they are not usable: there is nothing to keep at the start.
        """
        self._paths = tuple(paths)
        self._environment = environment
        texts = read_policies(self._paths)
        self._policies = parse_policies(texts, environment)
        self._taken = self._reading = PolicyReading(
            digest=_digest(texts, environment), policies=self._policies
        )

    @property
    def problem(self) -> str:
        """What is wrong with the files that were taken last; empty when they are in force."""
        return self._taken.problem

    def is_valid(self) -> bool:
        """Tell whether the files that were taken last are in force."""
        return not self.problem

    def current(self) -> PolicySet:
        """Return the policies in force now."""
        return self._policies

    def read(self) -> PolicyReading:
        """Return what the files say now; it may take long, and changes nothing in force.

        Files that did not change are not worked out again.
        """
        texts = read_policies(self._paths)
        digest = _digest(texts, self._environment)
        if digest != self._reading.digest:
            self._reading = self._worked_out(texts, digest)
        return self._reading

    def take(self, reading: PolicyReading) -> None:
        """Put what was read in force; what is broken is noted, and those before stay in force."""
        self._policies = reading.policies or self._policies
        self._taken = reading

    def prepare(self, now: datetime) -> None:
        """Work out the freeze windows of the weeks to come, so that nobody waits for it later."""
        for window in (window for policy in self._policies.policies for window in policy.freezes):
            with suppress(Exception):  # who asks for a window that breaks hears of it
                window.spans(now, now + AHEAD)

    def _worked_out(self, texts: Sequence[PolicyText], digest: str) -> PolicyReading:
        try:
            policies = parse_policies(texts, self._environment)
        except ConfigurationError as error:
            return PolicyReading(digest=digest, problem=str(error))
        except Exception as error:  # it must not pass for files that are in force
            log.exception("the policy files cannot be worked out")
            problem = f"The policy files cannot be worked out ({type(error).__name__})."
            return PolicyReading(digest=digest, problem=problem)
        return PolicyReading(digest=digest, policies=policies)


def _digest(texts: Sequence[PolicyText], environment: str) -> str:
    """Return the same for the same files in another folder."""
    said = [
        (Path(each.file).name, each.content, sorted(each.calendars.items()), each.problem)
        for each in texts
    ]
    return hashlib.sha256(repr((environment, said)).encode()).hexdigest()
