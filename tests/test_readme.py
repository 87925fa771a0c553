"""The README's commands run, its Python runs, its picture exists."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from accesssim.cli.command_line import cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    """Every accesssim command of the README, but the main job."""
    lines = [line.split("#")[0].strip() for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line.startswith("accesssim ")]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what a command may need, as the working folder."""
    (tmp_path / "experiments").symlink_to(ROOT / "experiments")
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_command_runs(project: Path) -> None:
    """In their order, reduced to a few weeks and runs where they can be; each ends well."""
    assert len(commands()) >= 7
    for line in commands():
        words = shlex.split(line)[1:]
        if words[0] in ("run", "compare"):
            words += ["--weeks", "4", "--replications", "2"]
        if words[0] == "trace":
            words += ["--weeks", "4"]
        found = CliRunner().invoke(cli, words)
        assert found.exit_code == 0, (line, found.output, found.exception)
        assert found.output


def test_the_scenario_shown_is_valid(project: Path) -> None:
    """What the README shows as a scenario file is one."""
    from accesssim.world.reading.files import check

    for number, block in enumerate(blocks("yaml")):
        (project / f"shown{number}.yaml").write_text(block, encoding="utf-8")
        assert check([f"shown{number}.yaml"]) == []


def test_its_python_runs(project: Path) -> None:
    """Reduced to two replications of a few weeks."""
    for block in blocks("python"):
        reduced = block.replace(
            'accesssim.load("baseline")', 'accesssim.load("baseline").replace({"run.weeks": 6})'
        ).replace("replications=10", "replications=2")
        assert reduced != block
        exec(compile(reduced, "README.md", "exec"), {})


def test_its_pictures_and_files_exist() -> None:
    """Every relative link leads somewhere."""
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert "://" in target or (ROOT / target).exists(), target
    for name in re.findall(r"`((?:experiments|scenarios)/[\w/]*)`", README):
        assert (ROOT / name).exists(), name
