# What people run; `make help` lists it. Needs python3 (3.11+), its pip, and make.
PYTHON ?= python3
PORT ?= 8000
BIN = .venv/bin
# mypy's Django plugin reads the settings, which refuse to load without keys.
KEYS = REGISTER_SECRET_KEY=x REGISTER_CONTEXT_KEY=x REGISTER_LINK_KEY=x REGISTER_ADDRESS_KEY=x
SOURCES = config register customers mailing billing privacy tests manage.py bootstrap.py

.PHONY: help demo run test check check-format check-code check-types check-templates check-layers check-register lock messages clean install install-dev

help:
	@echo "make demo      a made-up company to try things on, at http://localhost:$(PORT)"
	@echo "make run       your own register"
	@echo "make test      all tests"
	@echo "make check     all other checks"
	@echo "make lock      resolve requirements*.in again"
	@echo "make messages  collect texts for translation"
	@echo "make clean     delete what can be made again (never the register's data in var/)"

install:
	@$(PYTHON) bootstrap.py

install-dev:
	@$(PYTHON) bootstrap.py --dev

demo: install
	@exec $(BIN)/python manage.py demo --port $(PORT)

run: install
	@exec $(BIN)/python manage.py run --port $(PORT)

test: install-dev
	$(BIN)/python -m pytest -n 2 --dist worksteal $(TESTS)

# All are run, also when an earlier one fails.
check: install-dev
	@$(MAKE) --no-print-directory --keep-going check-format check-code check-types check-templates check-layers check-register

check-format:
	$(BIN)/ruff format --check $(SOURCES)

check-code:
	$(BIN)/ruff check $(SOURCES)

check-types:
	$(KEYS) $(BIN)/mypy

check-templates:
	$(BIN)/djlint templates --lint --quiet

check-layers:
	$(BIN)/lint-imports

check-register:
	$(BIN)/python -m register.scratch "check --fail-level WARNING" "makemigrations --check --dry-run" "grants --check" \
	  "statement --check" "inventory --check"

lock: install-dev
	@$(BIN)/python -m uv --version 2>/dev/null || $(BIN)/python -m pip install --quiet uv || $(PYTHON) -m pip --python $(BIN)/python install --quiet uv
	@for name in requirements requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes \
	    --only-binary :all: --no-annotate \
	    --custom-compile-command "make lock" $(UPGRADE) $$name.in -o $$name.txt || exit 1; \
	done

messages: install-dev
	@command -v xgettext >/dev/null || { echo "Install GNU gettext first (Debian: apt-get install gettext)"; exit 1; }
	$(BIN)/python -m register.scratch "makemessages -l fi -l sv --no-obsolete --no-wrap --add-location file --ignore .venv --ignore var --ignore tests"

clean:
	rm -rf .venv staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete 2>/dev/null || true
