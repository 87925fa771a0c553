"""Python on an emulated 64-bit Arm processor, on Debian and x86, with nothing installed.

`python -m tests.benchmarks.emulated_arm -c 'print(1)'`.

Into a temporary folder go, by the ordinary clients and their own settings: the emulator (qemu) and Debian's packages
of Python for Arm, unpacked; wheels of what a run needs, in the versions that are installed here. Some hundred
megabytes are fetched, and gone afterwards.
"""

import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

EMULATOR = "qemu-user-static:amd64"
PACKAGES = (
    "libc6", "libpython3.11-minimal", "libpython3.11-stdlib", "python3.11-minimal", "zlib1g", "libexpat1",
    "libssl3", "libgcc-s1", "libstdc++6", "libffi8", "libbz2-1.0", "liblzma5", "libsqlite3-0", "libuuid1",
    "libcrypt1", "libtinfo6", "libncursesw6", "libreadline8", "libdb5.3",
)  # fmt: skip
WHEELS = (
    "numpy",
    "pydantic",
    "pydantic_core",
    "simpy",
    "ruamel.yaml",
    "typing_extensions",
    "typing-inspection",
    "annotated-types",
    "click",
)
PLATFORMS = ("manylinux_2_28_aarch64", "manylinux_2_27_aarch64", "manylinux2014_aarch64")  # not all are offered for one


def arm(words: list[str], project: Path) -> str:
    """What Python prints there, told so many words, with a project to import from."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root, site = folder / "root", folder / "site"
        _packages(folder, root)
        _wheels(folder, site)
        settings = {"PYTHONHOME": f"{root}/usr", "PYTHONPATH": f"{site}:{project}", "PYTHONDONTWRITEBYTECODE": "1"}
        given = [word for name, value in settings.items() for word in ("-E", f"{name}={value}")]
        emulator = folder / "emulator" / "usr" / "bin" / "qemu-aarch64-static"
        return _told([str(emulator), "-L", str(root), *given, str(root / "usr" / "bin" / "python3.11"), *words], folder)


def _packages(folder: Path, root: Path) -> None:
    """Debian's, of both kinds of processor, unpacked; the lists of this system's own settings are fetched into the folder."""
    for name in ("lists/partial", "archives/partial", "packages"):
        (folder / name).mkdir(parents=True)
    settings = {
        "APT::Architecture": "amd64", "APT::Architectures": "amd64,arm64", "APT::Sandbox::User": "root", "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder, "Dir::Cache::archives": folder / "archives",
    }  # fmt: skip
    given = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
    _told(["apt-get", *given, "--quiet", "update"], folder)
    _told(
        ["apt-get", *given, "--quiet", "download", EMULATOR, *(f"{name}:arm64" for name in PACKAGES)],
        folder / "packages",
    )
    for package in sorted((folder / "packages").glob("*.deb")):
        into = folder / "emulator" if package.name.startswith("qemu") else root
        _told(["dpkg", "--extract", str(package), str(into)], folder)


def _wheels(folder: Path, site: Path) -> None:
    """For Arm and Debian's Python."""
    wanted = [f"{name}=={metadata.version(name)}" for name in WHEELS]
    which = [
        *(f"--platform={platform}" for platform in PLATFORMS),
        "--python-version=3.11",
        "--only-binary=:all:",
        "--no-deps",
        "--quiet",
    ]
    _told([sys.executable, "-m", "pip", "install", *which, f"--target={site}", *wanted], folder)


def _told(words: list[str], folder: Path) -> str:
    ended = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"{' '.join(words)}\n{ended.stderr}"
    return ended.stdout


if __name__ == "__main__":
    print(arm(sys.argv[1:], Path(__file__).parent.parent.parent), end="")
