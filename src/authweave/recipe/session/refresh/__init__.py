"""Refreshing: the rotation of refresh tokens, what the use of each means, and what is stored of it."""
