"""What can go wrong, as one tree.

HeraldError
├── BackEndError              a registry, serving platform or chat did not do as asked
│   ├── BackEndUnavailableError    no answer within the deadline, refused, overloaded or busy
│   │   └── RateLimitedError           it asks for fewer calls, and says when to come again
│   ├── BackEndRefusedError        it answered, and said no (permission, invalid argument)
│   │   ├── ChannelClosedError         Herald cannot post in this channel
│   │   └── TooLateError               a click no longer opens a form
│   ├── NotFoundError              the thing does not exist there
│   └── EndpointBusyError          another update of the endpoint is in progress
├── GoneError                 what a request is about is not in the registry any more
├── IllegalTransitionError    a change request was asked to do what its state does not allow
├── StaleWriteError           somebody else changed the record first; read again and retry
├── LostLeaseError            another replica has taken over this execution
├── StepFailedError           a step cannot reach its goal; what was written is to be undone
└── ConfigurationError        a setting or policy file is wrong; one line says which and what to do
"""

from dataclasses import dataclass


class HeraldError(Exception):
    """Anything that Herald raises by itself."""


@dataclass(eq=False)
class BackEndError(HeraldError):
    """A back end did not do as asked.

    Attributes:
        back_end: Which one, in words for people: ``The registry``, ``The serving platform``.
        detail: What happened, free of hosts, tokens and request bodies.
    """

    back_end: str
    detail: str

    def __str__(self) -> str:
        return f"{self.back_end}: {self.detail}"


class BackEndUnavailableError(BackEndError):
    """No usable answer came in time; nobody knows whether the call took effect."""


@dataclass(eq=False)
class RateLimitedError(BackEndUnavailableError):
    """Too many calls: nothing was done.

    Attributes:
        retry_after_s: Seconds after which the back end takes the call again.
    """

    retry_after_s: float = 1.0


class BackEndRefusedError(BackEndError):
    """The back end understood and refused."""


class ChannelClosedError(BackEndRefusedError):
    """Herald cannot post there: it is no member, or the channel is archived or gone."""


class TooLateError(BackEndRefusedError):
    """Too much time has passed since a click for a form to be opened by it."""


class NotFoundError(BackEndError):
    """The named thing does not exist in the back end."""


class EndpointBusyError(BackEndError):
    """The endpoint is taking another update and accepts none now."""


@dataclass(eq=False)
class GoneError(HeraldError):
    """What a change request is about is not in the registry any more.

    Attributes:
        told: Which of it, and what to do, for people.
    """

    told: str


@dataclass(eq=False)
class IllegalTransitionError(HeraldError):
    """A change request cannot go from its state by this way."""

    request: str
    state: str
    transition: str

    def __str__(self) -> str:
        return f"{self.request} is {self.state}: it cannot {self.transition}"


@dataclass(eq=False)
class StaleWriteError(HeraldError):
    """A record changed between reading and writing it."""

    record: str

    def __str__(self) -> str:
        return f"{self.record} was changed by somebody else; read it again"


@dataclass(eq=False)
class LostLeaseError(HeraldError):
    """The execution belongs to another replica now."""

    request: str

    def __str__(self) -> str:
        return f"{self.request} is executed by another replica"


@dataclass(eq=False)
class StepFailedError(HeraldError):
    """A step cannot reach its goal.

    Attributes:
        reason: For people, free of hosts and tokens; the platform's own words where it gave any.
    """

    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(eq=False)
class ConfigurationError(HeraldError):
    """A setting, file or database is not usable.

    Attributes:
        where: The setting's name, or ``file:line:column``.
        problem: What is wrong with it.
        remedy: What to do.
    """

    where: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}. {self.remedy}"
