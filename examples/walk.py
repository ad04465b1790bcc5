"""A recorded walk becomes a piece.

    python examples/walk.py mine.wav            a recording of a contact microphone, any rate; its first channel counts
    python examples/walk.py                     no recording at hand: the built-in coat walks

What it makes lies in walked/: sound.wav is the piece, video.mp4 the coat that walked, report.json what can be proved.
Make your own from it: another patch ("celadon", "attic"), another seed, or turn its numbers in a copy of the patch
(`wearsound new patch my-piece --from first-walk`).
"""

import argparse
import sys
from pathlib import Path

from wearsound import load, render
from wearsound.errors import WearsoundError


def main() -> int:
    """Render the recording, or the built-in walk, and say what came of it."""
    parser = argparse.ArgumentParser(description="A recorded walk becomes a piece.")
    parser.add_argument("recording", nargs="?", default="walk", help="left out: the built-in walk")
    parser.add_argument("--to", type=Path, default=Path("walked"), metavar="FOLDER", help="default: walked")
    parser.add_argument("--no-video", action="store_true", help="the sound alone, much quicker")
    options = parser.parse_args()
    if options.to.exists():
        print(f"{options.to} is already here; move it away, or write --to another-name", file=sys.stderr)
        return 1
    try:
        show = load("first-walk", rig="contact")  # the rig says: the first channel is the body
        report = render(show, options.recording, to=options.to, video=not options.no_video)
    except WearsoundError as error:  # a sentence that says what is wrong and what helps
        print(error, file=sys.stderr)
        return error.exit_code
    sound = report.facts["sound"]
    print(f"{options.to / 'sound.wav'}: {sound['lufs']} LUFS, peak {sound['peak_db']} dB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
