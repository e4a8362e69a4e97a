"""The policies in force follow their files, as long as these are whole."""

from pathlib import Path

import pytest

from bot.domain.errors import ConfigurationError
from policies.source import FilePolicySource
from tests.unit.policies.files import WHOLE, changed, without, written

OTHER = changed("name: baseline", "name: stricter")
BROKEN = changed("expires: 48h", "expires: 2")
SAID = "p.yml:25:14: `2` is not a duration. Write it like 30m, 24h or 14d"


def names(source: FilePolicySource) -> list[str]:
    return [policy.name for policy in source.current().policies]


@pytest.fixture
def source(tmp_path: Path) -> FilePolicySource:
    return FilePolicySource([written(tmp_path, WHOLE)])


def test_broken_files_end_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"p\.yml:25:14"):
        FilePolicySource([written(tmp_path, BROKEN)])


def test_policies_are_in_force_from_the_start(source: FilePolicySource) -> None:
    assert names(source) == ["baseline"]
    assert source.problem is None
    assert source.current().environment == ""


def test_unchanged_files_keep_the_very_same_policies(source: FilePolicySource) -> None:
    before = source.current()
    assert source.refresh() is None
    assert source.current() is before


def test_changed_files_are_taken_over(source: FilePolicySource, tmp_path: Path) -> None:
    written(tmp_path, OTHER)
    assert source.refresh() is None
    assert names(source) == ["stricter"]


def test_change_counts_though_size_and_time_are_the_same(
    source: FilePolicySource, tmp_path: Path
) -> None:
    written(tmp_path, changed("name: baseline", "name: basement"))
    assert source.refresh() is None
    assert names(source) == ["basement"]


def test_broken_change_keeps_the_policies_and_is_told_once(
    source: FilePolicySource, tmp_path: Path
) -> None:
    written(tmp_path, BROKEN)
    assert without(tmp_path, source.refresh() or "") == SAID
    assert names(source) == ["baseline"]
    assert source.refresh() is None
    assert without(tmp_path, source.problem or "") == SAID
    assert not source.is_valid()


def test_digest_moves_with_the_files_alone(source: FilePolicySource, tmp_path: Path) -> None:
    before = source.digest
    source.refresh()
    assert source.digest == before
    written(tmp_path, BROKEN)
    source.refresh()
    assert source.digest != before
    written(tmp_path, WHOLE)
    source.refresh()
    assert source.digest == before


def test_each_broken_change_is_told(source: FilePolicySource, tmp_path: Path) -> None:
    written(tmp_path, BROKEN)
    source.refresh()
    written(tmp_path, changed("expires: 48h", "expires: 3"))
    assert "`3` is not a duration" in (source.refresh() or "")


def test_repaired_files_are_in_force_again(source: FilePolicySource, tmp_path: Path) -> None:
    written(tmp_path, BROKEN)
    source.refresh()
    written(tmp_path, WHOLE)
    assert source.refresh() is None
    assert source.problem is None
    assert source.is_valid()


def test_files_that_vanish_keep_the_policies(source: FilePolicySource, tmp_path: Path) -> None:
    (tmp_path / "p.yml").unlink()
    assert "cannot be read" in (source.refresh() or "")
    assert names(source) == ["baseline"]


def test_file_that_joins_the_directory_is_taken_over(tmp_path: Path) -> None:
    written(tmp_path, WHOLE)
    source = FilePolicySource([tmp_path])
    more = "apiVersion: herald/v1\nmetrics: {f1: {direction: higher}}\n"
    written(tmp_path, more, "q.yml")
    assert source.refresh() is None
    assert "f1" in source.current().metrics


def test_directory_whose_link_is_switched_is_read_anew(tmp_path: Path) -> None:
    for name, text in (("one", WHOLE), ("two", OTHER)):
        (tmp_path / name).mkdir()
        written(tmp_path / name, text)
    link = tmp_path / "current"
    link.symlink_to(tmp_path / "one")
    source = FilePolicySource([link])
    link.unlink()
    link.symlink_to(tmp_path / "two")
    assert source.refresh() is None
    assert names(source) == ["stricter"]
