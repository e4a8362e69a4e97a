"""A sound world in which every drawn rule passes, and every way in which its evidence is spoilt.

Each kind of rule has its rules here (``RULES``) and says what it cannot do without (``NEEDS``). A
new kind of rule needs one entry in both, and in ``SOUND`` what it looks at.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.domain.evidence import (
    PolicyFacts,
    TestResult,
    Unreadable,
    VersionEvidence,
    file_part,
)
from bot.domain.metrics import Direction, MetricDefinition
from bot.domain.model_card import MODEL_CARD_PATH, CardField
from bot.domain.policy import OutcomeKind, PolicyCheck, Severity
from bot.domain.registry import Dataset, Metric, ModelContents
from policies.entries import RulePlace
from policies.schema import AnyRule
from tests.builders import NOW, make_facts, make_model, make_run, make_version

Facts = PolicyFacts
Spoil = Callable[[Facts, Any], Facts]

CATALOGUE = {
    "precision": MetricDefinition(name="precision", direction=Direction.HIGHER, unit="ratio"),
    "latency": MetricDefinition(name="latency", direction=Direction.LOWER, aliases=("p95",)),
}
PLACE = RulePlace(policy="baseline", severity=Severity.ENFORCE, catalogue=CATALOGUE)
SUITES = ("unit", "load")
ODD_NUMBERS: list[Any] = [
    float("nan"),
    float("inf"),
    float("-inf"),
    None,
    True,
    "0.95",
    b"1",
    [],
    {},
]


def _metrics(better: float) -> tuple[Metric, ...]:
    return (
        Metric(key="precision", value=0.9 + better, dataset_name="holdout", dataset_digest="d1"),
        Metric(key="p95", value=100.0 - better, dataset_name="holdout", dataset_digest="d1"),
    )


SOURCE_TAGS = {
    "mlflow.source.git.commit": "0123456789abcdef",
    "mlflow.source.git.branch": "main",
    "review.status": "approved",
    "review.reviewer": "ben",
    "review.author": "ada",
}
DATASET = Dataset(name="holdout", digest="d1", source="prod.tables.payments")
CARD = "".join(f"{field}: what there is to say\n" for field in CardField)


def _evidence(number: int, better: float) -> VersionEvidence:
    run = make_run(f"run-{number}", tags=SOURCE_TAGS, datasets=(DATASET,))
    tags = {"team": "fraud", "version": f"1.{number}.0"}
    return VersionEvidence(
        version=make_version(number, metrics=_metrics(better), tags=tags),
        run=run,
        files={MODEL_CARD_PATH: CARD},
        artifacts={"explain/": True, "MLmodel": True},
        contents=ModelContents(inputs="[]", outputs="[]", requirements=("numpy",)),
        tests=tuple(
            TestResult(
                name=suite,
                outcome="passed",
                finished_at=NOW - timedelta(hours=3),
                run_id=run.run_id,
            )
            for suite in SUITES
        ),
    )


SOUND = make_facts(candidate=_evidence(7, 0.01), current=_evidence(6, 0.0))

BARE = PolicyFacts(
    model=make_model(),
    alias=SOUND.alias,
    candidate=VersionEvidence(
        version=make_version(7, description="", run_id=None, tags={}, metrics=())
    ),
    current=SOUND.current,
    endpoints=(),
    evaluated_at=NOW,
)
"""The same change of which nothing at all is known."""


def _decimals(low: int, high: int) -> st.SearchStrategy[Decimal]:
    """Return numbers in hundredths."""
    return st.integers(low, high).map(lambda number: Decimal(number) / 100)


def _some(*items: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(items), min_size=1, unique=True)


RULES: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "metric": st.one_of(
        st.fixed_dictionaries(
            {"metric": st.just("precision"), "min": _decimals(0, 91)},
            optional={"max": _decimals(91, 100)},
        ),
        st.fixed_dictionaries({"metric": st.just("latency"), "max": _decimals(10000, 99999)}),
    ),
    "compare": st.fixed_dictionaries(
        {"metrics": _some("precision", "latency"), "max_drop": _decimals(0, 100)},
        optional={
            "max_drop_relative": _decimals(0, 100),
            "same_dataset": st.sampled_from(["require", "warn", "ignore"]),
        },
    ),
    "tests": st.fixed_dictionaries(
        {"required": _some(*SUITES)}, optional={"max_age": st.sampled_from(["180m", "24h", "14d"])}
    ),
    "contents": st.fixed_dictionaries(
        {"require": _some("description", "signature", "requirements")}
    ),
    "model_card": st.fixed_dictionaries(
        {"min_chars": st.integers(1, 10)}, optional={"fields": _some(*CardField)}
    ),
    "artifacts": st.fixed_dictionaries({"required": _some("explain/", "MLmodel")}),
    "tags": st.fixed_dictionaries(
        {"required": st.sampled_from([{"team": "[a-z]+"}, {"team": "fraud", "version": "1.*"}])}
    ),
    "source": st.fixed_dictionaries(
        {
            "git_commit": st.just("required"),
            "branch": st.sampled_from(["main", "ma*"]),
            "review": st.sampled_from(["approved", "Approved"]),
            "reviewer_not_author": st.just(value=True),
        }
    ),
    "semver": st.fixed_dictionaries({"bump": st.sampled_from(["greater_than_champion", "minor"])}),
    "lineage": st.fixed_dictionaries(
        {
            "datasets": st.just(1),
            "upstream": st.sampled_from(["at_least_one", ["prod.*"], ["*payments"]]),
        },
        optional={"run": st.just("required")},
    ),
}
"""Rules of each kind that pass in the sound world."""


def check_of(kind: str, rule: dict[str, Any]) -> PolicyCheck:
    """Return the check that a rule of a policy file asks for."""
    entry = _ADAPTER.validate_python({"id": f"a-{kind}", "type": kind, **rule})
    check: PolicyCheck = entry.check(PLACE)
    return check


_ADAPTER: TypeAdapter[Any] = TypeAdapter(AnyRule)


def checks(*kinds: str) -> st.SearchStrategy[PolicyCheck]:
    """Return enforced checks of these kinds, of any kind when none is given."""
    return st.sampled_from(kinds or sorted(RULES)).flatmap(
        lambda kind: RULES[kind].map(lambda rule: check_of(kind, rule))
    )


def _candidate(facts: Facts, **fields: Any) -> Facts:
    return replace(facts, candidate=replace(facts.candidate, **fields))


def _version(facts: Facts, **fields: Any) -> Facts:
    return _candidate(facts, version=replace(facts.candidate.version, **fields))


def _remeasured(facts: Facts, metrics: Iterable[Metric]) -> Facts:
    return _version(facts, metrics=tuple(metrics))


def _tested(facts: Facts, **fields: Any) -> Facts:
    results = facts.candidate.tests or ()
    return _candidate(facts, tests=tuple(replace(result, **fields) for result in results))


def _numbers(facts: Facts, odd: Any) -> Facts:
    """Let one value beside the good ones, under each name, be no number."""
    own = facts.candidate.version.metrics
    return _remeasured(facts, (*own, *(replace(m, value=odd, dataset_digest="d2") for m in own)))


def _only_numbers(facts: Facts, odd: Any) -> Facts:
    return _remeasured(facts, (replace(m, value=odd) for m in facts.candidate.version.metrics))


def _numbers_in_place(facts: Facts, odd: Any) -> Facts:
    assert facts.current is not None
    own = facts.current.version
    metrics = tuple(replace(metric, value=odd) for metric in own.metrics)
    return replace(facts, current=replace(facts.current, version=replace(own, metrics=metrics)))


def _unreadable(facts: Facts, _: Any) -> Facts:
    """Take away everything that is read beside the version itself, and say why."""
    files = (file_part(path) for path in (MODEL_CARD_PATH, *facts.candidate.artifacts))
    parts = ("run", "contents", "tests", "privileges", *files)
    lost = tuple(Unreadable(part=part, reason="no answer within 10 s") for part in parts)
    version = replace(BARE.candidate.version, run_id=facts.candidate.version.run_id)
    bare = replace(BARE.candidate, version=version, unreadable=lost)
    return replace(BARE, candidate=bare, unreadable=lost, endpoints=facts.endpoints)


def _run(facts: Facts, **fields: Any) -> Facts:
    assert facts.candidate.run is not None
    return _candidate(facts, run=replace(facts.candidate.run, **fields))


def _card(text: str | None) -> Spoil:
    return lambda facts, _: _candidate(facts, files={MODEL_CARD_PATH: text})


def _tagged(**tags: str) -> Spoil:
    return lambda facts, _: _version(facts, tags={**facts.candidate.version.tags, **tags})


def _source(**tags: str) -> Spoil:
    named = {key.replace("__", "."): value for key, value in tags.items()}
    return lambda facts, _: _run(facts, tags={**SOURCE_TAGS, **named})


_CARDS: Mapping[str, Spoil] = {
    "no card": _card(None),
    "an empty card": _card(""),
    "a blank card": _card(CARD.replace("what there is to say", "' '")),
    "a card that is a list": _card("- purpose"),
    "a card that is no YAML": _card("purpose: [rules"),
    "a card that says a thing twice": _card(CARD + CARD),
    "a card that nobody read": lambda facts, _: _candidate(facts, files={}),
}
_ARTIFACTS: Mapping[str, Spoil] = {
    "no artifacts": lambda facts, _: _candidate(
        facts, artifacts=dict.fromkeys(facts.candidate.artifacts, False)
    ),
    "artifacts that nobody looked for": lambda facts, _: _candidate(facts, artifacts={}),
    "no run for artifacts": lambda facts, _: _version(facts, run_id=None),
}
_TAGS: Mapping[str, Spoil] = {
    "no tags": lambda facts, _: _version(facts, tags={}),
    "Herald's tags alone": lambda facts, _: _version(facts, tags={"herald.team": "fraud"}),
    "blank tags": _tagged(team=" ", version=""),
    "tags of another form": _tagged(team="FRAUD!", version="one"),
}
_SOURCES: Mapping[str, Spoil] = {
    "no source tags": lambda facts, _: _run(facts, tags={}),
    "no run to read its source": lambda facts, _: _candidate(facts, run=None),
    "a commit that is none": _source(mlflow__source__git__commit="latest"),
    "another branch": _source(mlflow__source__git__branch="dev"),
    "a review that waits": _source(review__status="pending"),
    "reviewed by the author": _source(review__reviewer="Ada"),
    "reviewed by nobody": _source(review__reviewer=" , "),
}
_NUMBERS: Mapping[str, Spoil] = {
    "the same number": _tagged(version="1.6.0"),
    "a lower number": _tagged(version="1.5.9"),
    "a pre-release of the same number": _tagged(version="1.6.0-rc.1"),
    "a number that is none": _tagged(version="v1.7"),
    "no number": lambda facts, _: _version(facts, tags={}),
}
_LINEAGES: Mapping[str, Spoil] = {
    "no datasets": lambda facts, _: _run(facts, datasets=()),
    "datasets from nowhere": lambda facts, _: _run(facts, datasets=(replace(DATASET, source=""),)),
    "no run of origin": lambda facts, _: _candidate(facts, run=None),
}

_TESTS: Mapping[str, Spoil] = {
    "tests of no run": lambda facts, _: _tested(facts, run_id=""),
    "tests of another run": lambda facts, _: _tested(facts, run_id="run-6"),
    "tests did not pass": lambda facts, _: _tested(facts, outcome="failed"),
    "tests of no outcome": lambda facts, _: _tested(facts, outcome=""),
    "tests of the future": lambda facts, _: _tested(facts, finished_at=NOW + timedelta(seconds=1)),
    "no tests": lambda facts, _: _candidate(facts, tests=()),
}

SPOILS: Mapping[str, Spoil] = {
    **_CARDS,
    **_ARTIFACTS,
    **_TAGS,
    **_SOURCES,
    **_NUMBERS,
    **_LINEAGES,
    "nothing known": lambda _, __: BARE,
    "unreadable": _unreadable,
    "a number is none": _numbers,
    "no number is one": _only_numbers,
    "numbers in place are none": _numbers_in_place,
    "not measured": lambda facts, _: _remeasured(facts, ()),
    **_TESTS,
}
"""Ways to spoil the evidence; the second argument is what stands in place of a number."""

NEEDS: Mapping[str, frozenset[str]] = {
    "metric": frozenset({"a number is none", "no number is one", "not measured"}),
    "compare": frozenset(
        {"a number is none", "no number is one", "not measured", "numbers in place are none"}
    ),
    "tests": frozenset(_TESTS),
    "contents": frozenset(),
    "model_card": frozenset(_CARDS),
    "artifacts": frozenset(_ARTIFACTS),
    "tags": frozenset(_TAGS),
    "source": frozenset(_SOURCES),
    "semver": frozenset(_NUMBERS),
    "lineage": frozenset(_LINEAGES),
}
"""What spoils each kind, beside that nothing is known or readable, which spoils every kind."""

ALWAYS = frozenset({"nothing known", "unreadable"})


def spoils_of(kind: str) -> frozenset[str]:
    """Return the names of all that spoils a kind of rule."""
    return ALWAYS | NEEDS[kind]


def has_passed(check: PolicyCheck, facts: Facts) -> bool:
    """Tell whether a check passes."""
    return check.evaluate(facts).kind is OutcomeKind.PASSED
