"""
Moving users: into a store from elsewhere, out of one, and from one database to another.

It reads the tables and files of other systems, and writes many rows at once; the commands ``authweave user import``,
``authweave user export`` and ``authweave db copy`` are its face.
"""

from ._copying import copy_store, count_all
from ._exporting import export_users
from ._files import LinesFile, ListFile
from ._format import ISSUERS, VERSION, line_of, user_of
from ._importing import Counts, ImportOptions, import_users
from ._source import Item, Source
from ._user import LineFaultError, MovedLogin, MovedUser

__all__ = [
    "ISSUERS",
    "VERSION",
    "Counts",
    "ImportOptions",
    "Item",
    "LineFaultError",
    "LinesFile",
    "ListFile",
    "MovedLogin",
    "MovedUser",
    "Source",
    "copy_store",
    "count_all",
    "export_users",
    "import_users",
    "line_of",
    "user_of",
]
