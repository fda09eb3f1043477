"""The command line. It parses arguments, prints, and turns failures into exit statuses; all work is elsewhere.

Imports are late, so that `skilladapt --help` answers at once.

Exit status: 0 done; 1 the run failed and can be continued; 2 the person's mistake; 130 or 143 interrupted.
`graph diff` ends with 1 when the graphs differ, `domain` when a promise is broken.
"""

import errno
import io
import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

app = typer.Typer(
    name="skilladapt",
    help="Teach a language model a new skill, sub-skill by sub-skill, and see what it learned.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

RunFile = Annotated[Path, typer.Argument(help="A run file in TOML.", metavar="FILE")]
RunPath = Annotated[Path, typer.Argument(help="The directory of a run.", metavar="DIR")]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", help="The run directory; otherwise out/ and the file's name.", metavar="DIR"),
]
SetOption = Annotated[
    list[str] | None, typer.Option("--set", help="Overrides one value of the run file.", metavar="KEY=VALUE")
]
BenchmarkFile = Annotated[
    Path, typer.Option("--benchmark", "--probes", help="Questions as JSON lines.", metavar="FILE")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]


@app.command()
def run(file: RunFile, out: OutOption = None, set: SetOption = None) -> None:
    """The whole method, from syllabus to report; continues where it stopped."""
    from skilladapt import pipeline

    pipeline.run(pipeline.load(file, set or []), out or default_out(file))


@app.command()
def compare(
    file: RunFile,
    arms: Annotated[
        str, typer.Option(help="Names with commas between; the first is what others are compared with.")
    ],
    seeds: Annotated[int, typer.Option(min=1, help="Runs of each arm.")] = 5,
    jobs: Annotated[int | None, typer.Option(min=1, help="Runs at a time; otherwise one for each core.")] = None,
    out: OutOption = None,
    set: SetOption = None,
) -> None:
    """Several ways of teaching at equal tokens and equal calls, with intervals over seeds."""
    from skilladapt.compare import compare

    compare(
        file,
        [name.strip() for name in arms.split(",") if name.strip()],
        seeds=seeds,
        jobs=jobs or os.cpu_count() or 1,
        overrides=set or [],
        out=out or Path("out") / f"{file.stem}-compare",
    )


class _FileOrCommand(typer.core.TyperGroup):
    """A group whose first word may be a command's name; `show` is meant where it is none."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Puts `show` before everything else; a file that is called like a command is named with its folder."""
        if args and args[0] not in (*self.commands, "--help"):
            args = ["show", *args]
        return super().parse_args(ctx, args)


graph = typer.Typer(cls=_FileOrCommand, no_args_is_help=True, subcommand_metavar="FILE | diff A B")
app.add_typer(
    graph,
    name="graph",
    help="Look at, check and compare skill graphs, before anything is paid for. graph FILE means graph show FILE.",
)


@graph.command("show")
def graph_show(
    file: Annotated[
        Path, typer.Argument(help="A run file, a graph.json, or a folder that holds one.", metavar="FILE")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Where graph.json, .html, .mmd, .dot and .graphml are written.", metavar="DIR"),
    ] = None,
    set: SetOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Print every skill of a large graph.")] = False,
    json: JsonOption = False,
) -> None:
    """Print the skills as a tree with remarks; a graph.json that was edited is checked, all mistakes at once."""
    from skilladapt import graphs

    graphs.show_graph(file, set or [], out, everything=everything, as_json=json)


GraphPath = Annotated[Path, typer.Argument(help="A graph.json, or a folder that holds one.")]


@graph.command("diff")
def graph_diff(before: GraphPath, after: GraphPath, json: JsonOption = False) -> None:
    """What is different in two graphs. Exit status: 0 when they are equal, 1 when they differ, 2 for a mistake."""
    from skilladapt import graphs

    raise typer.Exit(1 if graphs.show_difference(before, after, as_json=json) else 0)


@app.command()
def estimate(file: RunFile, set: SetOption = None, json: JsonOption = False) -> None:
    """Calls, tokens, cost and time that a run's teacher will take, from low to high, before the run."""
    from skilladapt import pipeline
    from skilladapt.stages.quoting import show_estimate

    show_estimate(pipeline.load(file, set or []), as_json=json)


@app.command()
def status(directory: RunPath, json: JsonOption = False) -> None:
    """Where a run stands."""
    from skilladapt import inspection

    inspection.show_status(directory, as_json=json)


