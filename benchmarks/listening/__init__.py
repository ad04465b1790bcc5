"""A yardstick for sound that is made, not found: how it would strike a listener, as numbers.

    python -m benchmarks.listening SOUND.wav

Each measure is a function over stereo float (n, 2) at a rate in Hz. `level`, `tone`, `stereo`, `modulation`, `form`,
`scale` and `tail` hold them, `ranges` says what is good, `judged` puts them together over windows of 30 s, `search`
tries many settings. They catch dull, harsh, static, mono, mechanical and out of tune. They do not prove beauty.
"""
