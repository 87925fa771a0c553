"""What a result was made with, as `run.json` holds it: nothing hangs on it, but whoever finds the folder may want to know."""

import json
import platform
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from accesssim.study.running.plan import Plan
from accesssim.world.results_digest import PACKAGE

_LIBRARIES = ("simpy", "numpy", "scipy", "pandas", "pyarrow", "pydantic", "ruamel.yaml", "numba", "llvmlite")


def provenance(plan: Plan, command: str) -> bytes:
    """The command, the digest of the code that decides results, its commit where it is a checkout's, and versions of Python and libraries."""
    versions = {"accesssim": plan.version, "python": platform.python_version()}
    for name in _LIBRARIES:
        with suppress(metadata.PackageNotFoundError):  # the compiled engine need not be there
            versions[name] = metadata.version(name)
    checkout = commit(PACKAGE.parent)
    held = {"command": command, "code": plan.code, **({"commit": checkout} if checkout else {}), "versions": versions}
    return (json.dumps(held, indent=1) + "\n").encode()


def commit(checkout: Path) -> str | None:
    """The commit that a folder is a checkout of, as git writes it down; None where it is none, or git keeps it otherwise."""
    try:
        git = checkout / ".git"
        if git.is_file():  # of a further working tree
            git = checkout / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
        head = (git / "HEAD").read_text(encoding="ascii").strip()
        if not head.startswith("ref: "):
            return _commit(head)
        name = head.removeprefix("ref: ")
        shared = git / "commondir"
        home = git / shared.read_text(encoding="utf-8").strip() if shared.is_file() else git
        if (home / name).is_file():
            return _commit((home / name).read_text(encoding="ascii").strip())
        packed = (home / "packed-refs").read_text(encoding="utf-8").splitlines()
        return next((_commit(line.partition(" ")[0]) for line in packed if line.endswith(f" {name}")), None)
    except (OSError, ValueError):
        return None


def _commit(text: str) -> str | None:
    return text if len(text) >= 40 and set(text) <= set("0123456789abcdef") else None
