"""What is typed wrong, or cannot be done, each with its own clear answer."""

import pytest

from tests.flow.bad_input.world import GUEST, REQUESTER, VIEWER, World

pytestmark = pytest.mark.xdist_group("bad input")
"""They share one sandbox, one after the other."""

SEEN = "See its versions: /model show iris_classifier"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("promot iris_classifier 2", "Herald does not know 'promot'. Did you mean promote?"),
        ("", "compare NAME [A] [B]"),
        ("compare iris_clasifier", "No model 'iris_clasifier'. Did you mean iris_classifier?"),
        ("compare iris_clasifier", "Example: /model compare iris_classifier"),
        ("show nothing_like_it", "No model 'nothing_like_it'."),
        ("show prod", "No model 'prod'. Did you mean"),
        ("promote iris_classifier two", "'two' is no version; which version?"),
        ("promote iris_classifier", "promote: which version?"),
        ("request HR-9999", "'HR-9999' is no request; which request?"),
        ("request", "request: which request?"),
        ("resolve it because done", "'it' is no request; which request?"),
        ("health zzz", "All endpoints: /model health"),
        ("promote iris_classifier 99", "iris_classifier has no version 99"),
        ("promote iris_classifier 99", "its newest version is v4"),
        ("promote iris_classifier 0", "iris_classifier has no version 0"),
        ("check iris_classifier 999999999", "iris_classifier has no version 999999999"),
        ("compare iris_classifier 1 77", "iris_classifier has no version 77"),
        ("show iris_classifier/99", SEEN),
        (
            "promote iris_classifier 2 to cham!pion",
            "'cham!pion' is no alias that Herald moves.",
        ),
        (
            "promote iris_classifier 2 to Champion",
            (
                "'Champion' is no alias that Herald moves. Did you mean champion?\n"
                "an alias is 1 to 64 lower-case letters, digits, - or _, and not latest, v1, v2 …"
            ),
        ),
        ("promote iris_classifier 2 to v7", "'v7' is no alias that Herald moves."),
        ("promote iris_classifier @cham!pion", "iris_classifier has no alias @cham!pion."),
        (
            "promote legacy_ranker @champion",
            "legacy_ranker has no alias @champion. Did you mean @Champion?",
        ),
        (
            "promote legacy_ranker 2",
            (
                "the model has an alias Champion, Herald moves champion: "
                "two aliases that differ only by case would name two versions"
            ),
        ),
        (
            "promote legacy_ranker 2",
            "In the registry, delete Champion or name it champion",
        ),
        ("compare legacy_ranker", "legacy_ranker has no champion to compare with"),
        ("compare legacy_ranker", "the model has an alias Champion, Herald moves champion"),
        (
            "rollback legacy_ranker",
            "it has no champion; the model has an alias Champion, Herald moves champion",
        ),
        ("promote iris_classifier @champion", "it is champion already"),
        (
            "rollback ranker",
            "ranker was not rolled back: there is nothing to roll back to",
        ),
        ("rollback ranker", "v1 is the first champion that Herald has seen"),
        ("rollback ranker", "To bring in another version: /model promote ranker VERSION"),
        ("compare ranker 2 2", "Both sides are ranker v2: there is nothing to compare"),
        ("request CR-99999", "There is no CR-99999"),
        ("requests tomorrow", "only one of mine, waiting, all may follow"),
        ("show '; DROP TABLE models; --", "too much: DROP TABLE models; --"),
        ("show ../../etc/passwd", "No model '../../etc/passwd'."),
        ("show %2e%2e%2fadmin", "No model '%2e%2e%2fadmin'."),
    ],
)
async def test_a_line_that_leads_nowhere_is_told_why(world: World, line: str, said: str) -> None:
    assert said in await world.told(REQUESTER, line)


@pytest.mark.parametrize(
    "line",
    [
        "check 2 gcn_rag_assistant",
        "CHECK Gcn_Rag_Assistant V2 TO champion",
        "check “gcn_rag_assistant” ‘v2’",
        "check\u00a0gcn_rag_assistant/2",
        "check sandbox.nasa_gcn_models.gcn_rag_assistant@challenger to @champion",
    ],
)
async def test_options_are_understood_in_any_case_and_order(world: World, line: str) -> None:
    said = await world.told(REQUESTER, line)
    assert "gcn_rag_assistant v2" in said
    assert "champion v1 → v2" in said


async def test_a_viewer_and_a_guest_are_told_why_and_whom_to_ask(world: World) -> None:
    said = await world.told(VIEWER, "promote iris_classifier 2")
    assert "Nothing was proposed" in said
    assert "none of your roles may promote" in said
    assert "Ask somebody of admins, data-scientists, ml-leads" in said
    for line in ("compare iris_classifier", "promote iris_classifier 2", "rollback scorer"):
        assert "guest accounts cannot do this" in await world.told(GUEST, line)
    assert "guest" in await world.told(GUEST, "whoami")
