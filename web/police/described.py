"""Describes a consent record for the interface: the agreed form of it, and what is taken with gaps all the same."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from engine.intake.record import ConsentRecord

_HERE = "#/components/schemas"
_IDENTITY = ("submission_id", "force", "reason")


class _Description(GenerateJsonSchema):
    """A schema without titles, which only spell the names again, and without defaults: what is left out is unknown."""

    def generate(self, schema: Any, mode: JsonSchemaMode = "validation") -> dict[str, Any]:
        """The schema of the record and of all its parts."""
        found: dict[str, Any] = _plain(super().generate(schema, mode))
        return found


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        spare = {key for key in ("title", "default") if key in node and not isinstance(node[key], dict)}
        return {key: _plain(value) for key, value in node.items() if key not in spare}
    return [_plain(value) for value in node] if isinstance(node, list) else node


def described_parts() -> dict[str, Any]:
    """The parts of a consent record by their names, as components of the description."""
    found = ConsentRecord.model_json_schema(ref_template=f"{_HERE}/{{model}}", schema_generator=_Description)
    parts: dict[str, Any] = found.pop("$defs", {})
    identity = {name: found["properties"][name] for name in _IDENTITY}
    taken = {
        "type": "object",
        "description": "What is taken, with gaps or as a refusal that names every fault: who sends it, under which "
        "number and why must be right; any other field that cannot be read is left out and asked for.",
        "required": list(_IDENTITY),
        "properties": identity,
    }
    return {**parts, "ConsentRecord": found, "AnyConsentRecord": taken}


RECORD = {"anyOf": [{"$ref": f"{_HERE}/ConsentRecord"}, {"$ref": f"{_HERE}/AnyConsentRecord"}]}
"""A consent record as it may be sent."""
