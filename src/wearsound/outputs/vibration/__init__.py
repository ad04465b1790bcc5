"""Vibration on its way out: a sound device of many channels, and frames for microcontrollers.

`channels` says which actuators are on which channel, `frames` makes the bytes and knows nothing else, `held` holds
back, `sender` sends frames, `cushion` stands between the engine's clock and a sound device's, `sound` plays into it.
"""
