"""What there is one of for each municipality, in little memory: of very many only the bytes are held."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar, overload

from msgspec import msgpack

T = TypeVar("T")

MOST = 10_000
"""How many are held as they are: it takes time to pack them, and up to here they take no memory that matters."""
_BLOCK = 64
"""How many are packed together, and unpacked: much is the same in those that stand beside each other."""


class Packed(Sequence[T], Generic[T]):
    """A sequence of things of one `kind`, each equal to what was appended; to be gone through from begin to end.

    Beyond `MOST` they are packed, and each time they are gone through made anew.
    """

    def __init__(self, kind: type[T], items: Iterable[T] = ()) -> None:
        self._decode = msgpack.Decoder(list[kind]).decode  # type: ignore[valid-type]
        self._blocks: list[bytes] = []
        self._plain: list[T] = []
        self._unpacked: tuple[int, list[T]] = (-1, [])
        for item in items:
            self.append(item)

    def append(self, item: T) -> None:
        """Put one more at the end."""
        self._plain.append(item)
        if len(self._plain) > (0 if self._blocks else MOST) and len(self._plain) >= _BLOCK:
            whole = len(self._plain) // _BLOCK * _BLOCK
            for start in range(0, whole, _BLOCK):
                block = msgpack.encode(self._plain[start : start + _BLOCK])
                self._blocks.append(zlib.compress(block, 1))
            del self._plain[:whole]

    def __len__(self) -> int:
        return len(self._blocks) * _BLOCK + len(self._plain)

    def __iter__(self) -> Iterator[T]:
        for block in self._blocks:
            yield from self._decode(zlib.decompress(block))
        yield from self._plain

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: int | slice) -> T | list[T]:
        if isinstance(place, slice):
            return [self[each] for each in range(len(self))[place]]
        place = range(len(self))[place]
        block, within = divmod(place, _BLOCK)
        if block >= len(self._blocks):
            return self._plain[place - len(self._blocks) * _BLOCK]
        if self._unpacked[0] != block:
            self._unpacked = block, self._decode(zlib.decompress(self._blocks[block]))
        return self._unpacked[1][within]


class Mapped(Sequence[T], Generic[T]):
    """What a function makes of each of some things, made when it is asked for."""

    def __init__(self, make: Callable[[Any], T], of: Sequence[Any]) -> None:
        self._make, self._of = make, of

    def __len__(self) -> int:
        return len(self._of)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            return Mapped(self._make, self._of[place])
        return self._make(self._of[place])


def packed(kind: type[T], items: Iterable[T]) -> Sequence[T]:
    """Some things as a tuple, and very many packed."""
    held = Packed(kind, items)
    return held if len(held) > MOST else tuple(held)


_DIGEST = 32
_TEXT = bytes(_DIGEST + 1)
"""What stands before a text that is no checksum."""


def shortened(text: str) -> bytes:
    """A checksum in hexadecimal digits as the bytes that it stands for; any other text as it can be told from those.

    >>> restored(shortened("0f" * 32)) == "0f" * 32, restored(shortened("")), restored(shortened("from x"))
    (True, '', 'from x')
    """
    if len(text) == 2 * _DIGEST:
        try:
            data = bytes.fromhex(text)
        except ValueError:
            pass
        else:
            if data.hex() == text:
                return data
    return _TEXT + text.encode("utf-8", "surrogatepass") if text else b""


def restored(data: bytes) -> str:
    """The text that was shortened."""
    return data.hex() if len(data) <= _DIGEST else data[len(_TEXT) :].decode("utf-8", "surrogatepass")
