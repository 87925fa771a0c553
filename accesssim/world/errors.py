"""What can go wrong for a user. Each error is one clear line a problem: place, what is wrong, what would be right.

AccessSimError
├── ScenarioError      a scenario or experiment file, or a setting, is not valid: all its problems at once
└── (raised beside their nouns) FolderError, TooManyRuns, TooMuchDemand, …
"""

from collections.abc import Sequence
from dataclasses import dataclass


class AccessSimError(Exception):
    """Anything that a user can put right."""


def printable(text: str, also: str = "") -> str:
    """What a terminal shows as it stands: letters that would steer it are escaped, but for those of `also`."""
    return (
        text
        if text.isprintable()
        else "".join(
            letter if letter.isprintable() or letter in also else letter.encode("unicode_escape").decode()
            for letter in text
        )
    )


def title_of(text: str) -> str:
    """A title as a file gives it, in one line that can be shown."""
    return printable(" ".join(text.split()))


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where: `file:line:column`, `--set`, or the name of a call."""

    place: str
    message: str

    def __str__(self) -> str:
        """One line, whatever a file or a name holds."""
        return printable(f"{self.place}: {self.message}")


class ScenarioError(AccessSimError):
    """A file or setting is not valid."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type["ScenarioError"], tuple[list[Problem]]]:
        return type(self), (self.problems,)
