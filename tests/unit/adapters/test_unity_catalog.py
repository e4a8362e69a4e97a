"""The catalog where a workspace answers in ways that the sandbox's does not."""

import math

import pytest

from bot.adapters.databricks_client import DatabricksClient
from bot.adapters.unity_catalog import MLFLOW, UC, UnityCatalog
from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError, NotFoundError
from bot.domain.names import AliasName, ModelName
from tests.unit.adapters.workspace import StubWorkspace

SCORER = ModelName("prod.fraud.scorer")
CHAMPION = AliasName("champion")
LOGGED = "m-0123456789abcdef0123456789abcdef"
ONE, SEARCH = f"{UC}/model-versions/get", f"{UC}/model-versions/search"
MODEL, MODELS = f"{UC}/registered-models/get", f"{UC}/registered-models/search"
ALIAS, DELETE_TAG = f"{UC}/registered-models/alias", f"{UC}/model-versions/delete-tag"


@pytest.fixture
def catalog(client: DatabricksClient) -> UnityCatalog:
    return UnityCatalog(client)


def named(*names: str) -> list[dict[str, str]]:
    return [{"name": name} for name in names]


async def test_all_pages_are_read_and_doubles_come_once(
    catalog: UnityCatalog, stub: StubWorkspace
) -> None:
    stub.says(
        MODELS,
        {"registered_models": named("a.b.z", "a.b.c"), "next_page_token": "t1"},
        {"next_page_token": "t2"},
        {"registered_models": named("a.b.c", "a.b.d")},
    )
    assert [model.name for model in await catalog.models()] == ["a.b.c", "a.b.d", "a.b.z"]
    assert [call.query.get("page_token") for call in stub.calls] == [None, "t1", "t2"]


async def test_pages_that_lead_in_a_circle_end(catalog: UnityCatalog, stub: StubWorkspace) -> None:
    stub.says(MODELS, {"registered_models": named("a.b.c"), "next_page_token": "again"})
    with pytest.raises(BackEndUnavailableError, match="circle"):
        await catalog.models()


async def test_versions_come_newest_first(catalog: UnityCatalog, stub: StubWorkspace) -> None:
    raw = [{"name": SCORER, "version": number} for number in ("2", "10", "9", "10")]
    stub.says(SEARCH, {"model_versions": raw})
    assert [version.version for version in await catalog.versions(SCORER)] == [10, 9, 2]


@pytest.mark.parametrize("name", ["a' OR name='b", 'a"b', "a\\", "a`b"])
async def test_name_cannot_break_out_of_a_filter(
    catalog: UnityCatalog, stub: StubWorkspace, name: str
) -> None:
    with pytest.raises(NotFoundError):
        await catalog.versions(ModelName(name))
    assert stub.calls == []


async def test_metrics_come_from_the_logged_model_where_the_catalog_has_none(
    catalog: UnityCatalog, stub: StubWorkspace
) -> None:
    stub.says(ONE, {"model_version": {"name": SCORER, "version": "7", "model_id": LOGGED}})
    data = {"metrics": [{"key": "auc", "value": "NaN"}], "params": [{"key": "C", "value": "1"}]}
    stub.says(f"{MLFLOW}/logged-models/{LOGGED}", {"model": {"data": data}})
    version = await catalog.version(SCORER, 7)
    assert math.isnan(version.metrics[0].value)
    assert version.parameters == {"C": "1"}


async def test_metrics_of_the_catalog_need_no_second_question(
    catalog: UnityCatalog, stub: StubWorkspace
) -> None:
    raw = {"name": SCORER, "version": "7", "model_id": LOGGED}
    stub.says(ONE, {"model_version": {**raw, "model_metrics": [{"key": "auc", "value": 1}]}})
    await catalog.version(SCORER, 7)
    assert len(stub.calls) == 1


@pytest.mark.parametrize(("status", "code"), [(404, "RESOURCE_DOES_NOT_EXIST"), (403, "403")])
async def test_logged_model_out_of_reach_adds_nothing(
    catalog: UnityCatalog, stub: StubWorkspace, status: int, code: str
) -> None:
    stub.says(ONE, {"model_version": {"name": SCORER, "version": "7", "model_id": LOGGED}})
    stub.refuses(f"{MLFLOW}/logged-models/{LOGGED}", status, code, "no")
    assert (await catalog.version(SCORER, 7)).metrics == ()


async def test_logged_model_that_does_not_answer_is_no_empty_evidence(
    catalog: UnityCatalog, stub: StubWorkspace
) -> None:
    stub.says(ONE, {"model_version": {"name": SCORER, "version": "7", "model_id": LOGGED}})
    stub.refuses(f"{MLFLOW}/logged-models/{LOGGED}", 500, "INTERNAL_ERROR", "no")
    with pytest.raises(BackEndUnavailableError):
        await catalog.version(SCORER, 7)


@pytest.mark.parametrize(
    ("status", "code"), [(404, "RESOURCE_DOES_NOT_EXIST"), (400, "INVALID_PARAMETER_VALUE")]
)
async def test_alias_that_is_gone_counts_as_taken_away(
    catalog: UnityCatalog, stub: StubWorkspace, status: int, code: str
) -> None:
    stub.refuses(ALIAS, status, code, "Registered model alias champion not found.")
    stub.says(MODEL, {"registered_model": {"name": SCORER}})
    await catalog.set_alias(SCORER, CHAMPION, None)
    assert [call.method for call in stub.calls] == ["DELETE", "GET"]


async def test_alias_that_stays_is_told(catalog: UnityCatalog, stub: StubWorkspace) -> None:
    stub.refuses(ALIAS, 403, "PERMISSION_DENIED", "not yours")
    aliases = [{"alias": "champion", "version": "6"}]
    stub.says(MODEL, {"registered_model": {"name": SCORER, "aliases": aliases}})
    with pytest.raises(BackEndRefusedError, match="not yours"):
        await catalog.set_alias(SCORER, CHAMPION, None)


async def test_tag_that_stays_is_told(catalog: UnityCatalog, stub: StubWorkspace) -> None:
    stub.refuses(DELETE_TAG, 403, "PERMISSION_DENIED", "not yours")
    raw = {"name": SCORER, "version": "7", "tags": [{"key": "herald.x", "value": "1"}]}
    stub.says(ONE, {"model_version": raw})
    with pytest.raises(BackEndRefusedError, match="not yours"):
        await catalog.set_tags(SCORER, 7, {"herald.x": None})


@pytest.mark.parametrize("body", [{}, {"registered_model": {}}, {"registered_model": []}])
async def test_answer_of_another_form_is_no_answer(
    catalog: UnityCatalog, stub: StubWorkspace, body: dict[str, object]
) -> None:
    stub.says(MODEL, body)
    with pytest.raises(BackEndUnavailableError, match="documented form"):
        await catalog.model(SCORER)
