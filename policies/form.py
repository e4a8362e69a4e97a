"""What every mapping of a policy file has in common."""

from pydantic import BaseModel, ConfigDict


class Entry(BaseModel):
    """A mapping in a policy file: no unknown keys, no values of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
