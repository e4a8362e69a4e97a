"""Policies for one environment are only in force where it is known which one this is."""

from bot.domain.errors import ConfigurationError
from bot.domain.policy import PolicySet
from policies.findings import hint

SETTING = "HERALD_ENVIRONMENT"


def require_environment(policies: PolicySet) -> None:
    """Refuse policies for environments of which this is none.

    A wrong or missing word would leave out the very policies that are stricter here, in silence.

    Raises:
        ConfigurationError: Some policy names environments, and none of them is this one.
    """
    named = sorted({name for policy in policies.policies for name in policy.environments})
    here = policies.environment
    if not named or here in named:
        return
    if not here:
        problem = f"it is not set, and policies name environments: {', '.join(named)}"
        raise ConfigurationError(SETTING, problem, "Set it to the one that Herald works in")
    problem = f"no policy names the environment `{here}`"
    raise ConfigurationError(SETTING, problem, hint(here, named))
