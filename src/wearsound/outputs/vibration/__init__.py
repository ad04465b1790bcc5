"""Vibration on its way out: a sound device of many channels, and frames for microcontrollers.

`channels` says which actuators are on which channel, `frames` makes the bytes and knows nothing else, `held` holds
back, `sender` sends frames, `sound` plays into a sound device by the line that speakers have too (`outputs.line`).
"""
