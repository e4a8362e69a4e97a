"""Findings as people and other programs read them."""

import pytest

from policies.findings import Finding, Position, hint


def test_other_programs_get_a_finding_with_its_place() -> None:
    found = Finding(
        file="p.yml",
        position=Position(line=3, column=7),
        problem="`a` is missing",
        remedy="Add `a`",
        is_warning=True,
    )
    assert found.as_json() == {
        "file": "p.yml",
        "line": 3,
        "column": 7,
        "problem": "`a` is missing",
        "remedy": "Add `a`",
        "warning": True,
    }


def test_other_programs_get_line_0_where_the_whole_file_is_meant() -> None:
    said = Finding(file="p.yml", problem="this is empty", remedy="Fill it").as_json()
    assert (said["line"], said["column"], said["warning"]) == (0, 0, False)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("modells", "Did you mean `models`?"),
        ("model", "Did you mean `models`?"),
        ("x", "Known: models, modes"),
    ],
)
def test_a_hint_names_the_closest_word_or_all(wrong: str, said: str) -> None:
    assert hint(wrong, ["modes", "models"]) == said
