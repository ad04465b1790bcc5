"""A small garment with actuators of its own and a patch that shakes them: nothing of the gallery's can change it."""

from __future__ import annotations

import sys
from pathlib import Path

ZONES = ("chest", "back", "hem", "cuff")

GARMENT = (
    'title = "Four strips"\n'
    + "".join(
        f'[[zone]]\nname = "{zone}"\nlight = [0.72, 0.16, 55]\n'
        + ('roles = ["core"]\n' if zone in ("chest", "back") else "")
        for zone in ZONES
    )
    + '[[figure]]\nname = "front"\nat = [640, 200]\n'
    + "".join(
        f'[[figure.layer]]\nname = "l{i}"\nzone = "{zone}"\nside = "one"\n'
        f"outline = [[{5 * i}, 0, 1], [{5 * i + 4}, 0, 1], [{5 * i + 4}, 40, 1], [{5 * i}, 40, 1]]\n"
        f"filaments = [{{ path = [[{5 * i + 2}, 5], [{5 * i + 2}, 35]], pixels = 4 }}]\n"
        for i, zone in enumerate(ZONES)
    )
    + "".join(
        f'[[actuator]]\nname = "{name}"\nzone = "{zone}"\nkind = "{kind}"\n'
        for name, zone, kind in (
            ("left", "chest", "voice-coil"),
            ("right", "chest", "voice-coil"),
            ("spine", "back", "voice-coil"),
            ("waist", "hem", "voice-coil"),
        )
    )
)
"""Actuators in the order left, right (both chest), spine (back), waist (hem); nothing shakes in the cuff."""

PATCH = 'title = "Shaken"\n' + "".join(
    f'[[route]]\nfrom = "level"\nto = "{zone}.buzz"\nin = [-60, -20]\nout = [0.0, {most}]\nattack = 0.0\n'
    f"release = 0.0\n"
    f'[[route]]\nfrom = "level"\nto = "{zone}.buzz_hz"\nin = [-90, 0]\nout = [{hz}, {hz + 0.01}]\n'
    for zone, most, hz in (("chest", 1.0, 80), ("back", 1.0, 130), ("hem", 1.0, 210))
)
"""Each zone at a pitch of its own while anything is heard."""


def write_show(folder: Path, rig: str) -> dict[str, Path]:
    """The files of the show, with a rig of this text."""
    paths = {name: folder / f"{name}.toml" for name in ("garment", "patch", "rig")}
    paths["garment"].write_text(GARMENT)
    paths["patch"].write_text(PATCH)
    paths["rig"].write_text(rig)
    return paths


def command(paths: dict[str, Path], *more: str) -> list[str]:
    """`wearsound run` of these files with a steady tone, unseen and unheard."""
    files = [str(paths["patch"]), "--garment", str(paths["garment"]), "--rig", str(paths["rig"])]
    unseen = ["--input", "test:sine=100", "--mute", "--no-window"]
    return [sys.executable, "-m", "wearsound", "run", *files, *unseen, *more]
