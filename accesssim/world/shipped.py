"""Where the scenarios, experiments and the evidence table that come with accesssim are: in a checkout or in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped_folder(kind: str) -> Path:
    """The folder of shipped `scenarios` or `experiments`."""
    inside = _PACKAGE / "_shipped" / kind
    return inside if inside.is_dir() else _PACKAGE.parent / kind


def shipped_names(kind: str) -> list[str]:
    """Names of shipped files, in order; those in folders with the folder's name."""
    folder = shipped_folder(kind)
    return sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.yaml"))


def shipped_path(kind: str, name: str) -> Path | None:
    """Path of a shipped file by its name, or None."""
    return shipped_folder(kind) / f"{name}.yaml" if name in shipped_names(kind) else None
