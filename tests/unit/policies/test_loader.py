"""Policy files become the policies that decide."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path, PosixPath
from typing import NoReturn

import pytest

from bot.domain.errors import ConfigurationError
from bot.domain.metrics import Direction, MetricDefinition
from bot.domain.names import AliasName, ModelName, RoleName, SlackUserId
from bot.domain.people import Action, RoleMembers
from bot.domain.policy import ApprovalRequirement, ChangeKind, FirstRelease, PolicySet, Severity
from policies.compare import CompareCheck, SameDataset
from policies.contents import ContentsCheck, Part
from policies.document import MAX_BYTES
from policies.entries import RuleEntry
from policies.findings import Finding
from policies.loader import lint, load_policies, read_policies
from policies.metric import MetricCheck
from policies.passed_tests import PassedTestsCheck
from policies.tolerance import Tolerance
from tests.unit.policies.files import WHOLE, changed, without, written

PRECISION = MetricDefinition(
    name="precision", direction=Direction.HIGHER, unit="ratio", aliases=("eval/precision",)
)
LATENCY = MetricDefinition(name="latency_p95_ms", direction=Direction.LOWER, unit="ms")

MINIMAL = """\
apiVersion: herald/v1
policies:
  - {name: small, match: {models: [a], aliases: [champion]}, first_release: deny}
