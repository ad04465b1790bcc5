"""Layouts for touch screens: read by somebody else's reader, nothing on top of anything else, every word readable."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from kinds import every_kind

from wearsound.core import Parameter
from wearsound.osc.layout import HEIGHT, WIDTH, Cell, Page, fitted, plain
from wearsound.osc.layout_pages import pages
from wearsound.osc.open_stage_control import open_stage_control
from wearsound.osc.touchosc import touchosc
from wearsound.osc.tree import Tree, clean
from wearsound.show.load import load
from wearsound.show.tree import tree_of

SHOWS = ("bass-denim", "rain-room", "kiln", "salt")


@pytest.fixture(scope="module", params=[*SHOWS, "every kind", "large", "nothing"])
def tree(request: pytest.FixtureRequest) -> Tree:
    if request.param == "every kind":
        return every_kind()
    if request.param == "nothing":
        return Tree([])
    if request.param == "large":
        return large()
    return tree_of(load(request.param))


def large() -> Tree:
    """More of everything than a page holds, with long names."""
    found = [Parameter("/wear/master", ""), Parameter("/wear/tempo/bpm", "", unit="bpm", low=20, high=400)]
    for n in range(40):
        found.append(Parameter(f"/wear/scene/a-very-long-name-of-a-scene-{n}", "", "trigger"))
        found += [Parameter(f"/wear/zone/zone_{n}/medium_{m}", "", read=lambda: 0.5) for m in range(12)]
        found.append(Parameter(f"/wear/zone/zone_{n}/release", "", "trigger"))
        found.append(Parameter(f"/wear/move/a-very-long-lane/value-{n}", "", low=-2, high=2))
        found.append(Parameter(f"/wear/delay/output-{n}", "", unit="ms", high=10_000))
        found.append(
            Parameter(f"/wear/param/verse {n}/<&>'\"]]>/out/high".replace(" ", "-"), "", "whole", high=9)
        )
    return Tree(found)


def controls(page: Page) -> list[Cell]:
    return [cell for cell in page.cells if cell.kind in ("fader", "button", "toggle")]


def test_nothing_overlaps_and_nothing_leaves_its_page(tree: Tree) -> None:
    for page in pages(tree):
        for cell in page.cells:
            assert 0 <= cell.x < cell.x + cell.w <= WIDTH, (page.title, cell)
            assert 0 <= cell.y < cell.y + cell.h <= HEIGHT, (page.title, cell)
        solid = [cell for cell in page.cells if cell.kind != "panel"]
        for i, a in enumerate(solid):
            for b in solid[i + 1 :]:
                apart = a.x + a.w <= b.x or b.x + b.w <= a.x or a.y + a.h <= b.y or b.y + b.h <= a.y
                assert apart, (page.title, a, b)


def test_every_control_is_large_enough_for_a_finger(tree: Tree) -> None:
    for page in pages(tree):
        for cell in controls(page):
            assert cell.w >= 40, (page.title, cell)
            assert cell.h >= 36, (page.title, cell)


def test_every_label_fits_and_can_be_read(tree: Tree) -> None:
    for page in pages(tree):
        for cell in page.cells:
            assert len(cell.text) * cell.size * 0.56 <= cell.w, (page.title, cell)
            assert not cell.text or cell.size >= 9


def test_all_that_can_be_played_is_on_it_once_or_twice(tree: Tree) -> None:
    shown = [cell.parameter for page in pages(tree) for cell in controls(page) if cell.parameter]
    numbers = [p for p in tree if p.settable and p.kind in ("number", "whole", "switch")]
    assert {p.address for p in numbers} <= {p.address for p in shown}
    assert all(p.settable for p in shown)


def test_pages_are_grouped_as_a_hand_looks_for_them() -> None:
    found = pages(tree_of(load("bass-denim")))
    assert [page.title for page in found][:3] == ["Main", "Glow", "Zones"]
    main = {cell.parameter.address for cell in controls(found[0]) if cell.parameter}
    assert {"/wear/master", "/wear/panic", "/wear/resume", "/wear/blackout", "/wear/tempo/tap"} <= main
    assert {"/wear/scene/groove", "/wear/scene/rest", "/wear/cue/go"} <= main
    assert all(cell.upright for cell in controls(found[1]) if cell.kind == "fader")
    assert {cell.text for cell in found[1].cells if cell.kind == "label"} >= {"chest", "sleeve l"}
    params = next(page for page in found if page.title.startswith("Params"))
    assert {cell.text for cell in params.cells} >= {"attack (s)", "release (s)", "in low", "bass chest glow"}


def test_the_same_show_is_the_same_file(tree: Tree) -> None:
    assert touchosc(tree) == touchosc(tree)
    assert open_stage_control(tree) == open_stage_control(tree)


def test_words_are_shortened_only_where_they_must_be() -> None:
    assert fitted("chest", 100, 14) == ("chest", 14)
    assert fitted("presence sleeve", 100, 14)[0] == "presence sleeve"
    assert fitted("a" * 60, 100, 14)[0].endswith("…")
    assert plain("buzz_hz") == "buzz Hz"
    assert plain("bass-chest-glow") == "bass chest glow"


# TouchOSC


def nodes(tree: Tree) -> Iterator[ElementTree.Element]:
    root = ElementTree.fromstring(zlib.decompress(touchosc(tree)))
    assert root.tag == "lexml"
    return root.iter("node")


def of(node: ElementTree.Element, path: str) -> str:
    found = node.find(path)
    assert found is not None
    return found.text or ""


def test_touchosc_another_reader_finds_no_fault(tree: Tree, tmp_path: Any) -> None:
    py2tosc = pytest.importorskip("py2tosc", reason="pip install py2tosc")
    path = tmp_path / "wear.tosc"
    path.write_bytes(touchosc(tree))
    document = py2tosc.load(path)
    assert document.validate() == []
    kinds = [str(control.control_type) for control in document.root.walk()]
    planned = [cell for page in pages(tree) for cell in controls(page)]
    assert kinds.count("FADER") == sum(cell.kind == "fader" for cell in planned)
    assert kinds.count("BUTTON") == sum(cell.kind != "fader" for cell in planned)
    assert kinds.count("PAGER") == 1


def test_touchosc_sends_what_the_tree_takes(tree: Tree) -> None:
    """Each control's own message, sent from both of its ends, is a clean value."""
    seen = 0
    for node in nodes(tree):
        for message in node.findall("./messages/osc"):
            seen += 1
            assert [of(message, tag) for tag in ("enabled", "send")] == ["1", "1"]
            partials = message.findall("./path/partial")
            parameter = tree.get("".join(of(partial, "value") for partial in partials))
            assert parameter is not None
            (argument,) = message.findall("./arguments/partial")
            if of(argument, "type") == "CONSTANT":  # a button of a trigger to which 0 is no release
                assert of(message, "triggers/trigger/condition") == "RISE"
                assert clean(parameter, (int(of(argument, "value")),)) == (int(of(argument, "value")),)
                continue
            low, high = float(of(argument, "scaleMin")), float(of(argument, "scaleMax"))
            whole = of(argument, "conversion") == "INTEGER"
            ends = [int(low), int(high)] if whole else [low, high]
            cleaned = [clean(parameter, (end,)) for end in ends]
            if parameter.kind == "trigger":
                assert cleaned == [None, (1.0,)]
                assert of(message, "receive") == "0"
                continue
            assert cleaned == [(ends[0],), (ends[1],)]
            assert of(message, "receive") == "1"
            begins = float(of(node, "./values/value/default"))
            assert 0.0 <= begins <= 1.0
    assert seen == sum(len(controls(page)) for page in pages(tree))


