"""What a render leaves: one file a layer, hashed over its content, streamed to disk."""
