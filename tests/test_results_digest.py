"""One name for the code that decides results: a rule changes it, a comment does not; what another code made goes on with --update alone."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from accesssim.study.asking.experiment import Experiment
from accesssim.study.faults import FolderError, OtherVersion
from accesssim.study.result import Result
from accesssim.study.running import provenance
from accesssim.study.running.folder import ResultFolder
from accesssim.study.running.plan import Plan, Point, Shard
from accesssim.study.running.shard import Task, work
from accesssim.world import results_digest
from tests.clinics import small

RULE = Path("clinic", "rules", "burnout.py")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the package, without what Python has compiled."""
    shutil.copytree(results_digest.PACKAGE, tmp_path / "accesssim", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "accesssim"


def digest_of(package: Path) -> str:
    return results_digest.digest(package, results_digest.RESULTS)


def test_what_changes_nothing_does_not_count(copied: Path) -> None:
    """Comments, docstrings, ends of lines, a mark at the beginning, files that cannot be imported."""
    rule = copied / RULE
    plain = rule.read_text(encoding="utf-8")
    for text in (
        plain.replace("\n", "\r\n"),
        f"# a remark\n\n{plain}\n# another\n",
        f"\ufeff{plain}",
        re.sub(r'^""".*?"""', '"""Something else."""', plain, count=1, flags=re.DOTALL),
        re.sub(r'^""".*?"""', "", plain, count=1, flags=re.DOTALL),
    ):
        assert text != plain
        rule.write_bytes(text.encode())
        assert digest_of(copied) == results_digest.of_results()
    (copied / "clinic" / "burnout-copy.py").write_text("x = 1\n", encoding="utf-8")
    (copied / "cli" / "screen.py").write_text("x = 1\n", encoding="utf-8")
    assert digest_of(copied) == results_digest.of_results()


@pytest.mark.parametrize("name", ["clinic/rules/burnout.py", "world/chance.py", "study/measuring/waits.py"])
def test_what_decides_results_counts(copied: Path, name: str) -> None:
    """A number of a rule, of luck, of a measure; what has another name, what is there besides."""
    file = copied / name
    plain = file.read_text(encoding="utf-8")
    file.write_text(f"{plain}\n_MORE = 1\n", encoding="utf-8")
    found = {digest_of(copied), results_digest.of_results()}
    file.write_text(f"{plain}\n_MORE = 2\n", encoding="utf-8")
    found.add(digest_of(copied))
    file.write_text(plain, encoding="utf-8")
    file.rename(file.with_name("renamed.py"))
    found.add(digest_of(copied))
    assert len(found) == 4


def test_it_is_kept_by_the_bytes_of_the_files(copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither times nor sizes are gone by; what is kept is not trusted where others can write to it."""
    monkeypatch.setenv("ACCESSSIM_CACHE", str(tmp_path / "cache"))
    kept = tmp_path / "cache" / "accesssim" / "digests"
    found = digest_of(copied)
    held = kept.read_text(encoding="ascii")
    assert found in held
    stamp = (copied / RULE).stat()
    changed = (copied / RULE).read_text(encoding="utf-8").replace("1", "2")
    (copied / RULE).write_text(changed, encoding="utf-8")
    os.utime(copied / RULE, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert digest_of(copied) != found

    forged = re.sub(r" \w{16}\n", f" {'0' * 16}\n", held)
    kept.write_text(forged, encoding="ascii")
    shutil.copy2(results_digest.PACKAGE / RULE, copied / RULE)
    assert digest_of(copied) == "0" * 16
    kept.parent.chmod(0o777)
    assert digest_of(copied) == found


def test_all_that_decides_results_is_listed() -> None:
    """Whatever is imported by what is listed is listed itself."""
    listed = results_digest.files(results_digest.PACKAGE, results_digest.RESULTS)
    root = results_digest.PACKAGE.parent
    modules = {path.relative_to(root).with_suffix("").as_posix().replace("/", ".") for path in listed}
    packages = {module.removesuffix(".__init__") for module in modules if module.endswith(".__init__")}
    unlisted = {
        (path.relative_to(root).as_posix(), name)
        for path in listed
        for name in _imported(path, root)
        if name not in modules | packages
    }
    assert not unlisted
    engines = results_digest.files(results_digest.PACKAGE, results_digest.ENGINES)
    assert not [name for path in engines for name in _imported(path, root) if name.startswith("accesssim.study")]


def _imported(path: Path, root: Path) -> set[str]:
    """Modules of accesssim that a file imports anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("accesssim"):
            inner = [f"{node.module}.{name.name}" for name in node.names]
            found |= {name if _is_module(root, name) else str(node.module) for name in inner}
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names if name.name.startswith("accesssim")}
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path} imports by its place"
    return found


def _is_module(root: Path, name: str) -> bool:
    path = root.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or path.is_dir()


