"""How the small net of the ear is trained: music with exact truth, features, model. Not part of the package."""
