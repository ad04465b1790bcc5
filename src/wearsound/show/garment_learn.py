"""What a wearer felt is written into the garment file: the weakest drive of each actuator that is felt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from wearsound.garment.document import read_garment
from wearsound.show.learn import Own, own, rewrite
from wearsound.show.toml_edit import Change


def own_garment(path: str | Path) -> Own:
    """A garment that may be written to; a PatchError says why not."""
    return own(path, "garment", "my-coat", read_garment)


def learn_least(path: str | Path, least: Mapping[str, float]) -> None:
    """Set `least` of the actuators of these names. Errors as of `learn.own` and `learn.rewrite`. [any thread]"""
    garment = own_garment(path)
    names = [entry["name"] for entry in garment.data.get("actuator", [])]
    rewrite(
        garment,
        *(
            Change(("actuator", names.index(name)), {"least": round(value, 3)})
            for name, value in least.items()
        ),
    )
