"""Where the command `kostenindicatie` begins, and `python -m pipeline`: before anything large is loaded.

From its first moment on a run ends in order when it is told to, by Ctrl-C or otherwise: whole files, and nothing left.
What concerns the whole process is set here, and nowhere else.
"""

from __future__ import annotations

import os
import sys

FAILED = 1
NO_THREAD = "can't start new thread"
"""What Python says where there is no memory for another thread."""
FOR_LIBRARIES = 64 * 2**20
"""How many bytes of address space loading the libraries takes."""


def main() -> None:
    """Run the command, and end with its exit code."""
    told: list[int] = []
    try:
        from pipeline.console import signals

        told = signals.received
        signals.heed()
        code = _command()
    except SystemExit:
        raise
    except BaseException as error:
        if told or isinstance(error, KeyboardInterrupt):
            if told:
                signals.ignore()
            code = _fail("Interrupted; every file that was made is whole. Run the same again to finish.")
        elif isinstance(error, MemoryError) or _first(error) == NO_THREAD:
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
    """What it began with: libraries explain the failure of another one at length, and pools that of a worker."""
    while (before := error.__cause__ or error.__context__) and type(before).__name__ != "_RemoteTraceback":
        error = before
    return str(error).strip().partition("\n")[0]


def _command() -> int:
    from pipeline.console.memory import search_no_more, search_rarely, see_that_there_is
    from pipeline.console.streams import lost_output, prepare

    prepare()
    os.environ["PYTHONSAFEPATH"] = "1"  # processes that are started import nothing from where the user stands
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # it takes memory for each, and pandas has nothing for it to do
    search_rarely()
    see_that_there_is(FOR_LIBRARIES)
    import click

    from pipeline.cli import main as command

    try:
        code = command(prog_name="kostenindicatie", standalone_mode=False) or 0
    except click.ClickException as error:
        from pipeline.intake.fields.characters import in_a_line

        # What it says holds what was given, which cannot act on the terminal.
        click.UsageError(in_a_line(error.format_message()), getattr(error, "ctx", None)).show()
        return error.exit_code
    finally:
        search_no_more()
    if why := lost_output():  # `report`, whose documents count and not what it prints, does not come here
        return _fail(f"Error: {why}")
    return code


def _fail(why: str) -> int:
    if sys.stderr is not None:
        sys.stderr.write(f"{why}\n")
    return FAILED


if __name__ == "__main__":
    # `python -m` puts the folder where the user stands first; nothing is loaded from there but this program itself.
    if not sys.flags.safe_path and sys.path[0] != __file__.rsplit(os.sep, 2)[0]:
        del sys.path[0]
    main()
