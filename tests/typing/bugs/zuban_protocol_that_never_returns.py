"""zuban: the empty body of a Protocol's method is refused where the method never returns."""

from typing import NoReturn, Protocol


class Stop(Protocol):
    def stop(self) -> NoReturn: ...  # wrong: zuban
