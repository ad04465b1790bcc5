"""Peers, each a script for a Python that has it: `python peer_x.py KIND LIST OUT`.

They know nothing of wearsound. LIST is JSON, a list of WAV paths; OUT becomes JSON, a dictionary by path of
`onsets`, `onsets_decided`, `beats`, `beats_decided` (seconds) and `tempos` ([second, bpm] whenever said).
"""
