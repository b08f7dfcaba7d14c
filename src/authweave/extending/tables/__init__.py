"""
Decision tables as data: the code that decides, the page about it and the tests are made from the same rows.

It is a package of its own, so that an application that decides nothing by tables does not load it.
"""

from ._page import TablePage, UnknownTableError, line
from ._table import Fact, LookUp, LookUpNow, Row, Table, UndecidedError, Value, row, yes_or_no

__all__ = [
    "Fact",
    "LookUp",
    "LookUpNow",
    "Row",
    "Table",
    "TablePage",
    "UndecidedError",
    "UnknownTableError",
    "Value",
    "line",
    "row",
    "yes_or_no",
]
