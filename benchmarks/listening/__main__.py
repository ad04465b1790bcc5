"""How a sound would strike a listener, over windows of 30 s: value, what is good, verdict.

python -m benchmarks.listening out/sound.wav
python -m benchmarks.listening out/sound.wav --root 55 --scale hirajoshi --still 50
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from benchmarks.listening.judged import judge, table
from benchmarks.listening.scale import SCALES
from benchmarks.listening.tail import active, tail


def main() -> int:
    """0 where all is good, 1 where something is not, 2 for what cannot be read."""
    options = _options()
    import soundfile

    good = True
    for path in [options.sound, *options.stem]:
        try:
            sound, rate = soundfile.read(path, dtype="float64", always_2d=True)
        except (OSError, soundfile.LibsndfileError) as error:
            print(f"{path} cannot be read ({error}); give a sound file", file=sys.stderr)
            return 2
        if not np.isfinite(sound).all():
            print(f"{path} has samples that are no numbers; no measure means anything", file=sys.stderr)
            return 1
        stereo = sound[:, :2] if sound.shape[1] > 1 else np.repeat(sound, 2, axis=1)
        part = tuple(options.part) if options.part else active(stereo, rate)
        verdicts = judge(stereo, rate, part, options.root, options.scale, options.limiter)
        print(f"{path}: {len(sound) / rate:.1f} s, played from {part[0]:.1f} to {part[1]:.1f} s\n")
        print(table(verdicts))
        if options.still is not None:
            quiet, zero = tail(stereo, rate, options.still)
            print(f"\nafter stillness: -80 dBFS in {quiet:.1f} s, exact zeros in {zero:.1f} s")
        good = good and all(v.good for v in verdicts)
        print()
    return 0 if good else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.listening", description=__doc__.splitlines()[0]
    )
    parser.add_argument("sound", type=Path)
    parser.add_argument("--stem", type=Path, action="append", default=[], help="another sound, judged alike")
    parser.add_argument("--root", type=float, default=0.0, metavar="HZ", help="also how much is on the scale")
    parser.add_argument("--scale", choices=sorted(SCALES), default="hirajoshi")
    parser.add_argument("--part", type=float, nargs=2, metavar="S", help="from where to where, in seconds")
    parser.add_argument(
        "--still", type=float, metavar="S", help="when the movement ended: how long is the tail"
    )
    parser.add_argument("--limiter", type=float, metavar="GAIN", help="the least gain the limiter had")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
