"""The policies in force, read from files and read again when these change."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from bot.domain.errors import ConfigurationError
from bot.domain.policy import PolicySet
from policies.loader import parse_policies, read_policies


class FilePolicySource:
    """Holds the policies of files; a broken change leaves those in force that were."""

    def __init__(self, paths: Sequence[Path], environment: str = "") -> None:
        """Load the policies.

        Raises:
            ConfigurationError: If they are not usable: there is nothing to keep at the start.
        """
        self._paths = tuple(paths)
        self._texts = read_policies(self._paths)
        self._environment = environment
        self._policies = parse_policies(self._texts, environment)
        self._problem: str | None = None

    @property
    def problem(self) -> str | None:
        """What is wrong with the files as they are now; None when they are in force."""
        return self._problem

    @property
    def digest(self) -> str:
        """SHA-256, hex, of the files as they are now, names and all."""
        return hashlib.sha256(repr(self._texts).encode()).hexdigest()

    def is_valid(self) -> bool:
        """Tell whether the files as they are now are in force."""
        return self._problem is None

    def current(self) -> PolicySet:
        """Return the policies in force now."""
        return self._policies

    def refresh(self) -> str | None:
        """Read the files again and take over what they say, when it changed.

        Returns:
            What is wrong with them, once for each change; None when nothing is, or nothing new.
        """
        texts = read_policies(self._paths)
        if texts == self._texts:
            return None
        self._texts = texts
        try:
            self._policies, self._problem = parse_policies(texts, self._environment), None
        except ConfigurationError as error:
            self._problem = str(error)
        return self._problem
