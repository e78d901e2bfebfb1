"""The formulas that recur: amounts that may be p.m., their sums, and options looked up."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.workbooks.municipality.names import ALL_MISSING, CHOICE_COLUMNS
from pipeline.workbooks.sheets import Calculated, Cell, Fixed, Row
from pipeline.workbooks.styles import Style


def conclusion() -> Row:
    """The first year from low to high, built of cells, in the look of a conclusion."""
    low, high = (
        Calculated(f"eerste_jaar_{bound}", f"=eerste_jaar_{bound}", Style.CONCLUSION_EURO, defined=False)
        for bound in ("laag", "hoog")
    )
    said = f'=IF(eerste_jaar_pm=tekst_pm,"{ALL_MISSING}",eerste_jaar_pm)'
    missing = Calculated("conclusie_pm", said, Style.CONCLUSION, defined=False)
    return Row([Fixed("Eerste jaar", Style.CONCLUSION), low, Fixed("tot", Style.CONCLUSION), high, missing], 30)


def this_row(table: str, column: str) -> str:
    """The cell of a column in the formula's own row of a table."""
    return f"{table}[[#This Row],[{column}]]"


def chosen_cell(part: str, choice: str, option: str) -> str:
    """A column of the options of one choice, at an option."""
    return f"INDEX(optie_{choice}_{part},MATCH({option},lijst_{choice},0))"


def plus(terms: Sequence[str]) -> str:
    """The sum of cells that may hold "p.m." instead of a number."""
    return "+".join(f"N({term})" for term in terms)


def status(missing: str, highs: str) -> str:
    """Whether an amount is complete, wholly p.m., or a number to which p.m. is to be added."""
    return f"=IF({missing},IF({highs}=0,tekst_pm,tekst_plus_pm),tekst_volledig)"


def total_cells(name: str, parts: Sequence[str]) -> tuple[Cell, Cell, Cell]:
    """The low, high and p.m. cell of a sum of other amounts."""
    missing = "OR(" + ",".join(f"{part}_pm<>tekst_volledig" for part in parts) + ")"
    said = status(missing, plus([f"{part}_hoog" for part in parts]))
    low, high = (
        Calculated(f"{name}_{bound}", f"=IF({name}_pm=tekst_pm,tekst_pm,{plus([f'{p}_{bound}' for p in parts])})")
        for bound in ("laag", "hoog")
    )
    return low, high, Calculated(f"{name}_pm", said, Style.STATUS)


def line_cells(name: str, low: str, high: str, style: Style = Style.EURO) -> tuple[Cell, Cell, Cell]:
    """The low, high and p.m. cell of a cost line."""
    return (
        Calculated(f"{name}_laag", f"={low}", style),
        Calculated(f"{name}_hoog", f"={high}", style),
        Calculated(f"{name}_pm", f"=IF(ISTEXT({name}_laag),tekst_pm,tekst_volledig)", Style.STATUS),
    )


def option_in(table: str, choice: str, part: str) -> str:
    """A column of the options of one choice, at the option in the formula's own row of a table."""
    return chosen_cell(part, choice, this_row(table, CHOICE_COLUMNS[choice]))


def missing_in(table: str, choices: Sequence[str], lines: Sequence[str], part: str = "laag") -> str:
    """Whether an option in the formula's own row, or one of the cost lines besides, has no amount."""
    conditions = [f"ISTEXT({option_in(table, choice, part)})" for choice in choices]
    return "OR(" + ",".join([*conditions, *(f"{line}_pm<>tekst_volledig" for line in lines)]) + ")"


def summed_in(table: str, choices: Sequence[str], lines: Sequence[str]) -> str:
    """The sum of the options in the formula's own row and of cost lines besides; `@` stands for laag or hoog."""
    return plus([*(option_in(table, choice, "@") for choice in choices), *(f"{line}_@" for line in lines)])


def bounded(name: str, formula: str, style: Style = Style.EURO) -> tuple[Cell, Cell]:
    """The low and the high cell of an amount, from a formula in which `@` stands for laag or hoog."""
    low, high = (
        Calculated(f"{name}_{bound}", "=" + formula.replace("@", bound), style, defined=False)
        for bound in ("laag", "hoog")
    )
    return low, high


def mark(name: str, missing: str, highs: str) -> Cell:
    """The p.m. cell of an amount in a table."""
    return Calculated(f"{name}_pm", status(missing, highs), Style.STATUS, defined=False)
