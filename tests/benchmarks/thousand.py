"""A thousand points x 20 replications of the baseline at a reduced horizon, swept by two workers: `python -m tests.benchmarks.thousand`.

Prints time, most memory of the parent, size of the folder, and what `status` says of it; `--points N` takes fewer,
`--weeks N` another horizon. The engine is the one that a sweep takes by itself, or ACCESSSIM_ENGINE.
"""

import argparse
import json
import tempfile
from pathlib import Path

from tests.benchmarks.sweeps import child

REPLICATIONS = 20


def main() -> None:
    """Sweep, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=1000)
    parser.add_argument("--weeks", type=int, default=8)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as kept:
        place, folder = Path(kept), Path(kept, "kept")
        (place / "town.yaml").write_text(
            f"extends: baseline\nrun: {{weeks: {given.weeks}}}\ndemand: {{history_days: 60}}\n", encoding="utf-8"
        )
        levels = [round(0.5 + nth / given.points, 6) for nth in range(given.points)]
        (place / "asked.yaml").write_text(
            json.dumps(
                {
                    "scenario": "town.yaml",
                    "matrix": {"bureaucracy.level": levels},
                    "replications": REPLICATIONS,
                    "seed": 1,
                }
            ),
            encoding="utf-8",
        )
        seconds, megabytes, _ = child(
            "sweep", str(place / "asked.yaml"), "--out", str(folder), "--workers", "2", "--no-report"
        )
        files = [path for path in folder.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files) / 1e6
        print(
            f"{given.points:,} points x {REPLICATIONS} replications of {given.weeks} weeks: {seconds:.0f} s, "
            f"parent at most {megabytes:.0f} MB; {size:.1f} MB in {len(files):,} files"
        )
        print(child("status", str(folder))[2].strip())


if __name__ == "__main__":
    main()
