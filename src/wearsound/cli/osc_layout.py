"""`wearsound osc layout`: a touch screen for TouchOSC or Open Stage Control."""

from __future__ import annotations

import argparse
from pathlib import Path

from wearsound.cli.osc_tree import tree_of
from wearsound.errors import PatchError


def run(options: argparse.Namespace) -> int:
    """Write the file and say what to do with it."""
    from wearsound.cli.osc import LAYOUTS
    from wearsound.folders import write_or_say
    from wearsound.osc.layout_pages import pages
    from wearsound.osc.open_stage_control import open_stage_control
    from wearsound.osc.touchosc import touchosc
    from wearsound.show.load import find_rig
    from wearsound.show.rig import Door

    path, ending = Path(options.to), LAYOUTS[options.program]
    if path.suffix.lower() != ending:
        raise PatchError(f"--to {options.to}: {options.program} opens files that end in {ending}")
    tree = tree_of(options)
    made = touchosc(tree) if options.program == "touchosc" else open_stage_control(tree)
    write_or_say(path, made, "choose another place")
    planned = pages(tree)
    controls = sum(cell.kind in ("fader", "button", "toggle") for page in planned for cell in page.cells)
    print(
        f"{path}: {controls} controls on {len(planned)} pages: " + ", ".join(page.title for page in planned)
    )
    rig = find_rig(options.rig)
    door = rig.door if rig else Door()
    words = {"path": path, "port": door.port, "reply": door.reply}
    print(_NEXT[options.program].format(**words))
    if door.host.startswith("127.") and options.program == "touchosc":
        print("From a tablet the rig must let it in: [door] host and allow.")
    return 0


_NEXT = {
    "touchosc": "Open it in TouchOSC. In its connections choose OSC, UDP: host is this machine, send port {port}, "
    "receive port {reply}.",
    "open-stage-control": "open-stage-control --load {path} --send 127.0.0.1:{port} --osc-port {reply}\n"
    "then open the address it prints in any browser of this network.",
}
