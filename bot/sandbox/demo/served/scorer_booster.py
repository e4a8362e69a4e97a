"""Loads a fraud scorer stored in LightGBM's format; travels with that model version.

The package is not installed where the sandbox serves, so loading fails as it does on a platform
whose image lacks a dependency.
"""

import importlib


def _load_pyfunc(path: str) -> object:
    """Return the booster stored at `path`; the name is the one MLflow looks for."""
    lightgbm = importlib.import_module("lightgbm")
    return lightgbm.Booster(model_file=path)
