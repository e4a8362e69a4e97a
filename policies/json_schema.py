"""The form of policy files as JSON Schema, for editors."""

import json
from datetime import timedelta

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import DictSchema

from policies.schema import PolicyFile

TITLE = "Herald policies"
HOUR = timedelta(hours=1)


def policy_schema() -> str:
    """Return the JSON Schema of a policy file, as text that ends with a line break."""
    schema = PolicyFile.model_json_schema(schema_generator=_Generator)
    head = {"$schema": GenerateJsonSchema.schema_dialect, **schema, "title": TITLE}
    return json.dumps(head, indent=2) + "\n"


class _Generator(GenerateJsonSchema):
    """Writes default durations as policy files do, and lets no name pass that does not fit."""

    def dict_schema(self, schema: DictSchema) -> JsonSchemaValue:
        found = super().dict_schema(schema)
        closed = {"additionalProperties": False} if "patternProperties" in found else {}
        return {**found, **closed}

    def encode_default(self, dft: object) -> object:
        return f"{dft // HOUR}h" if isinstance(dft, timedelta) else super().encode_default(dft)