def _sweep(copied: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "accesssim", "sweep", "asked.yaml", "--no-report", "--workers", "1", *words],
        cwd=copied.parent,
        env={**os.environ, "PYTHONPATH": str(copied.parent), "ACCESSSIM_ENGINE": "simpy"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_folder_of_other_code_goes_on_with_update_alone(copied: Path) -> None:
    """Under the same version: with a remark more replications are added, with another rule they are not; both codes are named."""
    shutil.copytree(results_digest.PACKAGE.parent / "scenarios", copied.parent / "scenarios")
    (copied.parent / "asked.yaml").write_text(
        "scenario: baseline\nmatrix: {run.weeks: [2], demand.history_days: [60]}\nreplications: 1\n", encoding="utf-8"
    )
    folder = copied.parent / "results" / "asked"
    assert _sweep(copied).returncode == 0

    rule = copied / RULE
    plain = rule.read_text(encoding="utf-8")
    rule.write_text(f"# A remark.\n{plain}", encoding="utf-8")
    told = _sweep(copied, "--more", "1")
    assert told.returncode == 0, told.stderr
    before = json.loads((folder / "plan.json").read_text(encoding="utf-8"))["code"]
    assert before == results_digest.of_results()

    rule.write_text(f"{plain}\n_MORE = 1\n", encoding="utf-8")
    for more in ((), ("--more", "2")):
        told = _sweep(copied, *more)
        assert told.returncode == 2
        named = re.search(r"\(version: (\S+) of code (\w{16}) here, (\S+) of code (\w{16}) there\)", told.stderr)
        assert named is not None, told.stderr
        assert named[1] == named[3]
        assert (named[2], named[4]) == (digest_of(copied), before)
        assert "--update" in told.stderr
    assert Result.read(folder).count == 2

    assert _sweep(copied, "--update").returncode == 0
    assert Result.read(folder).count == 1
    assert len(list((folder / "stale").glob("runs-*"))) == 2
    kept = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert kept["code"] == digest_of(copied) != before
    assert "commit" not in kept
    assert {"numpy", "numba", "python"} <= set(kept["versions"])


def test_a_folder_from_before_there_was_a_digest_can_be_read(tmp_path: Path) -> None:
    """To go on with it, it says that the version differs; `update` runs it again."""
    asked = Experiment(small(run__weeks=4), replications=1, seed=5)
    asked.run(out=tmp_path)
    (tmp_path / "plan.json").write_text(replace(ResultFolder(tmp_path).plan(), code="").to_json(), encoding="utf-8")
    assert Plan.from_json((tmp_path / "plan.json").read_text(encoding="utf-8")).code == ""
    with pytest.raises(FolderError, match=r"\(version: \S+ of code \w{16} here, \S+ of unknown code there\)"):
        asked.run(out=tmp_path)
    asked.run(out=tmp_path, update=True)
    assert ResultFolder(tmp_path).plan().code == results_digest.of_results()


def test_a_question_from_before_is_what_it_was() -> None:
    """Else the shards of 0.1.0 would answer nothing that is asked of them."""
    point = Point(0, {"run.weeks": 4}, "0" * 64, 4.0, 0.1)
    plan = Plan("asked", "Asked", "town", 5, 1, "simpy", "EUR", (point,), "0.1.0")
    assert plan.question() == "8174afd46bc80aa5cf8d1a75a91b8dedab1045bc44b10de8a41840a24f1b56bf"
    assert plan.question() != replace(plan, code="0" * 16).question()


def test_a_worker_of_other_code_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the same version; the message names both."""
    task = Task(Shard(0, 0, 1), small(run__weeks=4), 1)
    monkeypatch.setattr(results_digest, "of_results", lambda: "0" * 16)
    with pytest.raises(
        OtherVersion, match=rf"a worker has accesssim \S+ of code 0{{16}}, and this is \S+ of code {task.code}: "
    ):
        work(task)


def test_the_commit_is_read_as_git_writes_it(tmp_path: Path) -> None:
    """A branch in a file or packed, a commit alone, a further working tree; anything else is none."""
    git, one, other = tmp_path / ".git", "1" * 40, "2" * 40
    assert provenance.commit(tmp_path) is None
    git.mkdir()
    (git / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    (git / "packed-refs").write_text(f"# pack-refs with: peeled\n{one} refs/heads/main\n", encoding="utf-8")
    assert provenance.commit(tmp_path) == one
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "refs" / "heads" / "main").write_text(f"{other}\n", encoding="utf-8")
    assert provenance.commit(tmp_path) == other
    (git / "HEAD").write_text(f"{one}\n", encoding="utf-8")
    assert provenance.commit(tmp_path) == one
    (git / "HEAD").write_text("something else\n", encoding="utf-8")
    assert provenance.commit(tmp_path) is None
    further = tmp_path / "further"
    further.mkdir()
    (further / ".git").write_text(f"gitdir: {git / 'worktrees' / 'further'}\n", encoding="utf-8")
    (git / "worktrees" / "further").mkdir(parents=True)
    (git / "worktrees" / "further" / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    (git / "worktrees" / "further" / "commondir").write_text("../..\n", encoding="utf-8")
    assert provenance.commit(further) == other
