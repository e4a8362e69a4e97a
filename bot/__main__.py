"""The ``herald`` command line."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.domain.errors import BackEndUnavailableError, ConfigurationError

if TYPE_CHECKING:
    from bot.domain.audit import ChainedEvent
    from bot.policy_commands import Answer
    from bot.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
audit = typer.Typer(no_args_is_help=True, help="Look into the audit log.")
policy = typer.Typer(no_args_is_help=True, help="Look into policies.")
cli.add_typer(audit, name="audit")
cli.add_typer(policy, name="policy")

WRONG_CONFIGURATION = 2
NO_ANSWER = 1


def main() -> None:
    """Run the command line.

    A wrong configuration ends in one line on stderr and exit code 2, a database that does not
    answer in one line and exit code 1: whoever supervises Herald starts it again.
    """
    try:
        cli()
    except ConfigurationError as error:
        _end(str(error), WRONG_CONFIGURATION)
    except BackEndUnavailableError as error:
        _end(str(error), NO_ANSWER)


@cli.command()
def run() -> None:
    """Run the bot with the settings of the environment, until a signal ends it."""
    from bot.app import run as run_app
    from bot.read_settings import load_settings

    settings = load_settings()
    _log_to_stderr(settings)
    raise SystemExit(asyncio.run(run_app(settings)))


@cli.command()
def sandbox(  # noqa: PLR0913 - each option of the command line is a parameter
    port: Annotated[int, typer.Option(help="Page and Slack here, Databricks on the next.")] = 8700,
    state: Annotated[Path, typer.Option(help="Where the world is kept.")] = Path(".herald/sandbox"),
    registry: Annotated[str, typer.Option(help="uc or mlflow")] = "uc",
    *,
    headless: Annotated[bool, typer.Option(help="Open no browser.")] = False,
    bot: Annotated[bool, typer.Option("--bot/--no-bot", help="Start the bot too.")] = True,
    fresh: Annotated[bool, typer.Option(help="Forget an earlier world.")] = False,
    tour: Annotated[bool, typer.Option(help="Play a scripted release and end.")] = False,
) -> None:
    """Play with Herald: a Slack and a Databricks of its own, real models, nothing to set up."""
    from bot.sandbox.launcher import SandboxOptions, run_sandbox

    options = SandboxOptions(
        port=port,
        state=state,
        registry=registry,
        headless=headless,
        with_bot=bot,
        fresh=fresh,
        tour=tour,
    )
    raise SystemExit(asyncio.run(run_sandbox(options)))


@cli.command()
def doctor(*, as_json: AsJson = False) -> None:
    """Look at settings, Slack, Databricks, policies and database; say what to mend.

    The exit code is 0 when all is well, 1 for warnings, 2 for errors.
    """
    from bot.doctor.diagnosis import diagnose_environment

    report = asyncio.run(diagnose_environment())
    typer.echo(report.as_json() if as_json else report.as_text())
    raise SystemExit(report.exit_code)


@audit.command()
def verify(
    head: Annotated[
        str | None, typer.Option(help="A hash from a closed card or a version's tags.")
    ] = None,
) -> None:
    """Check the whole audit log; exit code 1 when it was cut or rewritten."""
    from bot.domain.audit import verify_chain

    events = asyncio.run(_audit_log())
    broken = verify_chain(events, head)
    if broken:
        _end(f"The audit log does not hold at event {broken.number}: {broken.problem}", 1)
    last = events[-1].hash if events else "none"
    typer.echo(f"{len(events)} events hold. Head: {last}")


@policy.command()
def lint(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files or directories; those of HERALD_POLICIES unless given."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Check policy files: one line a finding, exit code 1 when anything is wrong."""
    from bot.policy_commands import lint_answer

    _give(lint_answer(paths or (), as_json=as_json))


@policy.command()
def explain(  # noqa: PLR0913 - each option of the command line is a parameter
    model: Annotated[str, typer.Argument(help="The model's full name.")],
    alias: Annotated[str, typer.Argument(help="The alias that would move.")],
    *,
    rollback: Annotated[bool, typer.Option(help="The way back, not a promotion.")] = False,
    policies: Annotated[
        list[Path] | None,
        typer.Option(help="Files or directories; those of HERALD_POLICIES unless given."),
    ] = None,
    environment: Annotated[
        str | None, typer.Option(help="Where; HERALD_ENVIRONMENT unless given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say which policies have a say in a change, why, and what they ask for."""
    from bot.policy_commands import explain_answer
    from policies.explanation import change_of

    change = change_of(model, alias, is_rollback=rollback)
    _give(explain_answer(change, policies or (), environment, as_json=as_json))


@policy.command(name="test")
def try_fixtures(
    files: Annotated[list[Path], typer.Argument(help="Fixture files.")], *, as_json: AsJson = False
) -> None:
    """Try policies on made-up facts; exit code 1 when one case comes out otherwise."""
    from bot.policy_commands import trial_answer

    _give(trial_answer(files, as_json=as_json))


@policy.command()
def schema() -> None:
    """Print the JSON Schema of policy files, for editors."""
    from policies.json_schema import policy_schema

    typer.echo(policy_schema(), nl=False)


def _give(answer: "Answer") -> NoReturn:
    for line in answer.lines:
        typer.echo(line)
    raise SystemExit(answer.exit_code)


async def _audit_log() -> "tuple[ChainedEvent, ...]":
    from bot.adapters.system import SystemClock
    from bot.persistence.database import open_store, require_existing
    from bot.settings import RecordSettings

    require_existing(RecordSettings().database_url)
    store = await open_store(RecordSettings().database_url, SystemClock())
    try:
        async with store.transaction() as work:
            return await work.audit.all()
    finally:
        await store.close()


def _log_to_stderr(settings: "Settings") -> None:
    from bot.adapters.log_lines import JsonLines, TextLines, log_to_stderr
    from bot.settings import LogFormat

    lines = JsonLines if settings.log_format is LogFormat.JSON else TextLines
    log_to_stderr(lines(settings.private_words()))


def _end(line: str, code: int) -> NoReturn:
    typer.echo(line, err=True)
    raise SystemExit(code)


if __name__ == "__main__":
    main()
