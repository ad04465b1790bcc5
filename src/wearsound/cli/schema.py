"""`wearsound schema`: JSON Schemas of patches, garments, rigs and sensor presets, for editors that check TOML."""

from __future__ import annotations

import argparse

KINDS = ("patch", "garment", "rig", "sensor")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument(
        "kind",
        nargs="?",
        choices=KINDS,
        default="patch",
        metavar="|".join(KINDS),
        help="which kind of file (default patch)",
    )


def run(options: argparse.Namespace) -> int:
    """Print the schema."""
    import json

    if options.kind == "rig":
        from wearsound.show.rig_structure import schema
    elif options.kind == "sensor":
        from wearsound.show.sensor_preset import schema
    elif options.kind == "garment":
        from wearsound.garment.words import schema
    else:
        from wearsound.mapping.document import schema

    print(json.dumps(schema(), indent=2))
    return 0
