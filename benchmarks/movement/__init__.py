"""The yardstick of the body lane: takes of a contact microphone whose every step, rub and tap is known, and a scorer.

    python -m benchmarks.movement --help

A `person` has shoes, a floor, a cloth, fingers and a microphone, drawn wide from a seed; a `script` says what they do
and when; `feet`, `hands` and `handling` make forces and friction of it, `plate` lets things ring, `pickup` is the
disc, the cable and the preamplifier. Nothing is shared with the composer of the built-in track: that one adds decaying
sines, this one solves contacts and counts catching fibres, so that whoever was tuned on one is judged by the other.
`stranger` is one more generator, of its own method, that nobody was tuned on: the last judge.
`measures` says how near a listener came, `listener` is this project's ear.
"""
