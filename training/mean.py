"""The mean of the weights of several runs that began alike: often better on strange music than each of them.

    python -m training.mean A.npz B.npz --to beats.npz

Wortsman et al., "Model soups: averaging weights of multiple fine-tuned models improves accuracy without
increasing inference time", 2022.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np


def main() -> None:
    """Read the command line and write the mean."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    kept = []
    for path in options.runs:
        with np.load(path) as weights:
            kept.append(dict(weights))
    np.savez(
        options.to,
        **{name: np.mean([w[name] for w in kept], 0, np.float64).astype(np.float32) for name in kept[0]},
    )


if __name__ == "__main__":
    main()
