"""Sign in with anyone who speaks OAuth 2 or OpenID Connect."""
