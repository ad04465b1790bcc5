"""What a garment plays: movement put in as energy, which sounds and leaks out. `soundscape` puts it together.

- what moves: `listening`, at the level that `gain` finds; what lows its microphone lacks is told by `balance`
- what turns it: `dials` (sound.NAME), `fader` (voice.NAME), `tuning`
- voices: `drones`, `bowed`, `struck` on `modes`; `coat`; `grains`, each a `grain` of `ring` or `field`
- the room around them: `diffuser`, then `reverb` on `delay_lines` of `primes` that `drift`
- the tape that it is kept on: `wow`, `saturation`, `dropouts`, `hiss`, `clicks`, `head` in `tape`; then `side`, mono
  at the bottom
- tools: `band`, `dice`, `noise`, `plain` (the same bits everywhere), `scrub`, `spline`, `table`
"""
