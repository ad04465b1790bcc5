"""What sensors tell of a body, from samples that come when they come: how it moves, tilts, turns, bends, presses."""
