"""Facts for checks: what they need is read, and nothing more."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError
from bot.domain.evidence import NOTHING_MORE, Needs, PolicyFacts, file_part
from bot.domain.figures import NO_FIGURES, Sample
from bot.domain.health import Observation, health_of
from bot.domain.ledger import Cause, LedgerEntry, alias_place
from bot.domain.names import EndpointName
from bot.domain.store import Store
from bot.services.live_facts import Asked
from bot.services.targets import Found
from tests.fakes.world import CHALLENGER, CHAMPION, MODEL, Herald, ShiftedClock, endpoint

CARD = "documentation/model_card.yaml"
HOUR = timedelta(hours=1)
V7 = Found(model=MODEL, version=7, alias=CHAMPION)


async def facts(bot: Herald, needs: Needs, found: Found = V7, email: str = "") -> PolicyFacts:
    return await bot.core.reader.facts(Asked(found=found, needs=needs, email=email))


class Calls:
    """Every call to the registry, some of which are refused."""

    def __init__(self, refused: str = "") -> None:
        self.seen: list[tuple[str, str]] = []
        self._refused = refused

    async def __call__(self, call: str, subject: str) -> None:
        self.seen.append((call, subject))
        if call == self._refused and subject != "validation/tests.json":
            raise BackEndRefusedError("The artifact store", "access denied")

    def of(self, call: str) -> list[str]:
        return [subject for name, subject in self.seen if name == call]


@pytest.fixture
def calls(bot: Herald) -> Iterator[Calls]:
    calls = Calls()
    bot.registry.before = calls
    yield calls
    bot.registry.before = None


async def test_without_needs_nothing_more_is_read(bot: Herald, calls: Calls) -> None:
    seen = await facts(bot, NOTHING_MORE)
    names = [name for name, _ in calls.seen]
    assert sorted(names) == sorted(
        ["model", *["version", "run", "contents", "run_artifact"] * 2]  # v7, and v6 in place
    )
    assert (seen.held_since, seen.figures, seen.privileges) == ({}, {}, None)
    assert seen.candidate.files == {}
    assert seen.candidate.artifacts == {}


async def test_files_of_the_candidate_are_read_as_text(bot: Herald, calls: Calls) -> None:
    bot.registry.files["run7", CARD] = "purpose: Größe".encode()
    seen = await facts(bot, Needs(files=frozenset({CARD, "absent.txt"})))
    assert seen.candidate.files == {CARD: "purpose: Größe", "absent.txt": None}
    assert seen.current is not None
    assert seen.current.files == {}
    assert calls.of("run_artifact").count(CARD) == 1


async def test_files_to_compare_are_read_of_both_versions(bot: Herald) -> None:
    for run in ("run6", "run7"):
        bot.registry.files[run, "eval.json"] = run.encode()
    seen = await facts(bot, Needs(both_files=frozenset({"eval.json"})))
    assert seen.current is not None
    assert seen.candidate.files == {"eval.json": "run7"}
    assert seen.current.files == {"eval.json": "run6"}


async def test_comparison_reads_the_files_of_both_sides_and_nothing_live(
    bot: Herald, calls: Calls
) -> None:
    bot.registry.files["run6", "eval.json"] = b"[]"
    needs = Needs(
        files=frozenset({CARD}),
        both_files=frozenset({"eval.json"}),
        windows=frozenset({HOUR}),
        held=frozenset({CHALLENGER}),
        privileges=True,
    )
    seen = await bot.core.reader.pair(bot.registry.known[MODEL], CHAMPION, 6, 7, needs)
    assert seen.current is not None
    assert (seen.current.files, seen.candidate.files) == ({"eval.json": "[]"}, {"eval.json": None})
    assert CARD not in calls.of("run_artifact")
    assert (seen.figures, seen.held_since, seen.privileges, seen.endpoints) == ({}, {}, None, ())


async def test_tables_are_read_of_the_candidate_where_a_check_needs_them(
    bot: Herald, calls: Calls
) -> None:
    bot.registry.tables_of[MODEL, 7] = ("prod.features.cards",)
    seen = await facts(bot, Needs(tables=True))
    assert seen.candidate.tables == ("prod.features.cards",)
    assert calls.of("tables") == [f"{MODEL} 7"]


async def test_tables_that_are_refused_are_unreadable(bot: Herald) -> None:
    bot.registry.before = Calls("tables")
    seen = await facts(bot, Needs(tables=True))
    assert seen.candidate.tables == ()
    assert seen.candidate.why_unreadable("tables") == "access denied"


async def test_file_that_is_no_text_is_unreadable(bot: Herald) -> None:
    bot.registry.files["run7", CARD] = b"\xff\xfe"
    seen = await facts(bot, Needs(files=frozenset({CARD})))
    assert CARD not in seen.candidate.files
    assert seen.candidate.why_unreadable(file_part(CARD)) == "it is no text in UTF-8"


async def test_file_that_is_refused_is_unreadable(bot: Herald) -> None:
    bot.registry.before = Calls("run_artifact")
    seen = await facts(bot, Needs(files=frozenset({CARD})))
    assert seen.candidate.files == {}
    assert seen.candidate.why_unreadable(file_part(CARD)) == "access denied"
    assert seen.candidate.why_unreadable("tests") is None


async def test_presence_of_artifacts_takes_one_look_at_each_folder(
    bot: Herald, calls: Calls
) -> None:
    for path in ("report.html", "docs/a.md", "plots/roc.png"):
        bot.registry.files["run7", path] = b"x"
    paths = {"report.html", "docs/a.md", "docs/b.md", "plots/", "none/", "docs", "roc.png"}
    seen = await facts(bot, Needs(artifacts=frozenset(paths)))
    present = {path for path, there in seen.candidate.artifacts.items() if there}
    assert present == {"report.html", "docs/a.md", "plots/"}
    assert set(seen.candidate.artifacts) == paths
    assert sorted(calls.of("run_folder")) == ["", "docs", "none", "plots"]


async def test_artifacts_of_a_folder_that_is_refused_are_unreadable(bot: Herald) -> None:
    bot.registry.before = Calls("run_folder")
    seen = await facts(bot, Needs(artifacts=frozenset({"docs/a.md", "plots/"})))
    assert seen.candidate.artifacts == {}
    for path in ("docs/a.md", "plots/"):
        assert seen.candidate.why_unreadable(file_part(path)) == "access denied"


async def test_version_without_a_run_has_no_files(bot: Herald, calls: Calls) -> None:
    alone = replace(bot.registry.numbered[MODEL, 7], run_id=None)
    bot.registry.numbered[MODEL, 7] = alone
    needs = Needs(files=frozenset({CARD}), artifacts=frozenset({"plots/"}))
    seen = await facts(bot, needs)
    assert (seen.candidate.files, seen.candidate.artifacts) == ({CARD: None}, {"plots/": False})
    assert CARD not in calls.of("run_artifact")
    assert calls.of("run_folder") == []


async def move(bot: Herald, version: int | None, ago: timedelta) -> None:
    entry = LedgerEntry(
        model=MODEL,
        place=alias_place(CHALLENGER),
        value=None if version is None else str(version),
        cause=Cause.OUTSIDE,
        at=bot.clock.now() - ago,
    )
    async with bot.store.transaction() as work:
        await work.ledger.append(entry)


SOAK = Needs(held=frozenset({CHALLENGER}))


async def test_tenure_begins_with_the_latest_unbroken_time(bot: Herald) -> None:
    for version, hours in ((7, 9), (8, 5), (7, 3)):
        await move(bot, version, hours * HOUR)
    since = (await facts(bot, SOAK)).held_since[CHALLENGER]
    assert 2.9 * HOUR < bot.clock.now() - since < 3.1 * HOUR


@pytest.mark.parametrize("seen", [(), (8,), (7, 8), (7, None)])
async def test_tenure_that_herald_has_not_seen_is_none(
    bot: Herald, seen: tuple[int | None, ...]
) -> None:
    for hours, version in enumerate(seen):
        await move(bot, version, (9 - hours) * HOUR)
    assert (await facts(bot, SOAK)).held_since == {}


async def test_tenure_ends_when_the_registry_says_otherwise(bot: Herald) -> None:
    await move(bot, 7, 9 * HOUR)
    bot.registry.move(MODEL, CHALLENGER, 8)
    assert (await facts(bot, SOAK)).held_since == {}


async def sampled(store: Store, clock: ShiftedClock, name: str, ago: timedelta, count: int) -> None:
    at = (clock.now() - ago).replace(second=0, microsecond=0)
    sample = Sample(endpoint=EndpointName(name), since=at, at=at, requests=count, server_errors=0)
    health = health_of(endpoint(name), {}, NO_FIGURES)
    async with store.transaction() as work:
        await work.samples.add(at, (Observation(health=health, sample=sample),))


async def test_figures_of_the_models_endpoints_are_added_up_by_window(bot: Herald) -> None:
    for name, ago, count in (
        ("fraud-scorer", 30 * HOUR, 1),
        ("fraud-scorer", 3 * HOUR, 10),
        ("fraud-scorer", timedelta(0), 100),
        ("other", timedelta(0), 7),
    ):
        await sampled(bot.store, bot.clock, name, ago, count)
    seen = await facts(bot, Needs(windows=frozenset({HOUR, 24 * HOUR})))
    totals = {window: {n: f.requests for n, f in by.items()} for window, by in seen.figures.items()}
    assert totals == {HOUR: {"fraud-scorer": 100}, 24 * HOUR: {"fraud-scorer": 110}}


async def test_endpoint_that_was_never_sampled_is_left_out(bot: Herald) -> None:
    seen = await facts(bot, Needs(windows=frozenset({HOUR})))
    assert seen.figures == {HOUR: {}}


POWER = Needs(privileges=True)


async def test_privileges_of_the_requester_are_read(bot: Herald) -> None:
    bot.registry.held["ada@acme.example"] = frozenset({"EXECUTE"})
    seen = await facts(bot, POWER, email="ada@acme.example")
    assert seen.privileges == frozenset({"EXECUTE"})


async def test_registry_without_privileges_has_none(bot: Herald) -> None:
    assert (await facts(bot, POWER, email="ada@acme.example")).privileges is None


async def test_requester_without_an_address_has_unreadable_privileges(bot: Herald) -> None:
    seen = await facts(bot, POWER)
    assert seen.privileges is None
    assert seen.why_unreadable("privileges") == "Slack shows no e-mail address of the requester"


async def test_refused_privileges_are_unreadable_and_an_outage_is_raised(bot: Herald) -> None:
    bot.registry.before = Calls("privileges")
    seen = await facts(bot, POWER, email="ada@acme.example")
    assert seen.why_unreadable("privileges") == "access denied"

    async def dead(call: str, subject: str) -> None:
        del subject
        if call == "privileges":
            raise BackEndUnavailableError("The catalog", "no answer within 10 s")

    bot.registry.before = dead
    with pytest.raises(BackEndUnavailableError):
        await facts(bot, POWER, email="ada@acme.example")
