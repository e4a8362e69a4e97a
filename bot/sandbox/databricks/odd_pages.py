"""Metrics pages that are not what the platform documents."""

ODD_PAGES = {
    "html": "<!doctype html><html><body><h1>Sign in to Databricks</h1></body></html>\n",
    "json": '{"metrics": [{"name": "request_count_total", "value": 7}]}\n',
    "torn": '# TYPE request_count_total gauge\nrequest_count_total{endpoint="x",served_ent',
    "renamed": "# TYPE serving_requests counter\nserving_requests_total 7\n",
    "words": 'request_count_total{endpoint="x",served_entity="y"} many\n',
    "empty": "",
}
"""By name: what a fault of kind `odd_metrics` may answer instead of the page."""
