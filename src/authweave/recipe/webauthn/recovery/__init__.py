"""Accounts whose passkeys are lost: to whom a link is sent, and what a token does that comes back."""
