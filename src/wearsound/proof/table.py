"""The compact layers of a render: tables of whole numbers, small enough to be kept beside the art.

A golden keeps them as golden.npz; the files of a whole render give the same tables, so that one comparison serves both.
Every number lies in the middle of a step of its grid, where the last bit of a sine does not tip it over.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wearsound.core import F64
from wearsound.errors import MissingError, PatchError
from wearsound.outputs.record.broken import BROKEN

I64 = NDArray[np.int64]

GOLDEN = "golden.npz"
MOST_UNPACKED = 64 << 20
"""What a stranger's golden.npz may take in memory, bytes."""
NO_NUMBER = -(2.0**54)
"""The step of what is no number: far below all others."""
_NANO = 1e9


@dataclass(frozen=True, slots=True)
class Table:
    """Rows at `times` (seconds), whole numbers `values` (rows, columns).

    `names` are what the columns are about, `widths` how many columns each takes, `grid` what one step of each is worth.
    """

    times: F64
    names: tuple[str, ...]
    widths: tuple[int, ...]
    grid: tuple[float, ...]
    values: I64

    def number_of(self, column: int) -> int:
        """Which of `names` a column belongs to."""
        return int(np.searchsorted(np.cumsum(self.widths), column, side="right"))


def singles(times: F64, names: Iterable[str], grid: float, values: I64) -> Table:
    """A table with one column a name, all on one grid."""
    names = tuple(names)
    return Table(times, names, (1,) * len(names), (grid,) * len(names), values)


def on_grid(values: F64, grid: float) -> I64:
    """Values in whole steps of their grid."""
    steps = np.rint(values / grid)
    return np.where(np.isfinite(steps), np.clip(steps, -(2.0**53), 2.0**53), NO_NUMBER).astype(np.int64)


def write_tables(path: Path, tables: Mapping[str, Table]) -> None:
    """Write them as an npz: what changes from row to row, in as few bytes as do."""
    about: dict[str, Any] = {}
    members: dict[str, NDArray[Any]] = {}
    for name, table in tables.items():
        about[name] = {"names": table.names, "widths": table.widths, "grid": table.grid}
        times = np.rint(table.times * _NANO).astype(np.int64)
        members[f"{name}.times"] = _steps(times[:, None])
        members[name] = _steps(table.values)
    text = json.dumps(about, sort_keys=True).encode()
    np.savez_compressed(path, about=np.frombuffer(text, np.uint8), **members)  # type: ignore[arg-type]


def read_tables(path: Path) -> dict[str, Table]:
    """The tables of a golden.npz; MissingError if it is gone, PatchError if it is not one."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
                raise ValueError("it is too large")
        with np.load(path, allow_pickle=False) as members:
            about = json.loads(members["about"].tobytes())
            return {
                name: _table(said, members[name], members[f"{name}.times"]) for name, said in about.items()
            }
    except FileNotFoundError:
        raise MissingError(f"{path} is not there any more: put it back, or make the golden again") from None
    except BROKEN as error:
        raise PatchError(
            f"{path} is no golden of wearsound: put it back, or make the golden again"
        ) from error


def _steps(values: I64) -> NDArray[Any]:
    """What changes from row to row, a column after the other: (columns, rows)."""
    steps = np.diff(values, axis=0, prepend=np.zeros((1, values.shape[1]), np.int64))
    reach = max(-int(steps.min(initial=0)), int(steps.max(initial=0)))
    dtype = next(d for d in ("<i1", "<i2", "<i4", "<i8") if reach <= np.iinfo(d).max)
    return np.ascontiguousarray(steps.T.astype(dtype))


def _whole(steps: NDArray[Any]) -> I64:
    if steps.ndim != 2 or steps.dtype.kind != "i":
        raise ValueError("these are no steps")
    return np.cumsum(steps.T, axis=0, dtype=np.int64)


def _table(said: Mapping[str, Any], steps: NDArray[Any], times: NDArray[Any]) -> Table:
    names, widths, grid = tuple(said["names"]), tuple(said["widths"]), tuple(map(float, said["grid"]))
    values, at = _whole(steps), _whole(times)
    if at.shape != (len(values), 1) or not len(names) == len(widths) == len(grid):
        raise ValueError("its parts do not fit")
    if sum(widths) != values.shape[1] or min(widths, default=1) < 1:
        raise ValueError("its columns do not fit")
    return Table(at[:, 0] / _NANO, names, widths, grid, values)
