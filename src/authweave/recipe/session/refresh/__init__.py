"""Refresh tokens: which follows upon which, and what their use means."""
