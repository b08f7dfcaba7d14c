"""The paths by which applications know `authweave.framework`."""
