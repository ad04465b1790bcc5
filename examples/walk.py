"""A recorded walk becomes a piece.

    python examples/walk.py mine.wav            a recording of a contact microphone, any rate; its first channel counts
    python examples/walk.py                     no recording at hand: the built-in coat walks

The film takes about as long as the walk, on a busy machine several times that; --no-video leaves it out. What is made
lies in walked/: sound.wav is the piece, video.mp4 the coat that walked, with its sound, report.json what was counted
and can be proved; the other files are for lamps and programs (docs/render.md).
Make your own from it: another patch ("celadon", "attic"), another seed, or turn its numbers in a copy of the patch
(`wearsound new patch my-piece --from first-walk`).
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault(
    "PYGAME_HIDE_SUPPORT_PROMPT", "1"
)  # the film's library greets in the terminal; not here

from wearsound import load, render
from wearsound.errors import WearsoundError


def tell(share: float) -> None:
    """How far it is, on one line of a terminal; `share` 0..1."""
    if sys.stderr.isatty():
        print(f"\rrendering {share:4.0%}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)


def main() -> int:
    """Render the recording, or the built-in walk, and say what came of it."""
    parser = argparse.ArgumentParser(description="A recorded walk becomes a piece.")
    parser.add_argument("recording", nargs="?", default="walk", help="left out: the built-in walk")
    parser.add_argument("--to", type=Path, default=Path("walked"), metavar="FOLDER", help="default: walked")
    parser.add_argument("--no-video", action="store_true", help="no film, and much quicker")
    options = parser.parse_args()
    if options.to.exists():
        print(f"{options.to} is already here; move it away, or write --to another-name", file=sys.stderr)
        return 1
    try:
        show = load("first-walk", rig="contact")  # the rig says: the first channel is the body
        report = render(show, options.recording, to=options.to, video=not options.no_video, progress=tell)
    except WearsoundError as error:  # a sentence that says what is wrong and what helps
        print(error, file=sys.stderr)
        return error.exit_code
    sound = report.facts["sound"]
    heard = report.facts["counts"]
    print(f"heard: {heard['body.step']} steps, {heard['body.tap']} taps")
    print(f"{options.to / 'sound.wav'}: {sound['lufs']} LUFS, peak {sound['peak_db']} dB")
    if not options.no_video:
        print(f"{options.to / 'video.mp4'}: the coat, with its sound")
    return 0


if __name__ == "__main__":
    sys.exit(main())
