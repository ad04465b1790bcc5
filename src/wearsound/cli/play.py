"""`wearsound play`: a rendered show to real gear by the clock, with no analysis."""

from __future__ import annotations

import argparse

from wearsound.cli.arguments import moment, positive
from wearsound.cli.run import print_lines
from wearsound.errors import PatchError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument("dir", metavar="DIR", help="a folder that `wearsound render` made")
    parser.add_argument("--rig", required=True, metavar="R", help="where to: a rig file or a gallery name")
    parser.add_argument("--loop", action="store_true", help="begin again when it ends")
    parser.add_argument(
        "--from",
        dest="start",
        type=moment,
        default=0.0,
        metavar="TIME",
        help="begin there in the show: seconds, or minutes such as 1:30",
    )
    parser.add_argument("--mute", action="store_true", help="do not play sound.wav through the loudspeakers")
    parser.add_argument("--seconds", type=positive, metavar="S", help="stop after S seconds")


def run(options: argparse.Namespace) -> int:
    """Play until it ends or is left; 1 if anything of the file could not be sent."""
    from wearsound.show.light_targets import light_names
    from wearsound.show.load import find_rig
    from wearsound.show.playback import Playback
    from wearsound.show.vibration_targets import vibration_names

    rig = find_rig(options.rig)
    assert rig is not None
    playback = Playback(
        options.dir,
        rig,
        loop=options.loop,
        start=options.start,
        mute=options.mute,
        seconds=options.seconds,
    )
    nothing = playback.frames is None and playback.vibration is None
    if playback.lines.path.stat().st_size == 0 and nothing:
        raise PatchError(f"{playback.lines.path} is empty: there is nothing to send; render the show again")
    print_lines(playback.unsent())
    sent = []
    if rig.osc:
        places = ", ".join(f"{target.host}:{target.port}" for target in rig.osc)
        sent.append(f"{playback.lines.path} to {places}")
    if playback.frames is not None:
        lit = light_names([target for target in rig.light if not target.audio_sync])
        sent.append(f"{playback.frames.path} to {lit}")
    if playback.vibration is not None:
        felt = vibration_names(rig, playback.vibration.garment)
        sent.append(f"{playback.vibration.path} to {felt}")
    print(f"sends {' and '.join(sent)}. Ctrl-C ends it; `panic` and Enter here, or SIGUSR1, is panic.")
    played = playback.play()
    lost = f", {played.lost} datagrams lost" if played.lost else ""
    lost += (
        f", {played.held} frames of light held back, for they would flash too often" if played.held else ""
    )
    broken = f", {played.broken} lines of the file left out" if played.broken else ""
    frames = f", {played.frames} frames of light" if playback.lights else ""
    frames += f", {played.shaken} frames of vibration" if played.shaken else ""
    print(f"played {played.seconds:.1f} s, {played.messages} messages sent{frames}{lost}{broken}")
    return 1 if played.broken else 0
