"""Who overrides what, in a whole application: values for programs, lines for people."""

from __future__ import annotations

from typing_extensions import override

from authweave.kernel import ExplainedFunction


class Explanation(dict[str, tuple[ExplainedFunction, ...]]):
    """
    The chains of all functions, by recipe and part (``session.functions``). Made by `App.explain`.

    Printed, and at an interactive prompt, it is the chains of the functions that have overrides, each layer with its
    file and line, the outermost first.
    """

    @override
    def __repr__(self) -> str:
        """Give the chains of the functions that have overrides, and say how many have none."""
        lines: list[str] = []
        for part, functions in self.items():
            chains = [str(each) for each in functions if each.layers]
            if chains:
                lines += [part, *(f"  {line}" for chain in chains for line in chain.splitlines())]
        without = sum(not each.layers for functions in self.values() for each in functions)
        parts = ", ".join(map(repr, self))
        return "\n".join([*lines, f"{without} functions without overrides are left out. The keys are {parts}."])
