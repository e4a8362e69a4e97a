"""The page of what goes wrong in policy files, made from mistakes in the example of the docs."""

import sys
from dataclasses import dataclass
from difflib import ndiff
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.domain.errors import ConfigurationError
from policies.loader import lint, load_policies

DOCS = Path(__file__).parents[3] / "docs"
EXAMPLE = (DOCS / "policies.example.yml").read_text()
HEAD = """\
# What goes wrong in policy files

Each mistake is one in [policies.example.yml](policies.example.yml), with the lines as they were
written and what Herald says: at the start, every time that the file changes, and on
`herald policy lint`. This page is made from the examples, so it says what Herald says.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing to get wrong: a part of the example, and what somebody wrote instead."""

    title: str
    old: str
    new: str
    environment: str = "production"


MISTAKES = (
    Mistake(
        title="A tab instead of blanks", old="    severity: enforce", new="\tseverity: enforce"
    ),
    Mistake(
        title="A name that begins with * without quotes",
        old='models: ["prod.*"]',
        new="models: [*]",
    ),
    Mistake(
        title="The same key twice",
        old="    rejections: 1\n",
        new="    rejections: 1\n    severity: warn\n",
    ),
    Mistake(
        title="An anchor",
        old="[precision, recall]",
        new="&both [precision, recall]",
    ),
    Mistake(title="A key that does not exist", old="severity: enforce", new="severty: enforce"),
    Mistake(
        title="A key that is missing",
        old="type: tests, required: [unit, load],",
        new="type: tests,",
    ),
    Mistake(
        title="A kind of rule that does not exist",
        old="type: metric, metric: latency_p95_ms",
        new="type: metrics, metric: latency_p95_ms",
    ),
    Mistake(title="A word that is not one of a few", old="severity: warn", new="severity: warning"),
    Mistake(title="Another version of the format", old="herald/v1", new="herald/v2"),
    Mistake(title="A number in quotes", old="min: 0.80", new='min: "0.80"'),
    Mistake(title="Text that looks like a number", old="name: baseline", new="name: 2026"),
    Mistake(title="One where a list belongs", old="[ml-leads], emails", new="ml-leads, emails"),
    Mistake(
        title="An empty list", old="aliases: [champion]\n      env", new="aliases: []\n      env"
    ),
    Mistake(title="A yes that is text here", old="four_eyes: true", new="four_eyes: yes"),
    Mistake(title="A duration without a unit", old="expires: 24h", new="expires: 24"),
    Mistake(
        title="An alias that cannot be moved", old="aliases: [champion]}", new="aliases: [latest]}"
    ),
    Mistake(
        title="A user's name instead of his id",
        old="slack_users: [U012AB3CD]",
        new="slack_users: [ada]",
    ),
    Mistake(
        title="A metric that is not in the catalogue",
        old="metric: precision",
        new="metric: precison",
    ),
    Mistake(title="Per cent for a ratio", old="min: 0.80", new="min: 80"),
    Mistake(title="A bound that nothing meets", old="min: 0.80", new="min: 0.9, max: 0.8"),
    Mistake(title="A metric without a bound", old=", min: 0.80", new=""),
    Mistake(
        title="One loss for several units",
        old="[precision, recall]",
        new="[precision, latency_p95_ms]",
    ),
    Mistake(title="A role that nobody defines", old="role: risk", new="role: risks"),
    Mistake(title="A role without people", old="{databricks_groups: [model-risk]}", new="{}"),
    Mistake(title="An action that does not exist", old="members: [read]", new="members: [view]"),
    Mistake(title="Two rules of one name", old="id: latency", new="id: precision"),
    Mistake(
        title="Nobody who may approve a first release",
        old=(
            "    approvals:\n"
            "      - {role: ml-leads, count: 1}\n"
            '      - {role: risk, when: {tags: {tier: "1"}}}\n'
            "      - {role: data-scientists, when: {outcomes: {no-regress: "
            "[warned, inconclusive]}}}\n"
        ),
        new="",
    ),
    Mistake(title="A freeze without its length", old=" duration: 63h,", new=""),
    Mistake(title="A cron expression of another kind", old="0 17 * * FRI", new="every friday"),
    Mistake(
        title="A time zone that does not exist", old="America/New_York", new="America/New_Yrok"
    ),
    Mistake(
        title="A window for what was logged",
        old="metric: precision, min: 0.80",
        new="metric: precision, min: 0.80, window: 1h",
    ),
    Mistake(title="An endpoint's figure without a window", old="        window: 24h\n", new=""),
    Mistake(
        title="A model card of an unknown form",
        old="path: documentation/model_card.yaml",
        new="path: card.pdf",
    ),
    Mistake(title="A pattern that may take for ever", old='owner: ".+"', new='owner: "(a+)+"'),
    Mistake(title="A tag that Herald writes", old="owner:", new="herald.request:"),
    Mistake(
        title="A rule that asks for nothing",
        old="run: required, datasets: 1, upstream: at_least_one",
        new="applies_when: {tags: {a: b}}",
    ),
    Mistake(
        title="A calendar that is not there",
        old='cron: "0 17 * * FRI", duration: 63h',
        new="ics: holidays.ics",
    ),
    Mistake(
        title="A proposal of what is there already",
        old="{on: challenger, per",
        new="{on: champion, per",
    ),
    Mistake(
        title="An exemption from a rule that does not exist",
        old="rules: [tests]",
        new="rules: [test]",
    ),
    Mistake(title="An exemption that its requester approves", old="[U0LEAD123]", new="[U012AB3CD]"),
    Mistake(
        title="A moment without a time zone", old="2026-12-01T09:00:00+01:00", new="2026-12-01"
    ),
    Mistake(
        title="An escalation to everybody",
        old="escalate: {after: 12h, role: risk}",
        new="escalate: {after: 12h, role: members}",
    ),
    Mistake(title="No environment", old="", new="", environment=""),
    Mistake(title="An environment that no policy names", old="", new="", environment="prod"),
)


