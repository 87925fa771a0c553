"""What the page about sweeps shows is valid: its experiments are read, its commands' options exist, its Python runs."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from accesssim.cli.command_line import cli
from accesssim.study.asking import experiment_files

PAGE = (Path(__file__).parent.parent / "docs" / "sweeps.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", blocks("yaml"))
def test_its_experiments_are_valid(block: str, tmp_path: Path) -> None:
    """Each is read without a problem."""
    (tmp_path / "asked.yaml").write_text(block, encoding="utf-8")
    experiment_files.check(str(tmp_path / "asked.yaml"))


@pytest.mark.parametrize(
    "line",
    [
        line
        for block in (*blocks("sh"), *blocks("bash"))
        for line in block.splitlines()
        if line.startswith("accesssim ")
    ],
)
def test_its_commands_have_these_options(line: str) -> None:
    """Each is understood, though not run here."""
    verb, *words = shlex.split(line)[1:]
    cli.commands[verb].make_context(verb, words)


def test_every_key_of_a_file_is_on_it() -> None:
    """A key that a file may have is told of."""
    from accesssim.study.asking.experiment_layout import KEYS

    for key in KEYS:
        assert f"`{key}" in PAGE or key in ("title", "seed"), key


def test_its_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it stands, as a script, whose workers are processes of their own; no run fails."""
    monkeypatch.chdir(tmp_path)
    for number, block in enumerate(blocks("python")):
        script = tmp_path / f"script{number}.py"
        script.write_text(block, encoding="utf-8")
        ended = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=300, check=False)
        assert ended.returncode == 0, ended.stderr
        assert "wait_to_therapy_mean" in ended.stdout
        assert "Error" not in ended.stderr
