"""Where reference data, texts and templates stand, and which file of a name is used.

In a checkout all of it stands in the checkout. A wheel carries a copy in `pipeline/shipped/`, in the same folders; the
user's own files, in the folder where the command is run, win over it one by one.
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

PACKAGE = Path(__file__).resolve().parent.parent
CARRIED, CHECKOUT = PACKAGE / "shipped", PACKAGE.parent


class Completed(Struct, frozen=True):
    """A folder of the user, completed with the files that come with the program; used as a `Path` is."""

    own: Path
    shipped: Path

    def __truediv__(self, name: str) -> Path:
        """The file of that name: the user's own, or else the one that comes with the program."""
        own, shipped = self.own / name, self.shipped / name
        return shipped if shipped.exists() and not _stands(own) else own

    def glob(self, pattern: str) -> list[Path]:
        """The files whose names match, one of each name."""
        names = {path.name for folder in (self.shipped, self.own) for path in folder.glob(pattern)}
        return [self / name for name in sorted(names)]


Folder = Path | Completed
"""A folder to read from: one that holds everything itself, or one that is completed."""


def users_own(folder: Folder) -> Path:
    """Where the user's own files of a folder stand."""
    return folder.own if isinstance(folder, Completed) else folder


def at_home(name: str) -> Path:
    """The folder of that name in the checkout, or for a wheel where the command is run."""
    return (Path.cwd() if _is_wheel() else CHECKOUT) / name


def completed(name: str) -> Completed:
    """The same, completed with the files that come with the program."""
    return Completed(at_home(name), (CARRIED if _is_wheel() else CHECKOUT) / name)


def _is_wheel() -> bool:
    return (CARRIED / "templates").is_dir()


def _stands(path: Path) -> bool:
    """Whether something stands there. What cannot be looked at does: whoever reads it says what is wrong."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
