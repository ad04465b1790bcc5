"""The gallery page: every patch and every sketch with five moments of a render, what it hears, and how to play it."""

from __future__ import annotations

from docs.gallery_files import played_to, shows
from wearsound import gallery
from wearsound.mapping.document import Band, Patch
from wearsound.show.about import line_about, rated
from wearsound.show.load import Show

HEAD = """# The gallery

{patches} patches and {sketches} sketches come with wearsound. Each strip is five moments of what
`wearsound render NAME demo` makes of the built-in track (or of the built-in walk, where it says so). A patch is the
art: copy one with `wearsound new patch mine --from NAME` and change it. On another garment (`--garment scarf`) its
zones go to the nearest ones there ([garment](garment.md)). `wearsound demo NAME` needs neither microphone nor display;
live it is `wearsound run NAME`. *Flashes* are the most in any second of the built-in track, of a zone or of the whole,
as the report of a render counts them; more than three never leave ([safety](safety.md)).

Pictures and page are made by `.venv/bin/python docs/make_pictures.py gallery`.

## Patches

"""
SKETCHES = """## Sketches

A sketch is a picture instead of the garment ([how to write one](sketch.md)). Played by its name alone its light is that
of *Bass denim*; with a patch of yours it is `wearsound run mine.toml --sketch NAME`. A picture goes through a flash
guard of its own.

![The last frame of each, large](pictures/sketches-large.jpg)

"""


def page(_: str) -> str:
    """The whole page."""
    names = {kind: list(gallery.files(kind)) for kind in ("patch", "sketch")}
    every = shows()
    text = HEAD.format(patches=len(names["patch"]), sketches=len(names["sketch"]))
    text += "\n".join(of_patch(name, every[name]) for name in names["patch"])
    return text + "\n" + SKETCHES + "\n".join(of_sketch(name) for name in names["sketch"])


def strip(name: str, title: str) -> str:
    """The picture of an entry."""
    return f"![Five moments of {title}](pictures/gallery/{name}.jpg)\n"


def of_patch(name: str, show: Show) -> str:
    """A patch: its strip, its line, what it is made for, how it is played."""
    patch, path = show.patch, gallery.find("patch", name)
    walk = played_to(show) == "walk"
    rows = {
        "worn on": f"`{show.garment_path.stem}`",
        "listens to": listens(patch),
        "is felt at": felt(patch),
        "sounds": ", ".join(dict.fromkeys(voice.play for voice in patch.voices)) if patch.soundscape else "",
        "scenes": ", ".join(scene.name for scene in patch.scenes),
        "flashes a second": str(rated(path)["flashes"]),
        "play it": f"`wearsound run {name} --input walk`, then `--rig contact` for your own coat"
        if walk
        else f"`wearsound demo {name}`",
    }
    table = "| | |\n| --- | --- |\n" + "".join(f"| {key} | {said} |\n" for key, said in rows.items() if said)
    worn = ""
    if show.sketch_path is not None:
        worn = f"\nIts picture is the sketch `{show.sketch_path.stem}`; this is what is worn:\n\n"
        worn += f"![{patch.title}, worn](../patches/thumbs/{name}.jpg)\n"
    of_walk = "The strip is of the built-in walk.\n\n" if walk else ""
    return (
        f"### {patch.title}\n\n{strip(name, patch.title)}\n{capital(patch.about)}.\n\n{of_walk}{table}{worn}"
    )


def of_sketch(name: str) -> str:
    """A sketch: its strip, its line, how it is played."""
    return (
        f"### {name.capitalize()}\n\n{strip(name, name)}\n"
        f"{line_about(gallery.find('sketch', name))} `wearsound demo {name}`\n"
    )


def listens(patch: Patch) -> str:
    """The features of its routes, those of the room without their lane, and bands that it feels of its own."""
    names = [feature.removeprefix("room.") for feature in patch.features()]
    bands = [
        f"{feel.source.band[0]:g} to {feel.source.band[1]:g} Hz"
        for feel in patch.feels
        if isinstance(feel.source, Band)
    ]
    named = [feel.source for feel in patch.feels if isinstance(feel.source, str)]
    return ", ".join([*(f"`{name}`" for name in dict.fromkeys([*names, *named])), *dict.fromkeys(bands)])


def felt(patch: Patch) -> str:
    """Where something hums or knocks: by a [[feel]], or by a route to `buzz`."""
    places = [feel.to for feel in patch.feels]
    places += [
        route.to.removesuffix(".buzz") for _, _, route in patch.every_route() if route.to.endswith(".buzz")
    ]
    return ", ".join("everywhere" if place == "*" else f"`{place}`" for place in dict.fromkeys(places))


def capital(text: str) -> str:
    """With a large first letter, and no full stop."""
    return text[0].upper() + text[1:].rstrip(".")
