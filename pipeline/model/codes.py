"""How the code of a municipality looks: capitals, and so many digits; that of the CBS is `GM0363`.

The register says how its codes look; every other place that holds codes follows it.
"""

from __future__ import annotations

import re
from typing import Self

from msgspec import Struct

ANY_CODE = "[A-Z]{1,4}[0-9]{3,9}"
"""Matches a code of whatever form."""
_FORM = re.compile("([A-Z]{1,4})(0{3,9})")
_DIGITS = ("drie", "vier", "vijf", "zes", "zeven", "acht", "negen")


class CodeForm(Struct, frozen=True):
    """Codes that begin with `prefix` and have so many digits."""

    prefix: str
    digits: int

    @classmethod
    def of(cls, form: str) -> Self:
        """The form that is written as a code with noughts: `GM0000`.

        Raises:
            ValueError: if none is written so.
        """
        parts = _FORM.fullmatch(form)
        if not parts:
            raise ValueError("how codes look is written as 1 to 4 capitals and 3 to 9 noughts: GM0000")
        return cls(parts[1], len(parts[2]))

    @property
    def pattern(self) -> str:
        """Matches a code."""
        return f"{self.prefix}[0-9]{{{self.digits}}}"

    @property
    def example(self) -> str:
        """What a code looks like."""
        return self.code("363")

    @property
    def right(self) -> str:
        """What would be right where something else stands."""
        return f"a code is {self.prefix} and {self.digits} digits, as in {self.example}"

    @property
    def dutch(self) -> str:
        """The same, for who delivers.

        >>> CBS.dutch
        'GM en vier cijfers, zoals GM0363'
        """
        return f"{self.prefix} en {_DIGITS[self.digits - 3]} cijfers, zoals {self.example}"

    def code(self, number: str) -> str:
        """The code with a number, however many noughts stand before it.

        >>> CBS.code("14"), CodeForm.of("EU00000").code("0014")
        ('GM0014', 'EU00014')
        """
        return f"{self.prefix}{int(number):0{self.digits}d}"


CBS = CodeForm("GM", 4)
"""The codes of Dutch municipalities, where the register says nothing else."""
