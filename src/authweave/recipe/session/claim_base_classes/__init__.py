"""The paths by which applications know the classes of claims."""
