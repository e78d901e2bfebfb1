"""Where templates are carried out: they place what they are given, and reach nothing else."""

from __future__ import annotations

from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

MOST = 1_000_000
"""How long a text or list may become by repeating, and how many bits a power may have."""


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox; a text, list or number that would fill the memory at a stroke is refused too."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Multiply, or raise to a power.

        Raises:
            SecurityError: if what comes of it is too large.
        """
        if operator == "**":
            size = abs(right) * (left.bit_length() if isinstance(left, int) else 1)
        else:
            size = max((len(a) * b for a, b in ((left, right), (right, left)) if hasattr(a, "__len__")), default=0)
        if size > MOST:
            raise SecurityError(f"{operator} gives too much")
        return super().call_binop(context, operator, left, right)
