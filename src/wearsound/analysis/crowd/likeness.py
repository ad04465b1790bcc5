"""How like applause, and how like a cheer: ramps between measured values, multiplied.

All values are natural logarithms, but `swell` (dB over the murmur) and `own` (share of our own sound).
"""

from __future__ import annotations

GRAINY = (-2.99, -2.83)
"""Grain, nothing and all of it, as natural logarithms: hiss reads -3.3, hiss of less than three octaves -3.0, five
hundred people -2.7, fifteen -0.8. Eight hundred in a wet hall read -2.9: of so many nothing but the colour is left."""
STEADY = (-1.0, -1.7)
"""Slowness: speech and drums read over -1, fifteen people -2.1, more less."""
NOISY = (-0.85, -0.70)
"""Flatness: noise reads -0.55, voices under -0.8."""
THIN = (-0.2, -0.9)
"""Lows against the middle: hands have none; drums, basses, voices have."""
DULL = (-0.4, -1.2)
"""Above 6 kHz against the middle: rain, hats and hiss have as much, hands in a room do not."""
LASTS = (-1.6, -1.0)
"""The last 0.4 s against the loudest moment of the last: what a clap-along leaves in the hall is no applause."""
APPLAUDS = (3.0, 6.0)
"""dB of swell."""
OURS = (0.97, 0.9)
"""Own sound, 10 to 15 dB over what is left: that is nothing to go by."""
HELD, VOICED, MANY = (-1.9, -2.6), (-0.76, -0.86), (-1.5, -1.2)
DARK, CHESTY, LIGHT, CHEERS = (-1.5, -3.0), (-2.5, -1.5), (2.0, 1.0), (6.0, 11.0)
"""The same for cheers: many voices, held, dark, and well above the murmur."""
RAISED = (-1.5, -2.4)
"""100 to 400 Hz against 400 to 1200: who cheers raises the voice, and its power leaves the lows. Normal speech reads
-0.3 by the spectra of ANSI S3.5-1997 (critical bands), raised -0.9, loud -1.6, shouted -2.6; here made murmurs of 6 to
100 people read -1.0 to -1.4 however loud they are, cheers -3.4 to -6."""


def like_applause(
    fine: float, slow: float, flat: float, low: float, high: float, here: float, swell: float, own: float
) -> float:
    """0..1, of grain, slowness of 0.4 s, flatness, lows and highs, and the last 0.4 s against the last second."""
    applause = (
        _ramp(fine, *GRAINY)
        * _ramp(slow, *STEADY)
        * _ramp(flat, *NOISY)
        * _ramp(low, *THIN)
        * _ramp(high, *DULL)
    ) * _ramp(swell, *APPLAUDS)
    applause *= _ramp(here, *LASTS) * _ramp(own, *OURS)
    return applause


def like_cheer(
    held: float,
    flat: float,
    voiced: float,
    low: float,
    high: float,
    deep: float,
    swell: float,
    own: float,
) -> float:
    """0..1, of slowness of 1 s, flatness now and over 1 s, lows, highs, and what lies below raised voices."""
    # Voices that are held stay voices: what is noise now and then is a filter that somebody turns, or a machine.
    cheer = _ramp(held, *HELD) * _ramp(max(flat, voiced), *VOICED) * _ramp(flat, *MANY) * _ramp(high, *DARK)
    cheer *= (
        _ramp(deep, *RAISED)
        * _ramp(own, *OURS)
        * _ramp(low, *CHESTY)
        * _ramp(low, *LIGHT)
        * _ramp(swell, *CHEERS)
    )
    return cheer


def _ramp(value: float, nothing: float, all_of_it: float) -> float:
    """0 at `nothing`, 1 at `all_of_it`, straight between."""
    return min(1.0, max(0.0, (value - nothing) / (all_of_it - nothing)))
