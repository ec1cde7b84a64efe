"""The commands that only tell: `diagnose`, `compare`, `check`, `samples`."""

from pathlib import Path

import gst_opt as gst
from gst_opt.cli.ends import BAD_INPUT, PLAN, echo, interrupts_wait, load
from gst_opt.text import Lang, say


def run_diagnose(source: str, out: Path | None, lang: Lang) -> int:
    """Tell how platforms and beds are today, and write the tables where a folder is given.

    Raises
    ------
    GstOptError
        If the data cannot be used, or the tables cannot be written.
    """
    from gst_opt.io.cells import replacing
    from gst_opt.io.results import output_folder, write_tables
    from gst_opt.report.data import data_text
    from gst_opt.report.diagnosis import diagnosis_text
    from gst_opt.report.summary import grouping_text, names
    from gst_opt.report.tables import in_lines

    grouping = load(source)
    folder = None if out is None else output_folder(out)
    policy = gst.DiagnosisPolicy()
    diagnosis = gst.diagnose(grouping, policy)
    told = [in_lines(grouping_text(grouping, lang)), data_text(grouping, lang)]
    told.append(diagnosis_text(grouping, diagnosis, policy, lang))
    if folder is not None:
        with interrupts_wait():
            files = write_tables(diagnosis.tables(), folder, names(grouping, lang))
            told.append(say("cli.files", lang, {"folder": folder, "names": ", ".join(file.name for file in files)}))
            with replacing(folder / "summary.txt") as stream:
                stream.write("\n\n".join(told) + "\n")
    echo("\n\n".join(told))
    return PLAN


def run_compare(first: Path, second: Path, data: str, lang: Lang) -> int:
    """Tell two saved results side by side, with their indicators where the data are given."""
    from gst_opt.report.comparison import comparison_text

    echo(comparison_text(first, second, load(data) if data else None, lang))
    return PLAN


def run_check(path: Path, lang: Lang) -> int:
    """Read a grouping and say whether it is good; list everything wrong with it."""
    from gst_opt.report.data import data_text
    from gst_opt.report.summary import grouping_text
    from gst_opt.report.tables import in_lines

    try:
        grouping = gst.read(path)
    except gst.DataError as error:
        echo(error.text(lang))
        return BAD_INPUT
    good = in_lines(say("cli.good", lang, {"grouping": grouping_text(grouping, lang)}))
    echo("\n".join([good, data_text(grouping, lang)]))
    return PLAN


def run_samples(lang: Lang) -> int:
    """List the samples."""
    from gst_opt.model.problem import PlanTable
    from gst_opt.report.tables import text_table

    rows = tuple((one.name, one.facilities, one.skills, one.heads, one.description.text(lang)) for one in gst.samples())
    columns = ("sample", "facilities", "skills", "heads", "description")
    echo(text_table(PlanTable(name="samples", columns=columns, rows=rows), lang))
    return PLAN
