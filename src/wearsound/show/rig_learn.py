"""What was learned is written into the rig file: a bind, a calibration; the person's comments and order stay.

How a file is written safely stands in `learn`.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wearsound.errors import PatchError
from wearsound.show.learn import Own, own, rewrite
from wearsound.show.rig import read_rig
from wearsound.show.rig_structure import Bind
from wearsound.show.toml_edit import Change

_one_at_a_time = threading.Lock()


def learn_bind(path: str | Path, bind: Bind) -> None:
    """Add a bind, in the place of one of the same control: its argument, or its address, is another now.

    PatchError where the rig is not one's own or would not be right, WearsoundError where it cannot be written.
    [any thread]
    """
    with _one_at_a_time:
        rig = _own(path)
        binds = rig.data.get("bind", [])
        same = [i for i, entry in enumerate(binds) if _same(entry, bind)]
        at = same[0] if same else len(binds)
        keys: dict[str, Any] = {"from": bind.source, "to": bind.to}
        there = binds[at] if same else {}
        if bind.arg != 0 or "arg" in there:  # only what is not so anyway
            keys["arg"] = bind.arg
        if bind.span != (0.0, 1.0) or "in" in there:
            keys["in"] = [int(end) if end == int(end) else end for end in bind.span]
        rewrite(rig, Change(("bind", at), keys, tuple(same[1:])))


def learn_calibration(path: str | Path, of: str, values: Mapping[str, float]) -> None:
    """Keep learned numbers of a thing: new ones are added, those of the same name replaced, others stay.

    Errors as of `learn_bind`. [any thread]
    """
    wrong = [name for name, value in values.items() if not math.isfinite(value)]
    if wrong:
        raise PatchError(f"{path}: {wrong[0]} of {of} came out as {values[wrong[0]]}; calibrate again")
    with _one_at_a_time:
        rig = _own(path)
        numbers = {name: float(value) for name, value in values.items()}
        rewrite(rig, Change(("calibration", of), numbers))


def _same(entry: Mapping[str, Any], bind: Bind) -> bool:
    if entry["from"] != bind.source:
        return False
    return bool(entry.get("arg", 0) == bind.arg or entry["to"] == bind.to)


def _own(path: str | Path) -> Own:
    return own(path, "rig", "my-room", read_rig)
