"""`wearsound list`: what there is, a line each."""

from __future__ import annotations

import argparse
import json

KINDS = (
    *("patches", "sketches", "garments", "palettes", "rigs", "sensors"),
    *("features", "patterns", "voices", "scales", "outputs"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument("kind", choices=KINDS, metavar="|".join(KINDS), help="what to list")
    parser.add_argument(
        "--json", action="store_true", help="an array of objects with at least name and about"
    )


def run(options: argparse.Namespace) -> int:
    """Print the listing."""
    rows = _rows(options.kind)
    if options.json:
        print(json.dumps(rows, indent=1))
        return 0
    width = max((len(str(row["name"])) for row in rows), default=0)
    for row in rows:
        unit = f"  [{row['range']}]" if "range" in row else ""
        unit += f"  [{row['flashes']} flashes/s]" if "flashes" in row else ""
        unit += f"  [{row['number']}]" if "number" in row else ""
        print(f"{row['name']:<{width}}  {row['about']}{unit}")
    return 0


def _rows(kind: str) -> list[dict[str, object]]:
    if kind == "features":
        from wearsound.analysis.ear import KINDS as LANE_KINDS
        from wearsound.analysis.ear import everything, feature_specs, kind_specs

        own = [spec for kind in LANE_KINDS for spec in kind_specs(kind)]

        return [
            {
                "name": spec.name,
                "about": spec.about,
                "unit": spec.unit,
                "low": spec.low,
                "high": spec.high,
                "step": spec.step,
                "range": "counts up" if spec.growing else f"{spec.low:g}..{spec.high:g} {spec.unit}".strip(),
            }
            for spec in (*feature_specs(["room"], {}, everything(["room"])), *own)
        ]
    if kind == "patterns":
        from wearsound.instruments.vibration.patterns import PATTERNS

        return [
            {"name": pattern.name, "number": number, "about": pattern.about}
            for number, pattern in enumerate(PATTERNS)
        ]
    if kind == "voices":
        from wearsound.mapping.structure import VOICES

        return [{"name": name, "about": line} for name, line in VOICES.items()]
    if kind == "scales":
        from wearsound.instruments.soundscape.tuning import ABOUT, SCALES

        return [{"name": name, "about": ABOUT[name], "notes": list(SCALES[name])} for name in SCALES]
    if kind == "outputs":
        return [
            {"name": "window", "about": "the picture on a display, drawn by a process of its own"},
            {
                "name": "osc",
                "about": "features, beat, zone colours and a patch's own messages to any OSC program",
            },
            {
                "name": "light",
                "about": "every pixel to the rig's receivers: DDP (WLED), Art-Net, sACN",
            },
            {
                "name": "wled",
                "about": "what is heard, for the sound-reactive effects of every WLED of the network",
            },
            {
                "name": "echo",
                "about": "what was changed by any hand, to every OSC program that subscribed",
            },
            {"name": "take", "about": "everything that came in, to be replayed and rendered"},
            {
                "name": "record",
                "about": "everything a render leaves: film, light, OSC, features, sound, report",
            },
        ]
    from wearsound.show.about import about

    return about({"patches": "patch", "sketches": "sketch"}.get(kind, kind.removesuffix("s")))
