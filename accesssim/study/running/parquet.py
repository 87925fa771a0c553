"""Tables as Parquet files: a shard's rows written, read back and checked; a result's rows read whole, or a point and some columns at a time."""

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from accesssim.study.faults import DamagedUnderWay
from accesssim.study.measuring.measures import now_called
from accesssim.study.running import disk
from accesssim.study.running.ledger import TABLES, Entry, Ledger
from accesssim.study.running.plan import Shard
from accesssim.study.running.rows import Rows

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class Tables(Protocol):
    """Where the rows of a result are."""

    def table(self, name: str, point: int | None = None, columns: Sequence[str] | None = None) -> "pd.DataFrame":
        """A table in plan order: of every point or one, all columns or those of some that it has."""

    def columns(self, name: str) -> list[str]:
        """The columns of a table."""

    def counts(self) -> dict[int, int]:
        """How many replications of each point are done, without those that failed."""

    def failed(self, point: int | None = None) -> int:
        """How many replications failed, of every point or one."""


class InMemory:
    """Rows that are held in memory."""

    def __init__(self, *tables: "pd.DataFrame") -> None:
        """The tables, in the order of TABLES."""
        self._tables = dict(zip(TABLES, tables, strict=True))

    def table(self, name: str, point: int | None = None, columns: Sequence[str] | None = None) -> "pd.DataFrame":
        """See Tables."""
        frame = self._tables[name]
        if columns is not None:
            frame = frame[[column for column in columns if column in frame]]
        return frame if point is None or not len(frame) else frame[self._tables[name]["point"] == point]

    def columns(self, name: str) -> list[str]:
        """See Tables."""
        return list(self._tables[name].columns)

    def counts(self) -> dict[int, int]:
        """See Tables."""
        runs = self._tables["runs"]
        return (
            {int(point): len(rows) for point, rows in runs["replication"].groupby(runs["point"])} if len(runs) else {}
        )

    def failed(self, point: int | None = None) -> int:
        """See Tables."""
        return len(self.table("failures", point))


class OnDisk:
    """Rows in the files that a ledger names; every file is checked as it is read. Raises Damaged if one is missing or changed."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def table(self, name: str, point: int | None = None, columns: Sequence[str] | None = None) -> "pd.DataFrame":
        """See Tables."""
        import pandas as pd

        entries = self._ledger.entries() if point is None else self._ledger.of(point)
        parts = [rows for entry in entries if len(rows := self.rows(name, entry, columns))]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    def rows(self, name: str, entry: Entry, columns: Sequence[str] | None = None) -> "pd.DataFrame":
        """The rows of one shard; empty where it has none."""
        import pandas as pd
        import pyarrow.parquet as pq

        for file in entry.files_of(name):
            held = pq.ParquetFile(io.BytesIO(self._ledger.held(file, entry)))
            names = [*map(now_called, held.schema_arrow.names)]
            wanted = held.schema_arrow.names
            if columns is not None:
                wanted = [held.schema_arrow.names[names.index(column)] for column in columns if column in names]
            table: pa.Table = held.read(columns=wanted)
            frame: pd.DataFrame = table.rename_columns([*map(now_called, table.column_names)]).to_pandas()
            return frame
        return pd.DataFrame()

    def counts(self) -> dict[int, int]:
        """See Tables."""
        found: dict[int, int] = {}
        for entry in self._ledger.entries():
            if entry.runs:
                found[entry.point] = found.get(entry.point, 0) + entry.runs
        return found

    def failed(self, point: int | None = None) -> int:
        """See Tables."""
        return sum(entry.failures for entry in (self._ledger.entries() if point is None else self._ledger.of(point)))

    def columns(self, name: str) -> list[str]:
        """See Tables; points may differ in them, replications of a point do not."""
        import pyarrow.parquet as pq

        found: dict[str, None] = {}
        seen = set()
        for entry in self._ledger.entries():
            for file in entry.files_of(name):
                if entry.point not in seen:
                    seen.add(entry.point)
                    names = pq.read_schema(io.BytesIO(self._ledger.held(file, entry))).names
                    found |= dict.fromkeys(map(now_called, names))
        return list(found)


def write(folder: Path, shard: Shard, question: str, rows: Rows) -> Entry:
    """Write the files of a shard, verified, and return its entry for the ledger."""
    files = {}
    for name, frame in zip(TABLES, (rows.runs, rows.weekly, rows.failures, rows.people), strict=True):
        if len(frame):
            file = f"{name}/{shard.name}.parquet"
            files[file] = _write(folder / file, frame)
    return Entry(shard.name, question, files, len(rows.runs), len(rows.failures))


def _write(path: Path, frame: "pd.DataFrame") -> str:
    import pyarrow as pa
    import pyarrow.parquet as pq

    # Pandas' own metadata name its version: without them the bytes depend on the rows alone.
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    buffer = io.BytesIO()
    # A shard has few rows and many columns: what parquet would keep for each column besides would outweigh the figures.
    pq.write_table(table, buffer, compression="zstd", use_dictionary=False, write_statistics=False, store_schema=False)

    def sound(held: bytes) -> None:
        if not pq.read_table(io.BytesIO(held)).cast(table.schema).equals(table):
            raise DamagedUnderWay(
                f"{path} was not written as it should be: is the disk sound? What is entered is kept; type the same again."
            )

    disk.write(path, buffer.getvalue(), sound)
    return hashlib.sha256(buffer.getvalue()).hexdigest()
