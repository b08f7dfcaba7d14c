"""Plugins that come with the library. Each is a module of its own, and may need an extra."""
