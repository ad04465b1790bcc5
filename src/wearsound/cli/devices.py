"""`wearsound devices`: sound inputs and outputs by name, loopback ones named as such."""

from __future__ import annotations

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument(
        "--json", action="store_true", help="an array of objects with at least name and about"
    )


def run(options: argparse.Namespace) -> int:
    """Print the list; 3 if there is no PortAudio, or no device at all."""
    from wearsound.sources.devices import devices

    found = devices()
    if options.json:
        print(json.dumps(found, indent=1))
    else:
        for device in found:
            print(f"{device['name']:<40}  {device['about']}")
        if not found:
            print("no sound device on this machine; recordings, test signals and the demo still play")
    return 0 if found else 3
