"""How the pages are built; ``nox -s docs`` runs it with every warning an error."""

from importlib.metadata import version as installed_version

project = "authweave"
author = "The authweave authors"
release = installed_version("authweave")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"

autodoc_typehints = "description"
autodoc_member_order = "bysource"
napoleon_numpy_docstring = False
# The build does not go online, so names of other packages have nowhere to lead; our own must.
nitpick_ignore_regex = [(r"py:.*", r"(?!authweave\.).*")]
