"""The check ``source``."""

from pathlib import Path

import pytest

from bot.domain.policy import CheckOutcome, OutcomeKind
from policies.source_control import SourceCheck
from tests.builders import make_run, make_version
from tests.unit.policies.files import check_of, findings, with_rule
from tests.unit.policies.given import evidence, facts, unreadable

COMMIT, BRANCH = "mlflow.source.git.commit", "mlflow.source.git.branch"
WHOLE = {
    COMMIT: "0d19a0d7c1965aa00000000000000000000000aa",
    BRANCH: "main",
    "review.status": "Approved",
    "review.reviewer": "Bea, cy",
    "review.author": "ada",
}
EVERYTHING = "git_commit: required, branch: main, review: approved, reviewer_not_author: true"

PROPOSE_COMMIT = "propose a version whose commit is a Git commit"
REVIEW = "let somebody else review the code, and tag who did"


def check(fields: str = EVERYTHING) -> SourceCheck:
    built = check_of(f"{{id: code, type: source, {fields}}}")
    assert isinstance(built, SourceCheck)
    return built


def outcome(fields: str = EVERYTHING, **changed: str) -> CheckOutcome:
    names = {"commit": COMMIT, "branch": BRANCH}
    named = {names.get(key, f"review.{key}"): value for key, value in changed.items()}
    return check(fields).evaluate(facts(evidence(run=make_run(tags={**WHOLE, **named}))))


def test_reviewed_code_of_a_known_commit_on_the_branch_passes() -> None:
    said = outcome()
    assert said.kind is OutcomeKind.PASSED
    assert said.message == (
        "commit `0d19a0d7c1965aa00000000000000000000000aa`; branch `main`; review `Approved`; "
        "reviewed by `bea, cy`"
    )
    assert said.observed == (
        "commit 0d19a0d7c1965aa00000000000000000000000aa; branch main; review Approved; "
        "reviewer bea, cy"
    )
    assert said.expected == (
        "commit: a Git commit; branch: main; review: approved; "
        "reviewer: somebody other than the author"
    )
    assert said.remedy == ""
    assert said.source == "tags of run run-7, tags of v7"


def test_everything_that_is_not_known_is_missing_and_told() -> None:
    said = check().evaluate(facts(evidence()))
    assert said.kind is OutcomeKind.MISSING
    assert said.message == (
        "no commit is known; no branch is known; no review is known; no reviewer is known; "
        "no author is known"
    )
    assert said.expected == (
        "commit: a Git commit; branch: main; review: approved; "
        "reviewer: somebody other than the author; author: somebody"
    )
    assert said.remedy == "; ".join(
        f"tag the run or the version `{tag}`"
        for tag in (COMMIT, BRANCH, "review.status", "review.reviewer", "review.author")
    )


@pytest.mark.parametrize(
    ("changed", "message", "remedy"),
    [
        ({"commit": "HEAD"}, "commit `HEAD`, needs a Git commit", PROPOSE_COMMIT),
        ({"commit": "0d19a0d-dirty"}, "commit `0d19a0d-dirty`, needs a Git commit", PROPOSE_COMMIT),
        (
            {"branch": "dev"},
            "branch `dev`, needs main",
            "propose a version whose branch is main",
        ),
        (
            {"status": "pending"},
            "review `pending`, needs approved",
            "propose a version whose review is approved",
        ),
        ({"reviewer": "Ada"}, "reviewed by `ada`, who is the author", REVIEW),
        ({"author": "bea,CY "}, "reviewed by `bea, cy`, who is the author", REVIEW),
    ],
)
def test_code_that_is_not_as_it_has_to_be_fails(
    changed: dict[str, str], message: str, remedy: str
) -> None:
    said = outcome(**changed)
    assert said.kind is OutcomeKind.FAILED
    assert said.message == message
    assert said.remedy == remedy


@pytest.mark.parametrize("missing", ["reviewer", "author"])
def test_nobody_is_no_other_person(missing: str) -> None:
    said = outcome("reviewer_not_author: true", **{missing: " , "})
    assert said.kind is OutcomeKind.MISSING
    assert said.message == f"no {missing} is known"


def test_one_other_reviewer_is_enough() -> None:
    said = outcome("reviewer_not_author: true", reviewer="ada, bea")
    assert said.kind is OutcomeKind.PASSED
    assert said.message == "reviewed by `bea`"


def test_branch_may_be_one_of_many() -> None:
    assert outcome("branch: release/*", branch="release/7").kind is OutcomeKind.PASSED
    assert outcome("branch: X*", branch="X1").observed == "branch X1"
    assert outcome("branch: release/*", branch="main").kind is OutcomeKind.FAILED


def test_tags_of_the_run_outweigh_those_of_the_version() -> None:
    version = make_version(tags={BRANCH: "main"})
    run = make_run(tags={BRANCH: "dev"})
    said = check("branch: main").evaluate(facts(evidence(version=version, run=run)))
    assert said.kind is OutcomeKind.FAILED


def test_tags_of_the_version_count_where_the_run_says_nothing_or_there_is_none() -> None:
    version = make_version(tags={BRANCH: "main"})
    assert check("branch: main").evaluate(facts(evidence(version=version))).kind is (
        OutcomeKind.PASSED
    )
    lone = evidence(version=make_version(tags={BRANCH: "main"}, run_id=None), run=None)
    said = check("branch: main").evaluate(facts(lone))
    assert said.kind is OutcomeKind.PASSED
    assert said.source == "tags of v7"


def test_unreadable_run_is_errored_whatever_the_version_says() -> None:
    version = make_version(tags={BRANCH: "main"})
    candidate = evidence(version=version, run=None, unreadable=unreadable("run"))
    said = check("branch: main, review: approved").evaluate(facts(candidate))
    assert said.kind is OutcomeKind.ERRORED
    assert said.message == "the run could not be read (no answer in 10 s)"
    assert said.expected == "main, approved"
    assert said.remedy == "ask again once the run can be read"


def test_run_that_was_not_read_is_errored() -> None:
    said = check("branch: main").evaluate(facts(evidence(run=None)))
    assert said.message == "the run could not be read (nobody knows why)"


def test_names_of_the_tags_may_be_others() -> None:
    run = make_run(tags={"pr_state": "merged"})
    said = check("review: merged, tags: {review: pr_state}").evaluate(facts(evidence(run=run)))
    assert said.kind is OutcomeKind.PASSED


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            "severity: warn",
            ("rule `code` asks for nothing. Add git_commit, branch, review or reviewer_not_author"),
        ),
        ("git_commit: optional", "`optional` is not allowed for `git_commit`. Known: required"),
        ("branch: main, tags: {brnch: b}", "unknown key `brnch`. Did you mean `branch`?"),
        (
            "branch: main, tags: {branch: herald.x}",
            ("Herald writes the tag `herald.x` itself, so that it shows nothing. Name another tag"),
        ),
        (
            "reviewer_not_author: true, tags: {author: mlflow.user}",
            (
                "MLflow keeps the tag `mlflow.user` for itself, so that nobody is asked anew when "
                "it moves. Name a tag that people or CI write"
            ),
        ),
    ],
)
def test_what_is_wrong_with_the_rule_is_found_at_load(
    fields: str, said: str, tmp_path: Path
) -> None:
    (finding,) = findings(tmp_path, with_rule(f"{{id: code, type: source, {fields}}}"))
    assert finding.startswith("p.yml:21:")
    assert finding.endswith(said), finding
