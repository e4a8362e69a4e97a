"""What people read of endpoints and their figures."""

import math
from dataclasses import replace

import pytest

from bot.domain.figures import NO_FIGURES, Figures
from bot.domain.health import HealthReport
from bot.views.figures import figures_line, p95_cell, requests_cell, success_cell
from bot.views.ids import ActionId
from bot.views.render import render
from tests.unit.views.health_samples import BUSY, HEALTH_ANSWERS, IDLE, REPORT
from tests.unit.views.reading import actions_of, words_of

FACTS = {
    "endpoints": "7 endpoints match 'fraud', 1 of the 5 looked at not serving the champion",
    "endpoints_one": "1 endpoint on the platform",
    "endpoints_none": "No endpoint matches 'iris'",
    "endpoint": "fraud-scorer: ready, 1 served entity",
    "endpoint_broken": "eu-scorer: update failed, 1 served entity",
    "health": "Model health: 3 need a look, 2 changed, 1 well, 1 without data",
    "health_well": "Model health: 1 well",
    "health_none": "Model health: no endpoint matches 'iris'",
    "health_crowd": "Model health: 130 need a look, 130 changed",
}


@pytest.mark.parametrize("name", sorted(FACTS))
def test_the_first_line_says_it(name: str) -> None:
    assert render(HEALTH_ANSWERS[name]).text == FACTS[name]


def test_a_share_is_rounded_down_so_that_all_means_all() -> None:
    nearly = Figures(requests=100_000, server_errors=1, judged=100_000)
    assert success_cell(nearly) == "99.9 %"
    assert success_cell(replace(nearly, server_errors=0)) == "100 %"


def test_no_request_is_not_no_data() -> None:
    assert [f(IDLE) for f in (requests_cell, success_cell, p95_cell)] == ["0", "–", "–"]
    unknown = [f(NO_FIGURES) for f in (requests_cell, success_cell, p95_cell)]
    assert unknown == ["no data"] * 3
    assert figures_line(NO_FIGURES) == "no data"


@pytest.mark.parametrize(
    ("latency", "shown"),
    [
        ({5.0: 100}, "4.8 ms"),
        ({0.1: 100}, "0.1 ms"),
        ({5000.0: 1, 10000.0: 1}, "9,500 ms"),
        ({100.0: 1, math.inf: 1}, "over 100 ms"),
    ],
)
def test_latency_is_told_in_ms(latency: dict[float, int], shown: str) -> None:
    assert p95_cell(replace(BUSY, latency=latency)) == shown


def test_what_needs_a_look_stands_first() -> None:
    said = words_of(render(REPORT)).splitlines()
    rows = [line.partition(" | ")[0] for line in said if line.count(" | ") == 6]
    assert rows[1:] == ["⚠️ chat", "⚠️ eu-scorer", "⚠️ fraud-shared", "fraud-scorer", "us-scorer"]


def test_a_table_says_how_many_it_does_not_show() -> None:
    said = words_of(render(HEALTH_ANSWERS["health_crowd"]))
    assert "and 80 more: narrow it with `/model health WORDS`" in said


def test_only_the_private_report_can_be_shared() -> None:
    shared = HEALTH_ANSWERS["health_shared"]
    assert isinstance(shared, HealthReport)
    assert actions_of(render(REPORT)) == [ActionId.SHARE_HEALTH]
    assert actions_of(render(shared)) == []
