"""The demo world's registered models, with every version and alias."""

from bot.sandbox.demo.shapes import DemoModel, DemoVersion, Learner

IRIS = "prod.ml_team.iris_classifier"
RAG = "sandbox.nasa_gcn_models.gcn_rag_assistant"
SCORER = "prod.fraud.scorer"
RULES = "prod.fraud.rules"
CHURN = "prod.ml_team.churn"
LEGACY_RANKER = "prod.ml_team.legacy_ranker"
RANKER = "prod.ml_team.ranker"
LOAN_RISK = "prod.credit.loan_risk"
SPELLER = "shop.search.speller"

MODELS: tuple[DemoModel, ...] = (
    DemoModel(
        name=IRIS,
        purpose="Names the iris species of a flower from four lengths measured on it.",
        owner="botany@acme.example",
        tags={"domain": "botany", "task": "classification"},
        aliases={"champion": 1, "challenger": 2},
        versions=(
            DemoVersion(
                version=1,
                learner=Learner.TREE,
                params={"max_depth": 2},
                latency_p95_ms=21.0,
                description="Two questions deep, easy to explain.",
            ),
            DemoVersion(
                version=2,
                learner=Learner.LINEAR,
                params={"C": 1.0},
                latency_p95_ms=18.0,
                description="Linear over all four lengths; fewer mistakes near the border.",
                tags={"reviewer": "dana@acme.example"},
            ),
            DemoVersion(
                version=3,
                learner=Learner.TREE,
                params={"max_depth": 1},
                latency_p95_ms=17.0,
                description="A single question, tried for speed.",
            ),
            DemoVersion(
                version=4,
                learner=Learner.FOREST,
                params={"n_estimators": 25, "max_depth": 4},
                latency_p95_ms=34.0,
                description="",
                has_card=False,
            ),
        ),
    ),
    DemoModel(
        name=RAG,
        purpose="Answers questions about gamma-ray burst notices, quoting the notices it used.",
        owner="astro@acme.example",
        tags={"domain": "astronomy", "task": "llm", "use_case": "question_answering"},
        aliases={"champion": 1, "challenger": 2},
        versions=(
            DemoVersion(
                version=1,
                learner=Learner.RETRIEVAL,
                params={"retriever_k": 5, "temperature": 0.1, "max_tokens": 1024},
                latency_p95_ms=2140.0,
                description="First assistant: five notices per question.",
                judged={"precision": 0.83, "faithfulness": 0.88},
            ),
            DemoVersion(
                version=2,
                learner=Learner.RETRIEVAL,
                params={"retriever_k": 7, "temperature": 0.05, "max_tokens": 1500},
                latency_p95_ms=2480.0,
                description="Reads seven notices and stays closer to their wording.",
                judged={"precision": 0.86, "faithfulness": 0.92},
            ),
            DemoVersion(
                version=3,
                learner=Learner.RETRIEVAL,
                params={"retriever_k": 3, "temperature": 0.7, "max_tokens": 1500},
                latency_p95_ms=1620.0,
                description="Freer wording from three notices.",
                judged={"precision": 0.84, "faithfulness": 0.81},
            ),
        ),
    ),
    DemoModel(
        name=SCORER,
        purpose="Scores a card payment: is it likely to be fraud?",
        owner="fraud@acme.example",
        tags={"domain": "payments", "task": "classification", "tier": "1"},
        aliases={"champion": 1},
        versions=(
            DemoVersion(
                version=1,
                learner=Learner.LINEAR,
                params={"C": 1.0},
                latency_p95_ms=38.0,
                description="Linear baseline.",
            ),
            DemoVersion(
                version=2,
                learner=Learner.BOOSTING,
                params={"n_estimators": 60, "learning_rate": 0.1},
                latency_p95_ms=41.0,
                description="Boosted trees, stored in LightGBM's format.",
            ),
            DemoVersion(
                version=3,
                learner=Learner.FOREST,
                params={"n_estimators": 60, "max_depth": 10},
                latency_p95_ms=64.0,
                description="Forest that looks up the card's history for each payment.",
            ),
            DemoVersion(
                version=4,
                learner=Learner.BOOSTING,
                params={"n_estimators": 80, "learning_rate": 0.1},
                latency_p95_ms=44.0,
                description="Boosted trees, without the look-up.",
            ),
        ),
    ),
    DemoModel(
        name=RULES,
        purpose="A short list of readable rules that flags card payments.",
        owner="fraud@acme.example",
        tags={"domain": "payments", "task": "classification"},
        aliases={"champion": 1},
        versions=(
            DemoVersion(
                version=1,
                learner=Learner.TREE,
                params={"max_depth": 5},
                latency_p95_ms=12.0,
                description="Five levels of rules.",
            ),
            DemoVersion(
                version=2,
                learner=Learner.TREE,
                params={"max_depth": 7},
                latency_p95_ms=13.0,
                description="Seven levels of rules.",
            ),
        ),
    ),
    DemoModel(
        name=CHURN,
        purpose="Tells which customers are about to leave.",
        owner="crm@acme.example",
        tags={"domain": "customers", "task": "classification"},
        aliases={},
        versions=(
            DemoVersion(
                version=1,
                learner=Learner.LINEAR,
                params={"C": 1.0},
                latency_p95_ms=25.0,
                description="Linear baseline.",
            ),
            DemoVersion(
                version=2,
                learner=Learner.BOOSTING,
                params={"n_estimators": 60, "learning_rate": 0.1},
                latency_p95_ms=33.0,
                description="Boosted trees.",
            ),
        ),
    ),
    DemoModel(
        name=LEGACY_RANKER,
        purpose="Grades wines for the shop's old result page.",
        owner="search@acme.example",
        tags={"domain": "search", "task": "ranking"},
        aliases={"Champion": 1},
        versions=(
            DemoVersion(
                version=1,
                learner=Learner.TREE,
                params={"max_depth": 3},
                latency_p95_ms=29.0,
                description="As taken over from the old registry.",
            ),
            DemoVersion(
                version=2,
                learner=Learner.FOREST,
                params={"n_estimators": 25, "max_depth": 5},
                latency_p95_ms=36.0,
                description="Forest instead of one tree.",
            ),
        ),
    ),
    DemoModel(
        name=RANKER,
        purpose="Grades search results from 0 (off topic) to 2 (just right).",
        owner="search@acme.example",
        tags={"domain": "search", "task": "ranking"},
        aliases={"champion": 1},
        versions=(
            DemoVersion(
                version=1,
                learner=Learner.LINEAR,
                params={"C": 1.0},
                latency_p95_ms=47.0,
                description="Linear baseline.",
            ),
            DemoVersion(
                version=2,
                learner=Learner.FOREST,
                params={"n_estimators": 40, "max_depth": 8},
                latency_p95_ms=52.0,
                description="Forest over the same signals.",
            ),
            DemoVersion(
                version=3,
                learner=Learner.BOOSTING,
                params={"n_estimators": 60, "learning_rate": 0.1},
                latency_p95_ms=55.0,
                description="Boosted trees over the same signals.",
            ),
        ),
    ),
    DemoModel(
        name=LOAN_RISK,
        purpose="Tells how likely a loan is not to be paid back.",
        owner="credit@acme.example",
        tags={"domain": "credit", "task": "classification"},
        aliases={"champion": 1},
        versions=(
            DemoVersion(
                version=1,
                learner=Learner.LINEAR,
                params={"C": 1.0},
                latency_p95_ms=22.0,
                description="Linear baseline.",
                tags={"tier": "1", "version": "1.2.0"},
            ),
            DemoVersion(
                version=2,
                learner=Learner.BOOSTING,
                params={"n_estimators": 40, "learning_rate": 0.1},
                latency_p95_ms=31.0,
                description="Boosted trees; fewer good customers turned away.",
                tags={"tier": "1"},
                has_card=False,
            ),
        ),
    ),
    DemoModel(
        name=SPELLER,
        purpose="Tells whether what a customer typed is misspelt.",
        owner="search@acme.example",
        tags={"domain": "search", "task": "classification"},
        aliases={"champion": 1},
        versions=(
            DemoVersion(
                version=1,
                learner=Learner.LINEAR,
                params={"C": 1.0},
                latency_p95_ms=6.0,
                description="Trained on last month's searches.",
            ),
            DemoVersion(
                version=2,
                learner=Learner.TREE,
                params={"max_depth": 6},
                latency_p95_ms=5.0,
                description="Trained on this month's searches.",
            ),
        ),
    ),
)
