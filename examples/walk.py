"""A recorded walk becomes a piece.

    python examples/walk.py walk.wav            a recording of a contact microphone, any rate; its first channel counts
    python examples/walk.py                     no recording at hand: the built-in coat walks

What it makes lies in walk/: sound.wav is the piece, video.mp4 the coat that walked, report.json what can be proved.
Make your own from it: another patch ("celadon", "attic"), another seed, or turn its numbers in a copy of the patch
(`wearsound new patch mine --from first-walk`).
"""

import sys
from pathlib import Path

import soundfile

from wearsound import load, render


def built_in_walk(path: Path) -> Path:
    """Forty seconds of the built-in coat: steps, rubbing, taps, steps."""
    from wearsound.sources.composer import compose

    track = compose(seed=7)
    soundfile.write(path, track.samples[:, 2], 48_000, subtype="PCM_16")
    return path


def main() -> None:
    """Render the first argument, or the built-in walk, and say what came of it."""
    recording = Path(sys.argv[1]) if len(sys.argv) > 1 else built_in_walk(Path("walk.wav"))
    show = load("first-walk", rig="contact")  # the rig says: the first channel is the body
    report = render(show, recording, to="walk", video="--no-video" not in sys.argv)
    sound = report.facts["sound"]
    print(f"walk/sound.wav: {sound['lufs']} LUFS, peak {sound['peak_db']} dB")


if __name__ == "__main__":
    main()
