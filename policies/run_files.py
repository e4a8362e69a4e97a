"""Files of a version's run: their text, or what is to be said when there is none."""

from dataclasses import dataclass

from bot.domain.evidence import VersionEvidence, file_part
from bot.domain.policy import OutcomeKind
from policies.found import Found

LATER = "ask again once it can be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFile:
    """A file of a version's run.

    Attributes:
        what: The file in words: ``the model card``.
    """

    evidence: VersionEvidence
    path: str
    what: str

    @property
    def source(self) -> str:
        """Where it is, for people."""
        return f"run {self.evidence.version.run_id}, {self.path}" if self._has_run else ""

    @property
    def text(self) -> str | None:
        """What it says; None when it is not there or was not read."""
        return self.evidence.files.get(self.path)

    def absent(self) -> Found:
        """Return what is to be said when there is no text."""
        reason = self._why_unread()
        if reason is not None:
            text = f"{self.what} could not be read ({reason})"
            return Found(kind=OutcomeKind.ERRORED, text=text, remedy=LATER)
        return Found(
            kind=OutcomeKind.MISSING, text=f"{self.what} is not there", remedy=self.remedy("log it")
        )

    def broken(self, reason: str) -> Found:
        """Return what is to be said when the text is not of its form."""
        return Found(
            kind=OutcomeKind.ERRORED,
            text=f"{self.what} is not readable: {reason}",
            remedy=self.remedy("write it anew"),
        )

    def remedy(self, action: str) -> str:
        """Return what to do about the file."""
        if not self._has_run:
            return f"register a version from a run that has {self.path}"
        return f"{action} as `{self.path}` of run {self.evidence.version.run_id}"

    @property
    def _has_run(self) -> bool:
        return self.evidence.version.run_id is not None

    def _why_unread(self) -> str | None:
        reason = self.evidence.why_unreadable(file_part(self.path))
        was_read = self.path in self.evidence.files or not self._has_run
        return reason or (None if was_read else "nobody looked for it")
