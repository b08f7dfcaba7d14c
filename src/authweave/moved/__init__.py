"""Moving an application over from SuperTokens: its source, and trying it unchanged."""
