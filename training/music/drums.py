"""The drummer: which drums play in a piece, two grooves of each, fills and crashes."""

from __future__ import annotations

from . import grooves
from .dice import Dice
from .note import Layer, Note
from .plan import Plan


def _two(dice: Dice, plan: Plan, make: object, change: float) -> list[Note]:
    """Two grooves of one drum: the second one takes over in some sections."""
    first, second = make(dice, plan), make(dice, plan)  # type: ignore[operator]
    one, two = grooves.spread(dice, plan, first, change), grooves.spread(dice, plan, second, change)
    ends = [(a * plan.bar, b * plan.bar) for a, b in plan.sections if dice.chance(0.3)]
    if dice.chance(0.5):
        return one
    inside = [n for n in two if any(a <= n.at < b for a, b in ends)]
    return [n for n in one if not any(a <= n.at < b for a, b in ends)] + inside


def drum_layers(seed: int, plan: Plan, synthetic: bool) -> list[Layer]:
    """Layers of drums; kick, snare and hat may each be missing."""
    dice = Dice(seed, "drums")
    change = dice.pick((0.0, 0.03, 0.1), (0.35, 0.45, 0.2))
    layers = []
    for name, make, share in (
        ("kick", grooves.kick, 0.92),
        ("snare", grooves.snare, 0.86),
        ("hat", grooves.hat, 0.8),
        ("ride", grooves.ride, 0.18),
        ("percussion", grooves.percussion, 0.27),
        ("percussion 2", grooves.percussion, 0.1),
    ):
        if dice.chance(share):
            notes = _two(dice, plan, make, change if name != "ride" else 0.0)
            level = dice.between(0.55, 1.0) if name in ("kick", "snare") else dice.log(0.25, 0.95)
            layers.append(Layer(name, notes, drums=True, synthetic=synthetic, level=level))
    names = [layer.name for layer in layers]
    if "kick" not in names and "hat" not in names and "ride" not in names:
        pattern = [(float(b), 36, 0.9) for b in range(plan.bar)]
        layers.append(Layer("kick", grooves.spread(dice, plan, pattern), drums=True, synthetic=synthetic))
    for layer in layers:
        layer.carries = layer.name != "snare"
    if dice.chance(0.6):
        fills(dice, plan, layers, synthetic)
    return layers


def fills(dice: Dice, plan: Plan, layers: list[Layer], synthetic: bool) -> None:
    """Add a layer of fills at the end of every few bars; the other drums mostly stop for them."""
    every = dice.pick((4, 8, 2), (0.55, 0.35, 0.1))
    added: list[Note] = []
    for bar in range(every - 1, plan.bars, every):
        hits = grooves.fill(dice, plan)
        if not hits or dice.chance(0.15):
            continue
        start, end = bar * plan.bar + hits[0][0] - 1e-6, (bar + 1) * plan.bar - 1e-6
        for layer in layers:
            if layer.name != "ride" and dice.chance(0.7):
                layer.notes = [n for n in layer.notes if not start <= n.at < end]
        added += [Note(bar * plan.bar + at, 0.2, key, strength) for at, key, strength in hits]
        if dice.chance(0.6):
            added.append(Note(float((bar + 1) * plan.bar), 0.5, dice.pick((49, 57, 55)), 0.9))
    layers.append(
        Layer("fills", added, True, synthetic=synthetic, level=dice.between(0.5, 0.9), carries=False)
    )
