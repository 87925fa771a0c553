"""Values that are typed as `path=value`, as after `--set`."""

import re
from typing import Any

from accesssim.world.errors import Problem, ScenarioError
from accesssim.world.reading.keys import NAME
from accesssim.world.reading.yaml import scalar

_NAMES = rf"\[\s*({NAME}\s*(,\s*{NAME}\s*)*)?\]"


def parse_setting(text: str) -> tuple[str, Any]:
    """The path and the value, as YAML reads a plain word or a list of names. Raises ScenarioError."""
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise ScenarioError([Problem("--set", f"{text} must be written path=value, such as bureaucracy.level=1.5")])
    value = value.strip()
    return path.strip(), re.findall(NAME, value) if re.fullmatch(_NAMES, value) else scalar(value)
