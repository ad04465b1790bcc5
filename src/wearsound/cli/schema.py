"""`wearsound schema`: the JSON Schema of patches, for editors that complete and check TOML."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(options: argparse.Namespace) -> int:
    """Print the schema."""
    import json

    from wearsound.mapping.document import schema

    print(json.dumps(schema(), indent=2))
    return 0
