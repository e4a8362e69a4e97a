"""Where nothing is served, Herald sees no endpoints and says so."""

import pytest

from bot.adapters.no_endpoints import NoEndpoints
from bot.domain.errors import NotFoundError
from bot.domain.names import EndpointName, ModelName

NAME, MODEL = EndpointName("iris-classifier"), ModelName("prod.ml_team.iris_classifier")


async def test_no_endpoint_serves_a_model() -> None:
    assert await NoEndpoints().endpoints_serving(MODEL) == ()
    assert await NoEndpoints().overview() == ()


async def test_every_endpoint_is_missing() -> None:
    nothing = NoEndpoints()
    for call in (nothing.endpoint(NAME), nothing.serve(NAME, MODEL, ()), nothing.read(NAME)):
        with pytest.raises(NotFoundError, match="iris-classifier: none is connected"):
            await call
