"""Differences in words, and what is said when there is nothing to compare."""

from dataclasses import replace

import pytest

from bot.domain.messages import Better, Difference
from bot.domain.policy import OutcomeKind, Severity
from bot.domain.registry import Dataset
from bot.views.comparison_rows import difference, metric_cells
from bot.views.render import render
from tests.unit.views.limits import problems_of
from tests.unit.views.reading import actions_of, words_of
from tests.unit.views.samples import COMPARISON, P95, check, row

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("base", "other", "better", "shown"),
    [
        (0.871, 0.912, Better.BETTER, "+4.7 % better"),
        (0.912, 0.871, Better.WORSE, "\N{MINUS SIGN}4.5 % worse"),
        (48, 61, Better.WORSE, "+27 % worse"),
        (1, 3.456, Better.BETTER, "+246 % better"),
        (-2, -1, Better.BETTER, "+50 % better"),
        (0, 0.03, Better.WORSE, "+0.03 worse"),
        (0.9, 0.9, Better.SAME, "the same"),
        (0.9, 0.8, Better.UNKNOWN, "\N{MINUS SIGN}11 % (better or worse not known)"),
        (None, 0.9, Better.UNKNOWN, "–"),
        (0.9, None, Better.UNKNOWN, "–"),
        (NAN, 0.9, Better.UNKNOWN, "not comparable"),
        (0.9, INF, Better.UNKNOWN, "not comparable"),
    ],
)
def test_a_difference_is_told_in_words(
    base: float | None, other: float | None, better: Better, shown: str
) -> None:
    assert difference(row("recall", base, other, better=better)) == shown


def test_other_data_is_said_with_the_difference() -> None:
    told = difference(row("recall", 0.8, 0.88, is_same_dataset=False))
    assert told == "+10 % better, other data"


def test_noise_is_named_only_when_a_policy_found_it() -> None:
    close = row("auc", 0.9412, 0.9411, better=Better.WORSE)
    assert "noise" not in difference(close)
    judged = replace(close, outcomes=(check("auc", OutcomeKind.INCONCLUSIVE),))
    assert difference(judged) == "within noise"


def test_a_metric_that_nobody_described_has_no_direction() -> None:
    assert metric_cells(row("mystery", 1, 2, definition=None))[0] == "mystery"


def test_no_data_is_never_drawn_as_zero() -> None:
    cells = metric_cells(row("recall", None, 0.9, definition=P95))
    assert cells[1] == "no data"
    assert cells[2] == "0.9 ms"


def test_a_warning_is_marked_as_one() -> None:
    soft = check("p95", OutcomeKind.FAILED, severity=Severity.WARN, expected="≤ 100 ms")
    assert metric_cells(row("p95", 1, 2, outcomes=(soft,)))[4] == "≤ 100 ms ✗ (warning)"


@pytest.mark.parametrize(
    ("base", "other", "said"),
    [
        ("", "9f2c", "v6 was logged without a dataset, so nobody can tell"),
        ("9f2c", "", "v7 was logged without a dataset, so nobody can tell"),
        ("aaaa", "bbbb", "different data: v6 on holdout (digest aaaa), v7 on holdout"),
        ("", "", "no data: neither version was logged with a dataset"),
    ],
)
def test_the_data_of_both_sides_are_compared(base: str, other: str, said: str) -> None:
    shown = replace(COMPARISON, base_datasets=_data(base), other_datasets=_data(other))
    assert said in words_of(render(shown))


def _data(digest: str) -> tuple[Dataset, ...]:
    return (Dataset(name="holdout", digest=digest),) if digest else ()


SCHEMA = '[{"name":"amount","type":"double"},{"name":"country","type":"string"}]'


@pytest.mark.parametrize(
    ("base", "other", "said"),
    [
        (SCHEMA, '[{"name":"amount","type":"long"}]', "country removed, amount double → long"),
        (None, SCHEMA, "inputs: amount added, country added"),
        (SCHEMA, "not json", "inputs: changed"),
        (SCHEMA, '{"tensor": 1}', "inputs: changed"),
        (SCHEMA, '[{"type":"tensor"}]', "inputs: changed"),
        (SCHEMA, '[{"name":"amount","type":"double","required":true}]', "country removed"),
    ],
)
def test_a_signature_is_compared_column_by_column(
    base: str | None, other: str | None, said: str
) -> None:
    shown = replace(COMPARISON, signature=(Difference(key="inputs", base=base, other=other),))
    assert said in words_of(render(shown))


def test_many_columns_are_told_in_part() -> None:
    many = "[" + ",".join(f'{{"name":"c{n}","type":"double"}}' for n in range(9)) + "]"
    shown = replace(COMPARISON, signature=(Difference(key="inputs", base=None, other=many),))
    assert "c5 added and 3 more" in words_of(render(shown))


def test_many_parameters_are_told_in_part() -> None:
    moved = tuple(Difference(key=f"p{n}", base="1", other=None) for n in range(12))
    shown = replace(COMPARISON, parameters=moved, same_parameters=0)
    assert "p7 1 removed · 4 more differ" in words_of(render(shown))


def test_equal_parameters_are_counted() -> None:
    shown = replace(COMPARISON, parameters=())
    assert "Parameters  unchanged · 14 the same" in words_of(render(shown))


def test_hundreds_of_metrics_with_long_names_stay_within_slacks_limits() -> None:
    rows = tuple(row(f"metric_{n}_" + "x" * 500, n + 0.5, n + 0.25) for n in range(300))
    message = render(replace(COMPARISON, metrics=rows))
    assert problems_of(message) == []
    assert "more metrics not shown" in words_of(message)


def test_a_shared_comparison_has_no_buttons() -> None:
    assert actions_of(render(replace(COMPARISON, key=None))) == []
