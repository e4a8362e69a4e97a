"""Policy files for tests."""

from pathlib import Path

from bot.domain.policy import PolicyCheck
from policies.findings import Finding
from policies.loader import PolicyText, lint, parse_policies
from policies.source import FilePolicySource

WHOLE = """\
apiVersion: herald/v1
metrics:
  precision: {direction: higher, unit: ratio, aliases: [eval/precision]}
  latency_p95_ms: {direction: lower, unit: ms}
roles:
  leads: {slack_groups: [ml-leads]}
  devs: {slack_users: [U0DEV], emails: [Ada@Example.com]}
may:
  members: [read]
  leads: [promote, rollback, cancel, resolve]
policies:
  - name: baseline
    description: What it takes
    match: {models: ["prod.*"], exclude: [prod.test.x], aliases: [champion]}
    changes: [promote, rollback]
    rules:
      - {id: precision, type: metric, metric: precision, min: 0.80}
      - {id: latency, type: metric, metric: latency_p95_ms, max: 5000, severity: warn}
      - {id: no-regress, type: compare, metrics: [precision], max_drop: 0.02}
      - {id: tests, type: tests, required: [unit, load], max_age: 14d}
      - {id: contents, type: contents, require: [description, signature]}
    approvals:
      - {role: leads, count: 2, unless_asked_by: [devs]}
    rejections: 2
    expires: 48h
"""


def written(folder: Path, text: str, name: str = "p.yml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def findings(folder: Path, text: str) -> list[str]:
    """Return what is wrong with the text, without the folder's name."""
    return [without(folder, finding) for finding in lint([written(folder, text)])]


def without(folder: Path, said: Finding | str) -> str:
    return str(said).replace(f"{folder}/", "")


def changed(old: str, new: str) -> str:
    """Return the whole file with one part of it replaced."""
    assert WHOLE.count(old) == 1
    return WHOLE.replace(old, new)


def with_rule(rule: str) -> str:
    """Return the whole file with another rule in the place of its last one, line 21."""
    return changed("{id: contents, type: contents, require: [description, signature]}", rule)


def check_of(rule: str) -> PolicyCheck:
    """Return the check that the loader makes of one rule."""
    text = PolicyText(file="p.yml", content=with_rule(rule).encode())
    return parse_policies([text]).policies[0].checks[-1]


def looked(source: FilePolicySource) -> str:
    """Take what the files say now; return what is wrong with it."""
    reading = source.read()
    source.take(reading)
    return reading.problem
