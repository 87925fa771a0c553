"""Whether runs are the same to the last bit on other processors.

`python -m tests.benchmarks.portable [--arm]`.

Two years of the baseline and of `target_pressure`, as this machine is, and in a process for which all is switched off
that an x86 processor of 2003 does not have: in the C library, in numpy and in what numba compiles for. So the
compiled engine is compiled anew, which takes minutes. What the C library gives is told beside: where that is equal
too, the processor makes no difference to it, and the comparison says nothing.

With `--arm` SimPy's engine runs on a 64-bit Arm processor as well, which is emulated: see `emulated_arm`. Shorter
runs, and `stigma_campaign`, show nothing even with the functions of the C library.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
except ImportError:  # before numpy 2
    from numpy.core._multiarray_umath import __cpu_dispatch__, __cpu_features__

from tests.benchmarks.emulated_arm import arm

ROOT = Path(__file__).parent.parent.parent
NAMES, WEEKS = ("baseline", "target_pressure"), 104
DIGESTS = f"""
import hashlib, math, struct, sys
from accesssim.clinic.engines import simulate
from accesssim.world.reading.files import load
print("C library", hashlib.sha256(b"".join(struct.pack("dd", math.exp(n * 1e-4), math.log(n * 1e-4)) for n in range(1, 100_000))).hexdigest()[:16])
for engine in sys.argv[1:]:
    for name in {NAMES!r}:
        print(engine, name, simulate(load(name).replace({{"run.weeks": {WEEKS}}}), seed=1, engine=engine).digest()[:16])
"""


def is_x86() -> bool:
    """Whether there is something to switch off."""
    return platform.machine().lower() in {"x86_64", "amd64"}


def plain() -> dict[str, str]:
    """The environment of a processor without fused multiplication and wide registers."""
    found = [name for name in __cpu_dispatch__ if __cpu_features__.get(name)]
    return {
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F",
        "NPY_DISABLE_CPU_FEATURES": " ".join(found),
        "NUMBA_CPU_NAME": "x86-64",
        "NUMBA_CPU_FEATURES": "+sse2",
    }


def told(words: list[str], **more: str) -> str:
    """What a process of Python's prints."""
    ended = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=os.environ | more, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def measures(name: str, engine: str, **more: str) -> str:
    """What `run --json` prints of two replications."""
    words = ["run", name, "--weeks", str(WEEKS), "--replications", "2", "--seed", "1", "--engine", engine, "--json"]
    return told(["-m", "accesssim", *words], **more)


def main() -> None:
    """Print the digests of each, and whether all is equal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--arm", action="store_true", help="on an emulated 64-bit Arm processor, too (Debian, x86)")
    parser.add_argument("--engine", choices=["simpy", "fast"], action="append", help="only this one")
    asked = parser.parse_args()
    engines = asked.engine or ["simpy", "fast"]
    with tempfile.TemporaryDirectory() as cache:
        machines = (
            {"this machine": {}, "without fused multiplication": plain() | {"ACCESSSIM_CACHE": cache}}
            if is_x86()
            else {"this machine": {}}
        )
        found = {}
        for machine, more in machines.items():
            lines = told(["-c", DIGESTS, *engines], **more).splitlines()
            found[machine] = lines[1:], [measures(name, engine, **more) for name in NAMES for engine in engines]
            print(machine, *lines, sep="\n  ", flush=True)
    if asked.arm:
        lines = arm(["-c", DIGESTS, "simpy"], ROOT).splitlines()
        print("64-bit Arm, emulated", *lines, sep="\n  ", flush=True)
        assert set(lines[1:]) <= set(found["this machine"][0]), "another journal on Arm"
    assert all(one == found["this machine"] for one in found.values()), "another journal, or other measures"
    print("The same journals and measures.")


if __name__ == "__main__":
    main()
