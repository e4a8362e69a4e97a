"""The forms of the shortcuts and the home tab, in every state, by a name."""

from dataclasses import replace
from typing import Any

from bot.domain.automatic import Switch
from bot.domain.home import EndpointLook, HomeRequest, HomeSheet
from bot.domain.names import CardKey, EndpointName, ModelName
from bot.domain.picking import PickForm, Purpose, VersionChoices
from bot.domain.refusal import Refusal
from bot.domain.registry import ModelVersion
from bot.views.home import home_tab
from bot.views.pick_modal import pick_modal
from tests.builders import (
    CHALLENGER,
    CHAMPION,
    LEAD,
    MODEL,
    NOW,
    make_model,
    make_request,
)
from tests.unit.views.freeze_samples import BROKEN, INCIDENT, MIGRATION, WEEKEND
from tests.unit.views.samples import KEY

LONG = ModelName(f"prod.{'schema' * 20}.{'scorer_' * 20}")


def choices(name: ModelName = MODEL, amount: int = 3) -> VersionChoices:
    """Return the newest versions of a model whose v2 is the champion and v3 the challenger."""
    versions = tuple(
        ModelVersion(name=name, version=number, description="Trained on <May> & June " * 8)
        for number in range(amount, 0, -1)
    )
    model = replace(make_model(aliases={CHAMPION: 2, CHALLENGER: 3}), name=name)
    return VersionChoices(
        model=model, versions=versions, likely=3, base=2, aliases=(CHAMPION, CHALLENGER)
    )


def form(purpose: Purpose, chosen: VersionChoices | None = None, note: str = "") -> dict[str, Any]:
    return pick_modal(PickForm(purpose=purpose, choices=chosen, note=note))


def home_request(number: int = 0, **fields: Any) -> HomeRequest:
    return HomeRequest(
        request=make_request(**fields), key=KEY, link=f"https://chat.example/{number}"
    )


def sheet(**fields: Any) -> HomeSheet:
    given: dict[str, Any] = {
        "waiting": (),
        "waiting_total": 0,
        "mine": (),
        "mine_total": 0,
        "looks": None,
        "shown_at": NOW,
    }
    return HomeSheet(**{**given, **fields})


def look(number: int) -> EndpointLook:
    return EndpointLook(
        name=EndpointName(f"endpoint-{number}"), reasons=("serves v2, champion is v1", "<p95>")
    )


FORMS: dict[str, dict[str, Any]] = {
    "promote_empty": form(Purpose.PROMOTE),
    "compare_empty": form(Purpose.COMPARE),
    "promote_filled": form(Purpose.PROMOTE, choices()),
    "compare_filled": form(Purpose.COMPARE, choices()),
    "compare_first": form(Purpose.COMPARE, replace(choices(amount=1), likely=1, base=None)),
    "promote_many_versions": form(Purpose.PROMOTE, choices(amount=100)),
    "promote_long_name": form(Purpose.PROMOTE, choices(LONG)),
    "promote_note": form(Purpose.PROMOTE, note="scorer has no version yet."),
}

_MANY = tuple(home_request(n) for n in range(8))
HOMES: dict[str, dict[str, Any]] = {
    "empty": home_tab(sheet()),
    "well": home_tab(sheet(looks=())),
    "busy": home_tab(
        sheet(
            waiting=_MANY,
            waiting_total=12,
            mine=_MANY,
            mine_total=9,
            looks=tuple(look(n) for n in range(20)),
            freezes=(INCIDENT, BROKEN, WEEKEND, MIGRATION) * 2,
            stopped=Switch(is_on=False, by=LEAD, reason="<broken>", at=NOW),
        )
    ),
    "one": home_tab(
        sheet(
            waiting=(home_request(reason="better <recall> & more " * 40),),
            waiting_total=1,
            mine=(HomeRequest(request=make_request(), key=CardKey("")),),
            mine_total=1,
            looks=(look(1),),
        )
    ),
    "stopped": home_tab(sheet(stopped=Switch(is_on=False, by=LEAD))),
    "refused": home_tab(Refusal(what="Nothing is listed", reasons=("guests may not",))),
}
