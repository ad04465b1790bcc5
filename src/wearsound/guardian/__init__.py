"""`run`'s small parent: it starts the engine as a process of its own, and has it back when it has crashed.

`parent` watches, `seat` is the engine's end of it. What the parent imports is the standard library's.
"""
