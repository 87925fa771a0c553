"""The JSON Schema of scenario files, for editors: what `files` reads, printed from the one declaration."""

from typing import Any

from accesssim.world.checking.values import QUALITIES
from accesssim.world.reading.ages import COLUMNS
from accesssim.world.sections.parameters import Parameters

_PLAIN = {"type": ["number", "string", "boolean", "null"]}
_FORMS = {
    "SourcedValue": {
        "type": "object",
        "description": "a value with its unit, range, source and quality",
        "properties": {
            "value": _PLAIN,
            "unit": {"type": "string"},
            "low": {"type": ["number", "string"]},
            "high": {"type": ["number", "string"]},
            "source": {"type": "string"},
            "quality": {"enum": list(QUALITIES)},
            "note": {"type": "string"},
        },
        "required": ["value"],
        "additionalProperties": False,
    },
    "EvidenceKey": {
        "type": "object",
        "description": "value, range, source and quality from the evidence table",
        "properties": {"evidence": {"type": "string"}},
        "required": ["evidence"],
        "additionalProperties": False,
    },
}
_REFERENCES = [{"$ref": f"#/$defs/{name}"} for name in _FORMS]
_SPAN = {
    "type": "string",
    "pattern": r"^\s*[-+]?\d+(\.\d+)?\s*[A-Za-z%]+\s*$",
    "description": "a span such as 26 weeks",
}
_TABLE = {
    "type": "string",
    "pattern": r"\.csv$",
    "description": f"a table beside this file, a line a person, with one of the columns {', '.join(COLUMNS)}",
}
_ABOUT = ("title", "description", "default", "unit", "kind")


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a scenario file."""
    schema = Parameters.model_json_schema()
    definitions = schema["$defs"]
    for section in definitions.values():
        section["properties"] = {name: _forms(field) for name, field in section["properties"].items()}
        section.pop("required", None)  # a child says only what differs
    ages = definitions["Initial"]["properties"]["ages"]
    ages["additionalProperties"] = {"anyOf": [ages["additionalProperties"], _TABLE]}
    schema["properties"] |= {
        "extends": {"type": "string", "description": "the parent: a shipped name, or a path beside this file"},
        "title": {"type": "string"},
        "changes": {
            "type": "array",
            "description": "what comes into force later",
            "items": {
                "type": "object",
                "properties": {
                    "from": {"type": ["string", "integer"], "description": "week 26, day 100 or a date"},
                    "set": {
                        "type": "object",
                        "description": "dotted path: value",
                        "additionalProperties": {"anyOf": [_PLAIN, *_REFERENCES]},
                    },
                },
                "required": ["from", "set"],
                "additionalProperties": False,
            },
        },
    }
    definitions |= _FORMS
    return schema


def _forms(field: dict[str, Any]) -> dict[str, Any]:
    """The ways in which a value may be written."""
    if "$ref" in field:
        return field
    about = {key: field[key] for key in _ABOUT if key in field}
    if field.get("type") == "object":  # free names with a section or a number each
        inner = field["additionalProperties"]
        return field if "$ref" in inner else field | {"additionalProperties": {"anyOf": [inner, *_REFERENCES]}}
    plain = {key: value for key, value in field.items() if key not in _ABOUT}
    plain = {"anyOf": plain["anyOf"]} if set(plain) == {"anyOf"} else {"anyOf": [plain]}
    if any(form.get("type") == "boolean" for form in plain["anyOf"]):
        plain["anyOf"].append({"enum": ["on", "off"]})
    if any(form.get("type") in ("number", "integer") for form in plain["anyOf"]):
        plain["anyOf"].append(_SPAN)
    return about | {"anyOf": [*plain["anyOf"], *_REFERENCES]}
