"""The command line: ``gst-opt plan | diagnose | compare | check | samples | doctor``."""

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from gst_opt.cli.doctor import run_doctor
from gst_opt.cli.ends import BAD_INPUT, INTERRUPTED, leave
from gst_opt.cli.planning import PlanRequest, run_plan
from gst_opt.cli.tell import run_check, run_compare, run_diagnose, run_samples
from gst_opt.core.errors import MissingExtraError
from gst_opt.text import Lang, say

if TYPE_CHECKING:
    import typer


def main() -> None:
    """Run the command line."""
    lang = spoken_here()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        import tqdm  # noqa: F401
        import typer  # noqa: F401
    except ImportError:
        sys.stderr.write(f"{MissingExtraError('cli').text(lang)}\n")
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        sys.stderr.write(f"{say('cli.interrupted', lang)}\n")
        sys.exit(INTERRUPTED)
    command_line(lang)()


def spoken_here() -> Lang:
    """Return French if the terminal speaks French, English otherwise."""
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return Lang.FR if locale.casefold().startswith("fr") else Lang.EN


def command_line(lang: Lang) -> "typer.Typer":
    """Return the commands, with their help in one language."""
    import typer

    app = typer.Typer(
        help=say("cli.help", lang),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    language = Annotated[Lang, typer.Option("--lang", help=say("cli.help_lang", lang))]
    source_help, path_help = say("cli.help_source", lang), say("cli.help_path", lang)

    @app.command(help=say("cli.help_plan", lang))
    def plan(
        source: Annotated[str, typer.Argument(metavar="SAMPLE|FOLDER", help=source_help)],
        out: Annotated[Path | None, typer.Option(help=say("cli.help_out", lang))] = None,
        only: Annotated[str, typer.Option(help=say("cli.help_only", lang))] = "",
        gap: Annotated[float | None, typer.Option(help=say("cli.help_gap", lang))] = None,
        seconds: Annotated[float | None, typer.Option(help=say("cli.help_seconds", lang))] = None,
        budget: Annotated[float | None, typer.Option(help=say("cli.help_budget", lang))] = None,
        radius: Annotated[float | None, typer.Option(help=say("cli.help_radius", lang))] = None,
        premium_budget: Annotated[float | None, typer.Option(help=say("cli.help_premium_budget", lang))] = None,
        chosen: language = lang,
    ) -> None:
        request = PlanRequest(source, out, only, gap, seconds, budget, radius, premium_budget, chosen)
        leave(lambda: run_plan(request), chosen, "cli.interrupted_plan")

    @app.command(help=say("cli.help_diagnose", lang))
    def diagnose(
        source: Annotated[str, typer.Argument(metavar="SAMPLE|FOLDER", help=source_help)],
        out: Annotated[Path | None, typer.Option(help=say("cli.help_out_diagnose", lang))] = None,
        chosen: language = lang,
    ) -> None:
        leave(lambda: run_diagnose(source, out, chosen), chosen)

    @app.command(help=say("cli.help_compare", lang))
    def compare(
        first: Annotated[Path, typer.Argument(help=say("cli.help_compared", lang))],
        second: Annotated[Path, typer.Argument(help=say("cli.help_compared", lang))],
        data: Annotated[str, typer.Option(help=say("cli.help_data", lang))] = "",
        chosen: language = lang,
    ) -> None:
        leave(lambda: run_compare(first, second, data, chosen), chosen)

    @app.command(help=say("cli.help_check", lang))
    def check(path: Annotated[Path, typer.Argument(help=path_help)], chosen: language = lang) -> None:
        leave(lambda: run_check(path, chosen), chosen)

    @app.command(help=say("cli.help_samples", lang))
    def samples(chosen: language = lang) -> None:
        leave(lambda: run_samples(chosen), chosen)

    @app.command(help=say("cli.help_doctor", lang))
    def doctor(chosen: language = lang) -> None:
        leave(lambda: run_doctor(chosen), chosen)

    return app
