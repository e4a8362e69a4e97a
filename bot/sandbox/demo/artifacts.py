"""Where the sandbox keeps artifacts, so that their addresses hold in every copy of the state.

The registry stores addresses such as `mlflow-artifacts:/prod.fraud.scorer/...`, relative to the
artifact root that a server is started with. Processes on the same disk read them without a server.
"""

from pathlib import Path
from urllib.parse import unquote, urlparse

SCHEME = "mlflow-artifacts"


def artifact_path(state: Path, uri: str) -> Path:
    """Return the file or folder that an `mlflow-artifacts:/` address names.

    Raises:
        ValueError: If the address has another scheme or leads out of the artifact root.
    """
    parts = urlparse(uri)
    root = (state / "artifacts").resolve()
    path = (root / unquote(parts.path).lstrip("/")).resolve()
    if parts.scheme != SCHEME or parts.netloc or not path.is_relative_to(root):
        raise ValueError(f"{uri!r} names nothing below the sandbox's artifacts.")
    return path


def read_artifacts_from_disk(state: Path) -> None:
    """Make MLflow in this process resolve `mlflow-artifacts:/` below `state` without a server."""
    from mlflow.store.artifact import artifact_repository_registry  # noqa: PLC0415 - 2 s of imports
    from mlflow.store.artifact.artifact_repo import ArtifactRepository  # noqa: PLC0415 - 2 s of imports
    from mlflow.store.artifact.local_artifact_repo import (  # noqa: PLC0415 - 2 s of imports
        LocalArtifactRepository,
    )

    def on_disk(
        artifact_uri: str, tracking_uri: str | None = None, registry_uri: str | None = None
    ) -> ArtifactRepository:
        return LocalArtifactRepository(
            artifact_path(state, artifact_uri).as_uri(), tracking_uri, registry_uri
        )

    artifact_repository_registry._artifact_repository_registry.register(  # type: ignore[no-untyped-call]  # noqa: SLF001 - the only other way is an installed plugin
        SCHEME, on_disk
    )
