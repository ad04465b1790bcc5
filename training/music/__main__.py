"""Write pieces to a folder: `python -m training.music --pieces 400 --first-seed 1000 --to DIR`."""

from __future__ import annotations

import argparse
import json
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import soundfile

from .pieces import piece
from .sines import RATE


def write(job: tuple[int, Path, float]) -> str:
    """Write `<seed>.flac` (16 bit mono 48 kHz) and `<seed>.json`; return a line about the piece."""
    seed, folder, genres = job
    made = piece(seed, genres)
    soundfile.write(folder / f"{seed:08d}.flac", made.samples, RATE, subtype="PCM_16")
    truth: dict[str, object] = {"seed": seed, "bar": made.bar, "about": made.about}
    for name in ("onsets", "kicks", "snares", "hats", "beats", "downbeats"):
        truth[name] = np.round(getattr(made, name), 5).tolist()
    (folder / f"{seed:08d}.json").write_text(json.dumps(truth) + "\n")
    return f"{seed} {made.about}"


def main() -> None:
    """Read the options and write the pieces."""
    parser = argparse.ArgumentParser(prog="python -m training.music", description=__doc__)
    parser.add_argument("--pieces", type=int, default=40, help="how many")
    parser.add_argument("--first-seed", type=int, default=1000, help="seeds count up from here")
    parser.add_argument("--to", type=Path, required=True, help="folder, made if missing")
    parser.add_argument("--genres", type=float, default=0.6, help="share of pulsed pieces in a known genre")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--quiet", action="store_true", help="no line for each piece")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    jobs = [(options.first_seed + i, options.to, options.genres) for i in range(options.pieces)]
    with Pool(options.jobs) as pool:
        for line in pool.imap_unordered(write, jobs, chunksize=4):
            if not options.quiet:
                print(line, flush=True)


if __name__ == "__main__":
    main()