@app.command()
def review(
    directory: RunPath,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what no person can accept as it is, such as repetitions.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Decide about exercises that were rejected or are doubted; the run goes on with your decisions."""
    from skilladapt.review.dialogue import review

    review(directory, everything=everything, as_json=json)


@app.command()
def why(
    directory: RunPath,
    example_id: Annotated[str, typer.Argument(help="An example's id, or its beginning.", metavar="EXAMPLE_ID")],
    json: JsonOption = False,
) -> None:
    """Where an example comes from and every decision about it."""
    from skilladapt.why import show_why

    show_why(directory, example_id, as_json=json)


@app.command()
def ask(
    directory: RunPath,
    question: Annotated[str, typer.Argument(help="What to ask.")],
    max_new_tokens: Annotated[int, typer.Option(min=1, help="Longest answer.")] = 128,
    json: JsonOption = False,
) -> None:
    """The adapted student's answer beside the base model's."""
    from skilladapt import inspection

    inspection.show_answers(directory, question, max_new_tokens=max_new_tokens, as_json=json)


@app.command()
def evaluate(
    model: Annotated[str, typer.Argument(help="A run directory, or any model.", metavar="MODEL_OR_DIR")],
    benchmark: BenchmarkFile,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N questions.")] = None,
    max_new_tokens: Annotated[int, typer.Option(min=1, help="Longest answer.")] = 64,
    json: JsonOption = False,
) -> None:
    """Accuracy with intervals on a file of questions; for a run, base and adapted model side by side."""
    from skilladapt import inspection

    inspection.show_benchmark(model, benchmark, limit=limit, max_new_tokens=max_new_tokens, as_json=json)


@app.command()
def domain(
    name: Annotated[str, typer.Argument(help="A built-in domain, or your own as module:object.", metavar="NAME")],
    set: Annotated[
        list[str] | None, typer.Option("--set", help="One of the domain's options.", metavar="KEY=VALUE")
    ] = None,
    skills: Annotated[int | None, typer.Option(min=1, help="Look at N skills only.", metavar="N")] = None,
    count: Annotated[int, typer.Option(min=1, help="Exercises of each skill and difficulty.")] = 3,
    json: JsonOption = False,
) -> None:
    """Whether a domain keeps what every domain promises, and what breaks it. Exit status 1 when something does."""
    from skilladapt.promises import show_promises

    raise typer.Exit(0 if show_promises(name, set or [], skills=skills, count=count, as_json=json) else 1)


@app.command()
def report(directory: RunPath) -> None:
    """Write report.html again."""
    from skilladapt.progress import harmless
    from skilladapt.report.page import write_report
    from skilladapt.store import RunDirectory

    print(harmless(str(write_report(RunDirectory.existing(directory)))))


def default_out(file: Path) -> Path:
    """Where a run goes when nothing else is said: `out/` and the run file's name, in the current directory."""
    return Path("out") / file.stem


def main(arguments: list[str] | None = None) -> NoReturn:
    """Runs a command and exits with its status."""
    from skilladapt.errors import RunError, UserError

    # Read when torch is first imported: how long its threads spin while they wait for one another, before they
    # sleep. By default they hardly ever sleep, and beside other busy programs training on two cores was nine times
    # slower. Without any spinning it was a fifth slower on a quiet machine, with this much a tenth on a busy one.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "3000")
    for number in INTERRUPTIONS:
        signal.signal(number, _interrupt)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a title that the terminal cannot write ends no run
    try:
        status = app(arguments, standalone_mode=False)
        print(end="", flush=True)  # at the very end a failure could not be told
    except UserError as error:
        status = _fail(2, *error.mistakes)
    except RunError as error:
        status = _fail(1, str(error))
    except _Interrupted as interrupt:
        status = _fail(interrupt.status, "Interrupted; the same command goes on from here.")
    except OSError as error:
        # Files of the run have their own messages: what is left is the output.
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is left of it would fail once more
        reason = f"The output cannot be written ({error.strerror})"
        status = _fail(1, f"{reason}; mend that and run the same command again.")
    except Exception as error:
        # Usage mistakes are the parser's own exceptions, which know how to show themselves.
        if not hasattr(error, "show"):
            raise
        error.show()
        status = 2
    sys.exit(status if isinstance(status, int) else 0)


MOST_SHOWN = 2000
"""Characters of one message; it may quote what was found, and that may be of any length."""


def _fail(status: int, *messages: str) -> int:
    from skilladapt.progress import harmless

    for message in messages:
        shown = message if len(message) <= MOST_SHOWN else message[: MOST_SHOWN - 1] + "…"
        print(f"skilladapt: {harmless(shown)}", file=sys.stderr)
    return status


class _Interrupted(BaseException):
    """Raised by a signal. Not a KeyboardInterrupt: the parser answers that one itself, without a word."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM)


def _interrupt(number: int, _frame: Any) -> None:
    # A second one ends the process at once: that loses nothing either, and an exception would spoil the clean end.
    for one in INTERRUPTIONS:
        signal.signal(one, signal.SIG_DFL)
    raise _Interrupted(128 + number)


if __name__ == "__main__":
    main()
