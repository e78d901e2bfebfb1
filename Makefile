# Needs python3 (3.11 or later, with venv) and make; everything else is installed into .venv and .venv-tox.

PYTHON ?= python3
ARGS ?=

BIN := .venv/bin
TOX := .venv-tox/bin/tox
UV := .venv-tox/bin/uv
PIP_FLAGS := --quiet --disable-pip-version-check

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help report check send pack test lint office thorough bench pictures venv schema lock clean

help: ## show this list (default)
	@echo "Usage: make TARGET [ARGS=\"...\"] [PYTHON=python3.12]"
	@echo
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | \
	while IFS='|' read -r target text; do printf '  %-8s %s\n' "$$target" "$$text"; done

report: .venv/.stamp ## make all reports in outputs/ (ARGS="--date 2026-01-01")
	@$(BIN)/kostenindicatie report $(ARGS) || { \
		code=$$?; \
		[ $$code -ne 3 ] || echo "make report: exit code 3: the reports were made, but rows were rejected." >&2; \
		exit $$code; \
	}

check: .venv/.stamp ## read the inputs and show the findings, without making anything
	@$(BIN)/kostenindicatie check $(ARGS) || { \
		code=$$?; \
		[ $$code -ne 3 ] || echo "make check: exit code 3: rows would be rejected." >&2; \
		exit $$code; \
	}

send: .venv/.stamp ## write the messages to municipalities as drafts, or send them (ARGS="--smtp HOST:PORT --from ADDRESS")
	@$(BIN)/kostenindicatie send $(ARGS) || { \
		code=$$?; \
		[ $$code -ne 3 ] || echo "make send: exit code 3: done, but somebody was left out, refused or put off, or a message is in doubt." >&2; \
		exit $$code; \
	}

pack: .venv/.stamp ## put the results in zips that can be checked (ARGS="--all", ARGS="--province Utrecht")
	@$(BIN)/kostenindicatie pack $(ARGS) || { \
		code=$$?; \
		[ $$code -ne 3 ] || echo "make pack: exit code 3: done, but a pack was refused." >&2; \
		exit $$code; \
	}

test: .venv-tox/.stamp ## run the tests and the lint (tox)
	@$(TOX) run $(ARGS)

lint: .venv-tox/.stamp ## check style, types and layers
	@$(TOX) run -e lint

office: .venv-tox/.stamp ## run the tests that need LibreOffice
	@$(TOX) run -e office

thorough: .venv-tox/.stamp ## run the tests that take minutes
	@$(TOX) run -e thorough

bench: .venv-tox/.stamp ## measure how fast it is, in ratios (ARGS=--quick leaves out the 10,000, --large makes 100,000)
	@$(TOX) run -qq -e bench -- $(ARGS)

pictures: .venv-tox/.stamp ## make the pictures of the README (needs LibreOffice, poppler and Chromium)
	@$(TOX) run -qq -e pictures

venv: .venv/.stamp ## install the product into .venv

schema: .venv/.stamp ## write the JSON schema of the result anew, from its types
	@$(BIN)/python -m pipeline.results.schema

lock: .venv-tox/.stamp ## write requirements/*.txt anew (ARGS=--upgrade for newer versions)
	@cd requirements && compile() { \
		echo "requirements/$$1.txt"; shift; \
		../$(UV) pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(ARGS) "$$@"; \
	} && \
	compile run ../pyproject.toml run.in --output-file run.txt && \
	compile test test.in --output-file test.txt && \
	compile lint lint.in --output-file lint.txt && \
	compile cluster cluster.in --output-file cluster.txt && \
	compile tox tox.in --output-file tox.txt

clean: ## remove the environments, the caches and all that is in outputs/ but what was sent
	rm -rf .venv .venv-tox .tox .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist *.egg-info
	find pipeline tests -name __pycache__ -type d -prune -exec rm -rf {} +
	find outputs -mindepth 1 ! -name .gitkeep ! -name 'README*' ! -path 'outputs/verzending*' -delete

# --- Bootstrap: an environment is there when its stamp is, and the stamp is written last ------------------------------

# $(call environment,DIR): a virtual environment with a working pip in DIR, made anew when it is missing or broken.
define environment
	@rm -f $(1)/.stamp
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or later is needed, and '$(PYTHON)' is not that. Try: make PYTHON=python3.12 ..." >&2; \
		exit 1; \
	}
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
		exit 1; \
	}
	@$(1)/bin/python -m pip --version >/dev/null 2>&1 || { \
		echo "Making $(1) (once; this takes a minute)"; \
		$(PYTHON) -m venv --clear $(1); \
	}
endef

.venv/.stamp: requirements/run.txt pyproject.toml
	$(call environment,.venv)
	@$(BIN)/python -m pip install $(PIP_FLAGS) --require-hashes --requirement requirements/run.txt
	@$(BIN)/python -m pip install $(PIP_FLAGS) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

.venv-tox/.stamp: requirements/tox.txt
	$(call environment,.venv-tox)
	@.venv-tox/bin/python -m pip install $(PIP_FLAGS) --require-hashes --requirement requirements/tox.txt
	@touch $@
