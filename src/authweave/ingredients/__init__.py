"""What several recipes have in common: how mail is delivered, and HTTP clients that belong to a loop."""
