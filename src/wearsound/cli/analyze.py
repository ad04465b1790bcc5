"""`wearsound analyze`: what is heard in a recording, as numbers and as a picture."""

from __future__ import annotations

import argparse

from wearsound.cli.arguments import add_audio, ending, positive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    add_audio(parser)
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument(
        "--to", type=ending(".npz", ".csv"), metavar="F.npz/.csv", help="write every feature at every hop"
    )
    parser.add_argument(
        "--plot",
        type=ending(".png"),
        metavar="F.png",
        help="a picture worth printing: peaks, bands, onsets, beats",
    )
    parser.add_argument("--seconds", type=positive, metavar="S", help="stop after S seconds")
    parser.add_argument(
        "--lane",
        metavar="NAME",
        help="the lane that the headline and the plot are of (default room, or the first that there is)",
    )
    parser.add_argument(
        "--rig",
        metavar="R",
        help="a rig file or a gallery name, which names channels: `contact` hears the first as body, not as room; "
        "take it for a mono file of a contact microphone",
    )


def run(options: argparse.Namespace) -> int:
    """Print, write and draw what was heard."""
    from wearsound.cli.progress import Progress
    from wearsound.show.listen import analyze, contact_hint, write_features

    with Progress("listening") as progress:
        analysis = analyze(
            options.audio, seconds=options.seconds, lane=options.lane, rig=options.rig, progress=progress
        )
    if options.to:
        write_features(analysis, options.to)
    if options.plot:
        from wearsound.cli.unseen import draw_unseen
        from wearsound.show.plot import plot

        draw_unseen()
        plot(analysis, options.plot)
    if options.json:
        import json

        print(json.dumps(analysis.as_json(), indent=1))
        return 0
    tempo = f"{analysis.tempo:.1f} bpm" if analysis.tempo else "no tempo"
    print(
        f"{options.audio}: {analysis.duration:.1f} s, {tempo}, "
        f"{len(analysis.beats)} beats, {len(analysis.onsets)} onsets"
    )
    for name, summary in analysis.as_json()["features"].items():
        print(f"  {name:<18} mean {summary['mean']:>9.3f}   {summary['min']:>9.3f} .. {summary['max']:.3f}")
    if not options.rig and (hint := contact_hint(options.audio)):
        print(hint)
    return 0
