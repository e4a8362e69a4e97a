# The commands of this repository. Only Python >= 3.11 (with venv), make and git are needed beforehand.

UV_VERSION := 0.13.8
MUTMUT_VERSION := 3.8.1
UV := $(or $(shell command -v uv 2>/dev/null),.tools/bin/uv)

.PHONY: setup sandbox browser test check bench mutants clean

setup: .venv/.ready  ## Prepare .venv, so that .venv/bin/herald runs

sandbox: setup  ## Play with Herald: page, Slack and Databricks doubles, demo models
	@.venv/bin/herald sandbox $(ARGS)

browser: setup  ## See to a Chromium for the tests of the page
	@.venv/bin/python -m tests.browser.chromium

test: check browser  ## Every check and every test
	.venv/bin/python -m pytest -n 2 --dist loadgroup --cov --cov-report=
	.venv/bin/coverage report --fail-under=90
	.venv/bin/coverage report --include='bot/domain/*,policies/*' --fail-under=100

check: setup  ## Formatting, lint, types, import contracts, dependencies
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/deptry .

bench: setup  ## Measure Herald against its goals, each figure beside its floor
	@.venv/bin/python -m tests.bench $(ARGS)

mutants: setup .tools/mutants/.ready  ## Change the code in small ways: do the tests notice?
	@.venv/bin/python -m tests.mutants $(ARGS)

.tools/mutants/.ready: Makefile
	.venv/bin/python -m venv .tools/mutants
	.tools/mutants/bin/pip install --quiet "mutmut==$(MUTMUT_VERSION)"
	.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
		> "$$(.tools/mutants/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/herald.pth"
	@touch $@

.tools/bin/uv:
	python3 -m venv .tools
	.tools/bin/pip install --quiet "uv==$(UV_VERSION)"

.venv/.ready: pyproject.toml uv.lock | $(filter .tools/bin/uv,$(UV))
	$(UV) sync --quiet --locked --all-extras
	@touch $@

clean:
	rm -rf .venv .tools .herald .mypy_cache .ruff_cache .pytest_cache .coverage
