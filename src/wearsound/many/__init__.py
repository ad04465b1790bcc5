"""Many recordings: every one of a folder rendered with one patch, here or by an engine that shares work out."""
