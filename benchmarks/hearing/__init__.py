"""The yardstick of the ear: pieces whose every onset, beat and bar is known, a scorer, and peers.

    python -m benchmarks.hearing --help

A style writes a `Score` (notes in beats) from a seed; `midi` and `synth` make sound of it, `treat` puts
it into a room, under noise, into a loudness; `truth` keeps what really happened. `measures` says how near
a listener came, `listeners` are this project's ear and its peers, `report` is the table.
"""
