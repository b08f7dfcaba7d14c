"""How the pages are built; ``nox -s docs`` runs it with every warning an error."""

import re
from importlib.metadata import version as installed_version

from django.conf import settings
from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from authweave.kernel import Call, SyncCall

settings.configure()  # Ninja and REST framework read them when they are imported

project = "authweave"
author = "The authweave authors"
release = installed_version("authweave")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]

autodoc_typehints = "description"
autodoc_member_order = "bysource"
autodoc_typehints_description_target = "documented_params"
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_custom_sections = [("Keys", "params_style")]
suppress_warnings = ["ref.python"]  # every recipe has a `RecipeInterface`; the nearest is meant
# The build does not go online, so names of other packages have nowhere to lead; our own must.
# Type variables, and what stands within `AnyOverride` and `wrap_all`, are nobody's to look up.
nitpick_ignore_regex = [
    (r"py:.*", r"(?!authweave\.).*"),
    (r"py:.*", r"authweave\..*\.(P|R|T|R_co|\w+T|\w+T_co|\w+T_contra|SeedStyle|AsyncWrapper|SyncWrapper)"),
    (
        r"py:.*",
        r"authweave\.recipe\.session\..*\.(Confirmations|CookieSettings|SeveralWebsites|SigningKeys)",
    ),  # behind the public face
    (r"py:.*", r"authweave\.recipe\.session\.framework\.django\..*\.Verifying"),  # as above
    (r"py:.*", r"authweave\.outbox\..*\.(Payloads|Worker)"),  # as above
    (r"py:.*", r"authweave\.recipe\.emailpassword\.reset\..*\.(Mails|Resetting)"),  # likewise
    (r"py:.*", r"authweave\.recipe\.emailpassword\.policy\..*\.PasswordPolicy"),  # likewise
    (r"py:.*", r"authweave\.recipe\.(passwordless\.messages\.Messages|multifactorauth\.standing\.Standings)"),
    (r"py:.*", r"authweave\.ingredients\.delivery\._app\.DeliveryConfig"),  # what configurations have in common
]


def find_public(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.TextElement
) -> nodes.reference | None:
    """Lead a name to the one place where it is documented, whichever module it was taken from."""
    target = str(node.get("reftarget", ""))
    if node.get("refdomain") != "py" or not target.startswith("authweave."):
        return None
    last = target.rpartition(".")[2]
    found = {
        (entry.docname, entry.node_id)
        for name, entry in env.domains.python_domain.objects.items()
        if name.rpartition(".")[2] == last and entry.objtype in {"class", "exception", "function", "data"}
    }
    if len(found) != 1:
        return None
    ((page, anchor),) = found
    return make_refnode(app.builder, str(node["refdoc"]), page, anchor, content, target)


def hide_constructor(
    app: Sphinx, what: str, name: str, documented: object, options: object, signature: str, returned: str
) -> tuple[str, str] | None:
    """Show calls without the parameters of a constructor: the library makes them."""
    return ("", "") if isinstance(documented, type) and issubclass(documented, (Call, SyncCall)) else None


LINK = re.compile(r"\]\(([\w/-]+)\.md\)")
TOCTREE = "\n```{{toctree}}\n:caption: {caption}\n:hidden:\n\n{pages}\n```\n"


def group_sidebar(app: Sphinx, page: str, source: list[str]) -> None:
    """Give the sidebar the groups of the index, in its order: its headings, and the lines above its lists."""
    if page != app.config.root_doc:
        return
    section, caption, groups = "", "", dict[str, list[str]]()
    for line in source[0].splitlines():
        if line.startswith("## "):
            section = caption = line.removeprefix("## ")
        elif section and line.endswith(":"):
            caption = f"{section}: {re.split('[,:]', line)[0].lower()}"
        elif section and line.startswith("- "):
            groups.setdefault(caption, []).extend(LINK.findall(line))
    source[0] += "".join(TOCTREE.format(caption=name, pages="\n".join(pages)) for name, pages in groups.items())


SEARCHED = re.compile(r"<!-- searched: (.+?) -->")


def enter_words(app: Sphinx, page: str, source: list[str]) -> None:
    """Enter in the index what people search for: the search puts such a place above pages that only use the words."""
    source[0] = SEARCHED.sub(
        lambda found: "\n".join(f"```{{index}} ! {words.strip()}\n```" for words in found[1].split(",")), source[0]
    )


def setup(app: Sphinx) -> None:
    """Extend the build."""
    app.connect("source-read", group_sidebar)
    app.connect("source-read", enter_words)
    app.connect("missing-reference", find_public)
    app.connect("autodoc-process-signature", hide_constructor)
