"""The recipes: one package each, with the same files in each."""
