"""Access tokens: what they say, made and verified."""
