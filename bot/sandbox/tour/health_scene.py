"""The scene of the tour in which what is served is measured."""

from bot.sandbox.tour.stage import REQUESTER, VIEWER, Stage, is_public, words

IRIS_ENDPOINT = "iris-classifier"
USERS = 40
SHARE_HEALTH = "health.share"


async def health(stage: Stage, _: object) -> None:
    """How endpoints do, measured from real requests; the skew of one of them stands out."""
    stage.transcript.scene("The health of what is served")
    answered = await stage.control.traffic(IRIS_ENDPOINT, USERS)
    expect = stage.transcript.expect
    expect("the endpoint answers its users", answered.get("requests") == USERS, answered)
    before = await stage.seen(REQUESTER)
    await stage.type(REQUESTER, "health")
    seen = await stage.hears(
        REQUESTER, before, lambda m: m["text"].startswith("Model health"), "the report comes"
    )
    said = words(seen)
    row = next((line for line in said.splitlines() if IRIS_ENDPOINT in line and " ms" in line), "")
    expect("DIGEST: it counts the requests, their success and p95", "100 %" in row, said)
    expect(
        "DIGEST: an endpoint that does not serve its champion needs a look",
        "serves v2, champion is v1" in said,
        said,
    )
    await _skewed_endpoint(stage)
    before = await stage.seen(VIEWER)
    if seen is not None:
        await stage.click(REQUESTER, seen, SHARE_HEALTH)
        await stage.hears(
            VIEWER,
            before,
            lambda m: is_public(m) and m["text"].startswith("Model health"),
            "DIGEST: shared, everybody reads it",
        )


async def _skewed_endpoint(stage: Stage) -> None:
    before = await stage.seen(REQUESTER)
    await stage.type(REQUESTER, "endpoint ranker")
    sheet = await stage.hears(
        REQUESTER, before, lambda m: m["text"].startswith("ranker: "), "the endpoint is shown"
    )
    said = words(sheet)
    stage.transcript.expect("its champion stands beside what it serves", "v1 ⚠️" in said, said)
