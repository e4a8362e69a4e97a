"""What a version has to show: its model card, filed from the check, and the compliance report."""

import json

import pytest
import yaml

from bot.domain.model_card import MODEL_CARD_PATH, REQUIRED_FIELDS
from bot.sandbox.tour.stage import actions
from tests.flow.bad_input.world import REQUESTER, VIEWER, Json, until
from tests.flow.policies.scene import Scene

pytestmark = pytest.mark.xdist_group("policies")
"""They share one sandbox, one after the other."""

IRIS = "prod.ml_team.iris_classifier"
REPORT = "compliance/report.json"
FILE_CARD = "check.file_card"
SAID = "Sepals and petals, measured by the botany team in 2024 – “as is”."


async def test_the_report_on_a_version_is_kept_with_its_run_as_it_was_shown(scene: Scene) -> None:
    said = await scene.told(VIEWER, "compliance iris_classifier 3")
    report = json.loads(await scene.artifact(IRIS, 3, REPORT))
    assert (report["model"], report["version"], report["complete"]) == (IRIS, 3, False)
    marks = {"ok": "✓", "missing": "✗ missing"}
    for name, part in report["parts"].items():
        assert f"{name} | {marks[part['state']]} | {part['found']}" in said
        assert not part["remedy"] or part["remedy"] in said.replace("`", "")
    assert len(report["parts"]) == 7
    missing = [name for name, part in report["parts"].items() if part["state"] != "ok"]
    assert f"iris_classifier v3: {len(missing)} part of the compliance report" in said
    assert missing == ["approvals"]
    assert f"kept as `{REPORT}` of run" in said


async def test_a_missing_card_is_filed_from_the_check_which_passes_then(scene: Scene) -> None:
    said, check = await checked(scene)
    assert "❌" in said
    assert "documentation/model_card.yaml" in said
    await scene.clicked(REQUESTER, check, FILE_CARD)
    view = await filled_form(scene)
    blank = await sent(scene, view, {"purpose": "   ", "limitations": "—"})
    assert blank["response_action"] == "errors"
    assert set(blank["errors"]) == {"purpose", "limitations"}
    before = await scene.private(REQUESTER)
    assert (await sent(scene, view, {}))["ok"]
    again = await scene._next(REQUESTER, before)
    assert "iris_classifier v4 as champion may be asked for" in again
    card = yaml.safe_load(await scene.artifact(IRIS, 4, MODEL_CARD_PATH))
    assert card == dict.fromkeys(REQUIRED_FIELDS, SAID)
    said, check = await checked(scene)
    assert "card | 6 of 6 fields" in said
    assert FILE_CARD not in actions(check)


async def checked(scene: Scene) -> tuple[str, Json]:
    """Check the version, and return what is said with the message."""
    said = await scene.told(REQUESTER, "check iris_classifier 4")
    return said, (await scene.private(REQUESTER))[-1]


async def filled_form(scene: Scene) -> Json:
    """Wait until the form that was opened at once has its fields."""
    found: list[Json] = []

    async def look() -> bool:
        view = await scene.modal(REQUESTER)
        found[:] = [view] if any(b["type"] == "input" for b in view["blocks"]) else []
        return bool(found)

    assert await until(look)
    return found[0]


async def sent(scene: Scene, view: Json, changed: dict[str, str]) -> Json:
    """Send the form, every required field filled in but for these."""
    said = {str(field): SAID for field in REQUIRED_FIELDS} | changed
    values = {
        field: {"card.field": {"type": "plain_text_input", "value": text}}
        for field, text in said.items()
    }
    return await scene.human("submit", user=REQUESTER, view_id=view["id"], values=values)
