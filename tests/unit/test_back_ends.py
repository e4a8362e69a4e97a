"""The settings choose the registry, and whether there are endpoints."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.adapters.catalog_privileges import CatalogPrivileges
from bot.adapters.databricks_serving import DatabricksServing
from bot.adapters.mlflow_registry import MlflowRegistry
from bot.adapters.no_endpoints import NoEndpoints
from bot.adapters.no_privileges import NoPrivileges
from bot.adapters.unity_catalog import UnityCatalog
from bot.back_ends import BackEnds
from bot.domain.errors import BackEndUnavailableError, ConfigurationError
from bot.domain.names import ModelName
from bot.settings import Settings

SERVER = "https://mlflow.acme.example"
HOST = "https://workspace.acme.example"
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away what the machine may set."""
    for name in ("DATABRICKS_HOST", "DATABRICKS_TOKEN", "MLFLOW_TRACKING_URI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def settings(**given: str) -> Settings:
    return Settings.model_validate(
        {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1", "policies": "p.yml", **given}
    )


def test_unity_catalog_is_the_registry_where_nothing_is_said() -> None:
    back_ends = BackEnds(settings(databricks_host=HOST, databricks_token="t"))  # noqa: S106 - a test's
    assert isinstance(back_ends.catalog, UnityCatalog)
    assert isinstance(back_ends.privileges, CatalogPrivileges)
    assert isinstance(back_ends.serving, DatabricksServing)


def test_mlflow_alone_has_no_endpoints() -> None:
    back_ends = BackEnds(settings(registry="mlflow", mlflow_tracking_uri=SERVER))
    assert isinstance(back_ends.catalog, MlflowRegistry)
    assert isinstance(back_ends.privileges, NoPrivileges)
    assert isinstance(back_ends.serving, NoEndpoints)
    assert isinstance(back_ends.metrics, NoEndpoints)


def test_mlflow_may_stand_beside_endpoints_of_databricks() -> None:
    both = {"databricks_host": HOST, "databricks_token": "t"}
    back_ends = BackEnds(settings(registry="mlflow", mlflow_tracking_uri=SERVER, **both))
    assert isinstance(back_ends.catalog, MlflowRegistry)
    assert isinstance(back_ends.serving, DatabricksServing)


@pytest.mark.parametrize("setting", ["MLFLOW_TRACKING_URI", "HERALD_MLFLOW_REGISTRY_URI"])
def test_file_that_is_not_there_is_told_and_not_made(setting: str, tmp_path: Path) -> None:
    missing = f"sqlite:///{tmp_path}/mlflow.db"
    given = {"mlflow_tracking_uri": SERVER, "mlflow_registry_uri": missing}
    if setting == "MLFLOW_TRACKING_URI":
        given = {"mlflow_tracking_uri": missing}
    with pytest.raises(ConfigurationError) as caught:
        BackEnds(settings(registry="mlflow", **given))
    assert caught.value.where == setting
    assert list(tmp_path.iterdir()) == []


async def test_closed_back_ends_let_no_call_in() -> None:
    back_ends = BackEnds(settings(registry="mlflow", mlflow_tracking_uri=SERVER))
    await back_ends.close()
    with pytest.raises(BackEndUnavailableError, match="stopping"):
        await back_ends.catalog.model(ModelName("prod.fraud.scorer"))


def test_herald_starts_without_importing_the_clients_of_its_back_ends() -> None:
    program = (
        "import sys, bot.app; print([m for m in ('mlflow', 'databricks') if m in sys.modules])"
    )
    ended = subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ended.stdout.strip() == "[]"