def section(mistake: Mistake, folder: Path) -> str:
    """Return what the page says of a mistake.

    Args:
        mistake: What is wrong.
        folder: Where the wrong file may be written.
    """
    if mistake.environment != "production":
        wrong = f"HERALD_ENVIRONMENT={mistake.environment}"
        return _section(mistake.title, "", wrong, said_by_the_start(folder, mistake.environment))
    text = EXAMPLE.replace(mistake.old, mistake.new, 1)
    moved = [d for d in ndiff(EXAMPLE.splitlines(), text.splitlines()) if d[0] in "+-"]
    added = [line[2:] for line in moved if line[0] == "+"]
    wrong = "\n".join(added or [f"{line[0]}{line[2:]}" for line in moved])
    return _section(mistake.title, "yaml" if added else "diff", wrong, said(folder, text))


def _section(title: str, language: str, wrong: str, said_: str) -> str:
    return f"## {title}\n\n```{language}\n{wrong}\n```\n\n```\n{said_}\n```\n"


def said(folder: Path, text: str) -> str:
    """Return what lint says of a text."""
    path = folder / "policies.yml"
    path.write_text(text)
    return "\n".join(str(found) for found in lint([path])).replace(f"{folder}/", "")


def said_by_the_start(folder: Path, environment: str) -> str:
    """Return why the example ends a start in an environment."""
    path = folder / "policies.yml"
    path.write_text(EXAMPLE)
    try:
        load_policies([path], environment)
    except ConfigurationError as error:
        return str(error)
    return ""


def page(folder: Path) -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *(section(mistake, folder) for mistake in MISTAKES)])


if __name__ == "__main__":
    with TemporaryDirectory() as made:
        sys.stdout.write(page(Path(made)))