"""


@pytest.fixture
def loaded(tmp_path: Path) -> PolicySet:
    return load_policies([written(tmp_path, WHOLE)])


def test_catalogue_roles_and_permissions_are_read(loaded: PolicySet) -> None:
    assert loaded.metrics == {"precision": PRECISION, "latency_p95_ms": LATENCY}
    assert loaded.roles == {
        "leads": RoleMembers(groups=frozenset({"ml-leads"})),
        "devs": RoleMembers(
            users=frozenset({SlackUserId("U0DEV")}),
            emails=frozenset({"ada@example.com"}),
        ),
    }
    assert loaded.may == {
        "members": frozenset({Action.READ}),
        "leads": frozenset({Action.PROMOTE, Action.ROLL_BACK, Action.CANCEL, Action.RESOLVE}),
    }


def test_policy_is_read_whole(loaded: PolicySet) -> None:
    (policy,) = loaded.policies
    assert policy.name == "baseline"
    assert policy.description == "What it takes"
    assert policy.kinds == frozenset(ChangeKind)
    assert (policy.models, policy.exclude) == (("prod.*",), ("prod.test.x",))
    assert policy.aliases == frozenset({"champion"})
    assert policy.approvals == (
        ApprovalRequirement(
            role=RoleName("leads"), count=2, unless_asked_by=frozenset({RoleName("devs")})
        ),
    )
    assert policy.first_release is FirstRelease.REQUIRE_APPROVAL
    assert policy.rejections == 2
    assert policy.expires_after == timedelta(hours=48)


def test_each_kind_of_rule_becomes_its_check(loaded: PolicySet) -> None:
    assert loaded.policies[0].checks == (
        MetricCheck(
            id="precision",
            policy="baseline",
            severity=Severity.ENFORCE,
            metric=PRECISION,
            minimum=Decimal("0.80"),
        ),
        MetricCheck(
            id="latency",
            policy="baseline",
            severity=Severity.WARN,
            metric=LATENCY,
            maximum=Decimal(5000),
        ),
        CompareCheck(
            id="no-regress",
            policy="baseline",
            severity=Severity.ENFORCE,
            metrics=(PRECISION,),
            tolerance=Tolerance(max_drop=Decimal("0.02")),
            same_dataset=SameDataset.REQUIRE,
        ),
        PassedTestsCheck(
            id="tests",
            policy="baseline",
            severity=Severity.ENFORCE,
            required=("unit", "load"),
            max_age=timedelta(days=14),
        ),
        ContentsCheck(
            id="contents",
            policy="baseline",
            severity=Severity.ENFORCE,
            required=(Part.DESCRIPTION, Part.SIGNATURE),
        ),
    )


def test_what_a_policy_leaves_out_has_a_default(tmp_path: Path) -> None:
    (policy,) = load_policies([written(tmp_path, MINIMAL)]).policies
    assert policy.kinds == frozenset({ChangeKind.PROMOTE})
    assert (policy.exclude, policy.checks, policy.approvals) == ((), (), ())
    assert (policy.rejections, policy.expires_after) == (1, timedelta(hours=24))


def test_severity_of_a_policy_holds_for_rules_without_their_own(tmp_path: Path) -> None:
    text = changed("    rejections: 2\n", "    severity: audit\n")
    (policy,) = load_policies([written(tmp_path, text)]).policies
    severities = {check.id: check.severity for check in policy.checks}
    assert severities["precision"] is Severity.AUDIT
    assert severities["latency"] is Severity.WARN


def test_loaded_policies_match_by_kind_glob_and_alias(loaded: PolicySet) -> None:
    champion = AliasName("champion")
    kind = ChangeKind.PROMOTE
    assert loaded.matching(kind, ModelName("prod.fraud.scorer"), champion)
    assert not loaded.matching(kind, ModelName("prod.test.x"), champion)
    assert not loaded.matching(kind, ModelName("dev.fraud.scorer"), champion)
    assert not loaded.matching(kind, ModelName("prod.fraud.scorer"), AliasName("challenger"))


def test_directory_gives_its_yaml_files_in_name_order(tmp_path: Path) -> None:
    catalogue, _, rest = WHOLE.partition("roles:\n")
    written(tmp_path, catalogue, "a.yml")
    written(tmp_path, f"apiVersion: herald/v1\nroles:\n{rest}", "b.yaml")
    for name in ("README.md", ".hidden.yml", "code.py"):
        written(tmp_path, "neither: policy", name)
    (tmp_path / "folder.yml").mkdir()
    policies = load_policies([tmp_path])
    assert policies.source == f"{tmp_path}/a.yml, {tmp_path}/b.yaml"
    assert [policy.name for policy in policies.policies] == ["baseline"]


def test_first_finding_ends_the_loading_and_the_others_are_counted(tmp_path: Path) -> None:
    text = changed("direction: higher", "direction: up").replace("expires: 48h", "expires: 2")
    with pytest.raises(ConfigurationError) as refused:
        load_policies([written(tmp_path, text)])
    assert without(tmp_path, refused.value.where) == "p.yml:3:26"
    assert refused.value.problem == "`up` is not allowed for `direction`"
    assert refused.value.remedy == "Known: higher, lower (1 more: see `herald policy lint`)"


def test_single_finding_is_told_alone(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_policies([written(tmp_path, changed("expires: 48h", "expires: 2"))])
    assert without(tmp_path, str(refused.value)) == (
        "p.yml:25:14: `2` is not a duration. Write it like 30m, 24h or 14d"
    )


def test_missing_file_is_told_by_its_name(tmp_path: Path) -> None:
    (finding,) = lint([tmp_path / "none.yml"])
    assert without(tmp_path, finding) == (
        "none.yml: this cannot be read (No such file or directory). "
        "Name a policy file, or a directory of policy files, that Herald may read"
    )
    assert finding.place == (0, 0)


def test_directory_without_policy_files_is_told(tmp_path: Path) -> None:
    (finding,) = lint([tmp_path])
    assert finding.where == str(tmp_path)
    assert finding.problem == "the directory has no *.yml or *.yaml file"


class LockedDirectory(PosixPath):
    def iterdir(self) -> NoReturn:
        raise PermissionError(13, "Permission denied")


def test_directory_that_cannot_be_listed_is_told(tmp_path: Path) -> None:
    (finding,) = lint([LockedDirectory(tmp_path)])
    assert finding.where == str(tmp_path)
    assert finding.problem == "this cannot be read (Permission denied)"


def test_file_that_is_too_large_is_told(tmp_path: Path) -> None:
    (finding,) = lint([written(tmp_path, WHOLE.ljust(MAX_BYTES + 1, "#"))])
    assert finding.problem == "the file is larger than 1000 kB"


def test_findings_of_all_files_are_told_file_by_file(tmp_path: Path) -> None:
    paths = [
        written(tmp_path, "a: [", "a.yml"),
        tmp_path / "none.yml",
        written(tmp_path, "b: 1", "b.yml"),
    ]
    files = [Path(finding.file).name for finding in lint(paths)]
    assert files == ["a.yml", "none.yml", "b.yml", "b.yml"]


def test_finding_without_a_place_names_the_file() -> None:
    finding = Finding(file="p.yml", problem="it is empty", remedy="Write one")
    assert str(finding) == "p.yml: it is empty. Write one"


def test_of_a_file_no_more_is_read_than_shows_that_it_is_too_large(tmp_path: Path) -> None:
    (text,) = read_policies([written(tmp_path, "#" * (MAX_BYTES + 9))])
    assert len(text.content) == MAX_BYTES + 1


def test_two_thousand_rules_are_read(tmp_path: Path) -> None:
    rules = "\n".join(
        f"      - {{id: r{n}, type: metric, metric: precision, min: 0.{n}1}}" for n in range(2000)
    )
    text = changed("      - {id: precision, type: metric, metric: precision, min: 0.80}", rules)
    (policy,) = load_policies([written(tmp_path, text)]).policies
    assert len(policy.checks) == 2004


def test_rule_has_to_say_which_check_it_asks_for() -> None:
    with pytest.raises(TypeError, match="RuleEntry"):
        RuleEntry(id="rule")  # type: ignore[abstract]  # that is what is refused