def test_touchosc_shows_tempo_and_master_as_whole_numbers() -> None:
    tree = large()
    by_id = {node.get("ID"): node for node in nodes(tree)}
    followed = {}
    for node in by_id.values():
        for local in node.findall("./messages/local"):
            target = by_id[of(local, "dstID")]
            assert target.get("type") == "LABEL"
            name = next(of(p, "value") for p in node.iter("property") if of(p, "key") == "name")
            followed[name] = (of(local, "scaleMin"), of(local, "scaleMax"))
    assert followed == {"/wear/master": ("0", "100"), "/wear/tempo/bpm": ("20", "400")}
    assert len(by_id) == len(list(nodes(tree)))  # every identity once


def test_touchosc_keeps_itself_subscribed(tree: Tree) -> None:
    scripts = [
        of(p, "value")
        for node in nodes(tree)
        for p in node.findall("./properties/property")
        if of(p, "key") == "script"
    ]
    assert len(scripts) == 1
    assert "sendOSC('/wear/subscribe')" in scripts[0]


# Open Stage Control

PROPERTIES = {
    "root": "id colorBg colorText onCreate tabs",
    "tab": "id label colorWidget colorBg scroll widgets",
    "panel": "colorBg alphaStroke",
    "text": "align default value colorText",
    "fader": "design horizontal range default decimals typeTags address colorWidget colorFill",
    "button": "label mode on off typeTags address colorWidget colorFill wrap",
}
"""What its properties reference (version 1) lists for each widget; PLACED and these are for all."""
PLACED = "type id left top width height interaction ignoreDefaults css"


