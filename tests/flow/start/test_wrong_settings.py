"""A wrong start ends in one line that says what to mend; an unreachable host ends nothing."""

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.sandbox_process import bare_environment

POLICIES = Path(__file__).parents[3] / "policies" / "sandbox.yml"
SECRETS = ("xoxb-planted-one", "xapp-planted-two", "planted-three")
NOWHERE = "http://127.0.0.1:9"


def _environment(folder: Path, **changes: str) -> dict[str, str]:
    right = {
        "SLACK_BOT_TOKEN": SECRETS[0],
        "SLACK_APP_TOKEN": SECRETS[1],
        "DATABRICKS_TOKEN": SECRETS[2],
        "DATABRICKS_HOST": NOWHERE,
        "HERALD_SLACK_API_URL": f"{NOWHERE}/api/",
        "HERALD_DATABASE_URL": f"sqlite:///{folder}/herald.db",
        "HERALD_POLICIES": str(POLICIES),
    }
    merged = {**bare_environment(), **right, **changes}
    return {name: value for name, value in merged.items() if value}


def _herald(folder: Path, *words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=_environment(folder, **changes),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN: it is not set. Set SLACK_BOT_TOKEN in"),
        ({"DATABRICKS_HOST": "nonsense"}, "DATABRICKS_HOST: it is not the address of a workspace"),
        (
            {"HERALD_REGISTRY": "wandb"},
            "HERALD_REGISTRY: input should be 'uc' or 'mlflow'. Set HERALD_REGISTRY in",
        ),
        ({"HERALD_REGISTRY": "mlflow"}, "MLFLOW_TRACKING_URI: it is not set. Set MLFLOW_TRACKING"),
        (
            {"HERALD_REGISTRY": "mlflow", "MLFLOW_TRACKING_URI": "databricks"},
            "MLFLOW_TRACKING_URI: it is not an MLflow server (https://…) or the file of one",
        ),
        (
            {"HERALD_REGISTRY": "mlflow", "MLFLOW_TRACKING_URI": "sqlite:////nowhere/mlflow.db"},
            "MLFLOW_TRACKING_URI: there is no file /nowhere/mlflow.db. Name the file that MLflow",
        ),
        ({"HERALD_COMMAND": "model"}, "HERALD_COMMAND: it is not a slash command, such as /model."),
        ({"HERALD_BACKEND_DEADLINE_S": "soon"}, "HERALD_BACKEND_DEADLINE_S: input should be a"),
        (
            {"HERALD_ALIASES__CHAMPION": "challenger"},
            "HERALD_ALIASES: two of the three alias names are the same.",
        ),
        ({"HERALD_ALIASES__CHAMPION": "The Best"}, "HERALD_ALIASES__CHAMPION: it is not an alias"),
        (
            {"HERALD_DATABASE_URL": "sqlite:////nowhere/at/all.db"},
            "HERALD_DATABASE_URL: the file /nowhere/at/all.db cannot be used",
        ),
        ({"HERALD_DATABASE_URL": "ledger"}, "HERALD_DATABASE_URL: this is no database URL."),
        ({"HERALD_POLICIES": "/nowhere.yml"}, "/nowhere.yml: this cannot be read"),
    ],
)
def test_a_wrong_setting_is_one_line(tmp_path: Path, changes: dict[str, str], told: str) -> None:
    ended = _herald(tmp_path, "run", **changes)
    assert ended.returncode == 2
    assert ended.stderr.startswith(told), ended.stderr
    assert ended.stderr.count("\n") == 1
    assert not any(secret in ended.stderr + ended.stdout for secret in SECRETS)


def test_mlflow_alone_needs_no_databricks(tmp_path: Path) -> None:
    told = _until(
        tmp_path,
        "The registry:",
        HERALD_REGISTRY="mlflow",
        MLFLOW_TRACKING_URI=NOWHERE,
        DATABRICKS_HOST="",
        DATABRICKS_TOKEN="",
    )
    assert "Traceback" not in told
    assert NOWHERE.partition("://")[2] not in told.partition("The registry:")[2]


def test_several_wrong_settings_are_counted(tmp_path: Path) -> None:
    ended = _herald(tmp_path, "run", SLACK_APP_TOKEN="", DATABRICKS_TOKEN="")
    assert "(1 more settings are wrong or missing)" in ended.stderr


def test_a_broken_policy_file_is_named_with_line_and_column(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_text(
        POLICIES.read_text().replace("severity", "severty").replace("rules:", "ruls:")
    )
    ended = _herald(tmp_path, "run", HERALD_POLICIES=str(broken))
    assert ended.returncode == 2
    file, line, column, _ = ended.stderr.split(":", 3)
    assert file == str(broken)
    assert broken.read_text().splitlines()[int(line) - 1][int(column) - 1 :].strip()
    assert ended.stderr.count("\n") == 1


def test_a_broken_settings_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "herald.yml").write_text("command: [")
    ended = _herald(tmp_path, "run")
    assert ended.returncode == 2
    assert ended.stderr == (
        "herald.yml: it cannot be read as YAML (ParserError). Mend or remove the file\n"
    )


def test_a_record_of_a_newer_herald_is_left_alone(tmp_path: Path) -> None:
    assert _until(tmp_path, "Slack:")
    with sqlite3.connect(tmp_path / "herald.db") as record:
        record.execute("UPDATE alembic_version SET version_num = '9999'")
    record.close()
    ended = _herald(tmp_path, "run")
    assert ended.returncode == 2
    assert ended.stderr.startswith("HERALD_DATABASE_URL: ")
    assert ended.stderr.count("\n") == 1


def test_auditing_makes_no_record_of_its_own(tmp_path: Path) -> None:
    ended = _herald(tmp_path, "audit", "verify")
    assert ended.returncode == 2
    assert "there is no record at" in ended.stderr
    assert not (tmp_path / "herald.db").exists()


def test_lint_says_where_and_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "p.yml").write_text("apiVersion: herald/v1\npolicys: []\n")
    ended = _herald(tmp_path, "policy", "lint", "p.yml")
    assert ended.returncode == 1
    assert ended.stdout.startswith("p.yml:2:1: unknown key `policys`")


def test_unreachable_hosts_are_named_and_end_nothing(tmp_path: Path) -> None:
    told = _until(tmp_path, "The registry:")
    assert "Slack: Failed to connect" in told
    assert "Traceback" not in told
    assert not any(secret in told for secret in SECRETS)


def _until(folder: Path, words: str, **changes: str) -> str:
    """Start Herald, wait until it says something on stderr, end it; return all that it said."""
    log = folder / "stderr"
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=folder,
            env=_environment(folder, **changes),
            stderr=stderr,
        )
        try:
            deadline = time.monotonic() + 180
            while words not in log.read_text() and time.monotonic() < deadline:
                time.sleep(0.1)  # noqa: TID251 - waiting for another process
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(120)
    assert code == 0
    assert words in log.read_text()
    return log.read_text()
