"""Every way in which the evidence of the sound world is spoilt, and which rules that concerns."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from math import inf
from typing import Any

from bot.domain.evidence import PolicyFacts as Facts
from bot.domain.evidence import Signature, Unreadable, file_part
from bot.domain.model_card import MODEL_CARD_PATH
from bot.domain.names import EndpointName
from bot.domain.registry import Metric
from tests.builders import CHALLENGER, ENDPOINT, NOW, make_endpoint
from tests.properties.sound import A_DAY, BARE, CARD, DATASET, FIGURES, SOURCE_TAGS

Spoil = Callable[[Facts, Any], Facts]

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


def _measured(**figures: Any) -> Spoil:
    seen = replace(FIGURES, **figures)
    return lambda facts, _: replace(facts, figures={A_DAY: {ENDPOINT: seen}})


def _logged(at: datetime | None) -> Spoil:
    return lambda facts, _: _remeasured(
        facts, (replace(metric, logged_at=at) for metric in facts.candidate.version.metrics)
    )


_FIGURES: Mapping[str, Spoil] = {
    "no figures": lambda facts, _: replace(facts, figures={}),
    "figures of another time": lambda facts, _: replace(
        facts, figures={A_DAY * 2: facts.figures[A_DAY]}
    ),
    "figures of long ago": lambda facts, _: replace(
        facts,
        figures={A_DAY: {ENDPOINT: replace(FIGURES, newest=facts.evaluated_at - A_DAY)}},
    ),
    "figures of another endpoint": lambda facts, _: replace(
        facts, figures={A_DAY: {EndpointName("another"): FIGURES}}
    ),
    "figures that nobody knows": _measured(
        requests=None, server_errors=None, judged=0, latency=None
    ),
    "too few requests": _measured(requests=999, judged=999, latency={100.0: 999}),
    "bad figures": _measured(requests=0, server_errors=100, latency={inf: 1000}),
}
_SOAKS: Mapping[str, Spoil] = {
    "never held": lambda facts, _: replace(facts, held_since={}),
    "held a minute": lambda facts, _: replace(
        facts, held_since={CHALLENGER: NOW - timedelta(minutes=1)}
    ),
    "held in the future": lambda facts, _: replace(
        facts, held_since={CHALLENGER: NOW + timedelta(days=9)}
    ),
    "another alias held": lambda facts, _: replace(
        facts, held_since={facts.alias: NOW - timedelta(days=9)}
    ),
}
_DRIFTS: Mapping[str, Spoil] = {
    "drift logged long ago": _logged(NOW - timedelta(days=8)),
    "drift logged in the future": _logged(NOW + timedelta(hours=1)),
    "drift logged at an unknown time": _logged(None),
}
_PRIVILEGES: Mapping[str, Spoil] = {
    "no privileges": lambda facts, _: replace(facts, privileges=frozenset()),
    "a registry without privileges": lambda facts, _: replace(facts, privileges=None),
    "another privilege": lambda facts, _: replace(facts, privileges=frozenset({"USE_SCHEMA"})),
    "privileges in lower case": lambda facts, _: replace(facts, privileges=frozenset({"manage"})),
}
_SIGNATURES: Mapping[str, Spoil] = {
    "nobody signed": lambda facts, _: _candidate(facts, tests_signature=None),
    "a signature that is wrong": lambda facts, _: _candidate(
        facts, tests_signature=Signature(key_id="ci", problem="is of another text")
    ),
}
_HEALTHS: Mapping[str, Spoil] = {
    "an endpoint that is not ready": lambda facts, _: replace(
        facts, endpoints=(*facts.endpoints, make_endpoint(name="other", is_ready=False))
    ),
}
_LIVE = {**_FIGURES, **_SOAKS, **_DRIFTS, **_PRIVILEGES, **_SIGNATURES, **_HEALTHS}

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
    **_LIVE,
    "a number is none": _numbers,
    "no number is one": _only_numbers,
    "numbers in place are none": _numbers_in_place,
    "not measured": lambda facts, _: _remeasured(facts, ()),
    **_TESTS,
}
"""Ways to spoil the evidence; the second argument is what stands in place of a number."""

_BAD_NUMBERS = frozenset({"a number is none", "no number is one", "not measured"})

NEEDS: Mapping[str, frozenset[str]] = {
    "metric": _BAD_NUMBERS,
    "compare": _BAD_NUMBERS | {"numbers in place are none"},
    "tests": frozenset(_TESTS),
    "contents": frozenset(),
    "endpoint metric": frozenset(_FIGURES),
    "soak": frozenset(_SOAKS),
    "recent drift": frozenset({*_DRIFTS, *_BAD_NUMBERS}),
    "drift": _BAD_NUMBERS,
    "platform_privilege": frozenset(_PRIVILEGES),
    "signed tests": frozenset({*_TESTS, *_SIGNATURES}),
    "endpoint_health": frozenset(_HEALTHS),
    "model_card": frozenset(_CARDS),
    "artifacts": frozenset(_ARTIFACTS),
    "tags": frozenset(_TAGS),
    "source": frozenset(_SOURCES),
    "semver": frozenset(_NUMBERS),
    "lineage": frozenset(_LINEAGES),
}
"""What spoils each kind, beside that nothing is known or readable, which spoils every kind."""

ALWAYS = frozenset({"nothing known", "unreadable"})
UNSERVED = "endpoint_health"
"""The one kind that does not apply where nothing is served."""


def spoils_of(kind: str) -> frozenset[str]:
    """Return the names of all that spoils a kind of rule."""
    return NEEDS[kind] if kind == UNSERVED else ALWAYS | NEEDS[kind]