def session(tree: Tree) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(open_stage_control(tree))
    return found


def widgets(tree: Tree) -> Iterator[dict[str, Any]]:
    for tab in session(tree)["content"].get("tabs", []):
        yield from tab["widgets"]


def test_open_stage_control_session_is_of_version_one(tree: Tree) -> None:
    found = session(tree)
    assert found["type"] == "session"
    # Sessions up to this version are rewritten by its converters when they are opened.
    assert [int(part) for part in found["version"].split(".")] > [1, 24, 2]
    root = found["content"]
    assert root["type"] == "root"
    assert "widgets" not in root  # a container has tabs or widgets, never both
    for holder in [root, *root["tabs"], *widgets(tree)]:
        known = {*PLACED.split(), *PROPERTIES[holder["type"]].split()}
        assert set(holder) <= known, set(holder) - known


def test_open_stage_control_names_are_unique_where_they_send(tree: Tree) -> None:
    by_id: dict[str, set[str]] = {}
    for widget in widgets(tree):
        by_id.setdefault(widget["id"], set()).add(widget.get("address", ""))
    assert all(len(addresses) == 1 for addresses in by_id.values())  # the same name is the same address


def test_open_stage_control_sends_what_the_tree_takes(tree: Tree) -> None:
    seen = 0
    for widget in widgets(tree):
        if "address" not in widget:
            continue
        seen += 1
        parameter = tree.get(widget["address"])
        assert parameter is not None
        if widget["type"] == "fader":
            assert widget["typeTags"] == ("i" if parameter.kind == "whole" else "f")
            for end in (*widget["range"].values(), widget["default"]):
                assert clean(parameter, (end,)) == (end,)
        else:
            assert (widget["off"], widget["typeTags"]) == (0, "i")
            press = "tap" if parameter.low < 0 else "push"
            assert widget["mode"] == ("toggle" if parameter.kind == "switch" else press)
            assert widget["on"] == 1 or press == "tap"
            assert clean(parameter, (widget["on"],)) == (widget["on"],)
            if press == "push" and parameter.kind == "trigger":
                assert clean(parameter, (0,)) is None
    assert seen == sum(len(controls(page)) for page in pages(tree))


def test_open_stage_control_places_are_inside_the_screen(tree: Tree) -> None:
    for widget in widgets(tree):
        left, top, width, height = (
            float(widget[key].rstrip("%")) for key in ("left", "top", "width", "height")
        )
        assert 0 <= left <= left + width <= 100.001
        assert 0 <= top <= top + height <= 100.001
