"""The policies in force follow their files, as long as these are whole."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.errors import ConfigurationError
from bot.domain.freezing import Span
from bot.domain.policy import PolicySet
from bot.domain.policy_reading import PolicyReading
from policies.source import FilePolicySource
from tests.builders import NOW
from tests.unit.policies.files import WHOLE, changed, looked, without, written

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
    assert source.problem == ""
    assert source.current().environment == ""


def test_unchanged_files_keep_the_very_same_policies(source: FilePolicySource) -> None:
    before = source.current()
    assert source.read().policies is before
    assert looked(source) == ""
    assert source.current() is before


def test_changed_files_are_taken_over(source: FilePolicySource, tmp_path: Path) -> None:
    written(tmp_path, OTHER)
    assert looked(source) == ""
    assert names(source) == ["stricter"]


def test_change_counts_though_size_and_time_are_the_same(
    source: FilePolicySource, tmp_path: Path
) -> None:
    written(tmp_path, changed("name: baseline", "name: basement"))
    assert looked(source) == ""
    assert names(source) == ["basement"]


def test_broken_change_keeps_the_policies(source: FilePolicySource, tmp_path: Path) -> None:
    written(tmp_path, BROKEN)
    assert without(tmp_path, looked(source)) == SAID
    assert names(source) == ["baseline"]
    assert without(tmp_path, source.problem) == SAID
    assert not source.is_valid()


def test_a_broken_change_is_worked_out_once(source: FilePolicySource, tmp_path: Path) -> None:
    written(tmp_path, BROKEN)
    reading = source.read()
    assert source.read() is reading


def test_what_was_only_read_is_not_in_force(source: FilePolicySource, tmp_path: Path) -> None:
    written(tmp_path, OTHER)
    reading = source.read()
    assert source.read() is reading
    assert names(source) == ["baseline"]
    source.take(reading)
    assert names(source) == ["stricter"]


def test_digest_moves_with_the_files_and_the_environment(tmp_path: Path) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    digests = []
    for folder, text, environment in (
        (first, WHOLE, ""),
        (second, WHOLE, ""),
        (first, OTHER, ""),
        (first, WHOLE, ""),
        (first, WHOLE, "staging"),
    ):
        folder.mkdir(exist_ok=True)
        digests.append(FilePolicySource([written(folder, text)], environment).read().digest)
    assert digests[0] == digests[1] == digests[3]
    assert len(set(digests)) == 3


def test_digest_moves_with_a_broken_change_and_back(
    source: FilePolicySource, tmp_path: Path
) -> None:
    before = source.read().digest
    assert source.read().digest == before
    written(tmp_path, BROKEN)
    assert source.read().digest != before
    written(tmp_path, WHOLE)
    assert source.read().digest == before


def test_an_error_that_nobody_thought_of_is_told_and_keeps_the_policies(
    source: FilePolicySource,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> PolicySet:
        raise OverflowError

    monkeypatch.setattr("policies.source.parse_policies", broken)
    written(tmp_path, OTHER)
    assert looked(source) == "The policy files cannot be worked out (OverflowError)."
    assert caplog.messages == ["the policy files cannot be worked out"]
    assert source.read() is source.read()
    assert not source.is_valid()
    assert names(source) == ["baseline"]
    monkeypatch.undo()
    written(tmp_path, changed("name: baseline", "name: third"))
    assert looked(source) == ""
    assert names(source) == ["third"]


def test_each_broken_change_is_told(source: FilePolicySource, tmp_path: Path) -> None:
    written(tmp_path, BROKEN)
    looked(source)
    written(tmp_path, changed("expires: 48h", "expires: 3"))
    assert "`3` is not a duration" in looked(source)


def test_repaired_files_are_in_force_again(source: FilePolicySource, tmp_path: Path) -> None:
    written(tmp_path, BROKEN)
    looked(source)
    written(tmp_path, WHOLE)
    assert looked(source) == ""
    assert source.problem == ""
    assert source.is_valid()


def test_files_that_vanish_keep_the_policies(source: FilePolicySource, tmp_path: Path) -> None:
    (tmp_path / "p.yml").unlink()
    assert "cannot be read" in looked(source)
    assert names(source) == ["baseline"]


def test_file_that_joins_the_directory_is_taken_over(tmp_path: Path) -> None:
    written(tmp_path, WHOLE)
    source = FilePolicySource([tmp_path])
    more = "apiVersion: herald/v1\nmetrics: {f1: {direction: higher}}\n"
    written(tmp_path, more, "q.yml")
    assert looked(source) == ""
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
    assert looked(source) == ""
    assert names(source) == ["stricter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Notes what it is asked for."""

    asked: list[tuple[datetime, datetime]] = field(default_factory=list)
    is_broken: bool = False

    @property
    def name(self) -> str:
        return "window"

    def spans(self, since: datetime, until: datetime) -> tuple[Span, ...]:
        self.asked.append((since, until))
        if self.is_broken:
            raise OverflowError
        return ()


def test_the_freezes_of_45_days_are_worked_out_beforehand_whichever_breaks(
    source: FilePolicySource,
) -> None:
    windows = Window(is_broken=True), Window()
    (policy,) = source.current().policies
    policies = replace(source.current(), policies=(replace(policy, freezes=windows),))
    source.take(PolicyReading(digest="", policies=policies))
    source.prepare(NOW)
    assert [window.asked for window in windows] == [[(NOW, NOW + timedelta(days=45))]] * 2
