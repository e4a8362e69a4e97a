"""Requests that the demo's endpoints understand, in MLflow's scoring form."""

from bot.sandbox.demo.world import ENDPOINTS

FLOWERS: dict[str, object] = {
    "columns": ["sepal_length", "sepal_width", "petal_length", "petal_width"],
    "data": [[5.1, 3.5, 1.4, 0.2], [6.3, 2.9, 5.6, 1.8]],
}
PAYMENTS: dict[str, object] = {
    "columns": [
        "amount",
        "merchant_risk",
        "card_age",
        "distance",
        "payments_1h",
        "payments_24h",
        "device_trust",
        "country_risk",
    ],
    "data": [[0.8, -1.2, 1.9, 0.3, -0.4, 1.1, 0.6, -0.7]],
}
RESULTS: dict[str, object] = {
    "columns": ["text_match", "click_rate", "freshness", "popularity", "price_fit", "stock"],
    "data": [[1.3, 0.4, -0.2, 0.9, -1.1, 0.5]],
}

REQUESTS: dict[str, dict[str, object]] = {
    "iris-classifier": {"dataframe_split": FLOWERS},
    "nasa-gcn-rag-assistant": {
        "dataframe_records": [{"question": "What is the redshift of GRB 260104A?"}]
    },
    "fraud-scorer": {"dataframe_split": PAYMENTS},
    "fraud-shared": {"dataframe_split": PAYMENTS},
    "ranker": {"dataframe_split": RESULTS},
}


def sample_request(endpoint: str) -> dict[str, object]:
    """Return a request that every model of that demo endpoint answers.

    Raises:
        KeyError: If the demo world has no such endpoint; the message names those it has.
    """
    if endpoint not in REQUESTS:
        known = ", ".join(sorted(e.name for e in ENDPOINTS))
        raise KeyError(f"No sample request for {endpoint!r}; there are some for {known}.")
    return dict(REQUESTS[endpoint])
