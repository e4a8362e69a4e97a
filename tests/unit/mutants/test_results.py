"""What the list of a mutation tool comes to."""

from tests.mutants.results import Mutant, read_results, table

LISTED = """
    policies.metric.x__of__mutmut_1: killed
    policies.metric.xǁMetricCheckǁevaluate__mutmut_2: survived
    policies.metric.xǁMetricCheckǁevaluate__mutmut_12: no tests
    bot.domain.verdict.x_judge__mutmut_3: timeout
"""


def test_every_change_is_read_with_its_module_and_fate() -> None:
    found = read_results(LISTED)
    assert [(mutant.module, mutant.fate) for mutant in found] == [
        ("policies.metric", "killed"),
        ("policies.metric", "survived"),
        ("policies.metric", "no tests"),
        ("bot.domain.verdict", "timeout"),
    ]


def test_a_change_that_no_test_reaches_is_unnoticed_and_one_that_hangs_is_not() -> None:
    assert [mutant.is_unnoticed for mutant in read_results(LISTED)] == [False, True, True, False]


def test_the_table_counts_by_module() -> None:
    rows = [line.split() for line in table(read_results(LISTED)).splitlines()]
    assert rows[1:] == [
        ["bot.domain.verdict", "1", "0"],
        ["policies.metric", "3", "2"],
        ["all", "4", "2"],
    ]


def test_other_lines_are_no_changes() -> None:
    assert read_results("To apply a mutant on disk:\n") == ()
    assert table(()).splitlines()[-1].split() == ["all", "0", "0"]
    assert Mutant(name="a.x_b__mutmut_1", fate="survived").module == "a"
