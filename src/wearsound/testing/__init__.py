"""For tests of art: goldens as tests (`pytest_plugin`), sources and outputs with faults, recordings.

Nothing is imported here: the plugin is loaded in every pytest of the machine.
"""
