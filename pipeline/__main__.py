"""Where the command `kostenindicatie` begins, and `python -m pipeline`: before anything large is loaded.

From its first moment on a run ends in order when it is told to, by Ctrl-C or otherwise: whole files, and nothing left.
"""

from __future__ import annotations

import os
import sys

FAILED = 1


def main() -> None:
    """Run the command, and end with its exit code."""
    from pipeline import signals

    try:
        signals.heed()
        code = _command()
    except SystemExit:
        raise
    except BaseException as error:
        if signals.received:
            signals.ignore()
            code = _fail("Interrupted; every file that was made is whole. Run the same again to finish.")
        elif isinstance(error, MemoryError):
            code = _fail("Error: there is too little memory. What was made is whole; run the same again to go on.")
        elif isinstance(error, ImportError):
            code = _fail(
                f"Error: the program cannot be loaded ({_first(error)}). Is there enough memory, may enough files be "
                "open at once, and is the installation whole?"
            )
        else:
            raise
    sys.exit(code)


def _first(error: BaseException) -> str:
    """What it began with: libraries explain the failure of another one at length."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return str(error).strip().partition("\n")[0]


def _command() -> int:
    from pipeline.streams import prepare

    prepare()
    import click

    from pipeline.cli import main as command

    try:
        return command(prog_name="kostenindicatie", standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return error.exit_code


def _fail(why: str) -> int:
    if sys.stderr is not None:
        sys.stderr.write(f"{why}\n")
    return FAILED


if __name__ == "__main__":
    # `python -m` puts the folder where the user stands first; nothing is loaded from there but this program itself.
    if not sys.flags.safe_path and sys.path[0] != __file__.rsplit(os.sep, 2)[0]:
        del sys.path[0]
    main()
