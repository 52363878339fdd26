# Two commands matter to a newcomer: make demo, make test. Bare make prints the menu.
PYTHON ?= python3
VENV ?= .venv
RUN := $(VENV)/bin/
.DEFAULT_GOAL := help
.PHONY: help demo test check format docs day bench storm storm-long chaos recovery power science clean

help: ## this menu
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The environments are made by need and remade when pyproject.toml changes.
$(VENV)/.demo: pyproject.toml
	@echo "Preparing the Python environment in $(VENV) (once; needs a package index)"
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		|| { echo "Hallworks needs Python 3.11 to 3.13; try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@test -x $(RUN)python || $(PYTHON) -m venv $(VENV) \
		|| { echo "python3 -m venv does not work here; on Debian: apt install python3-venv"; exit 1; }
	@$(RUN)python -m pip install --quiet --disable-pip-version-check --editable '.[all]'
	@touch $@

$(VENV)/.test: pyproject.toml
	@test -x $(RUN)python || $(PYTHON) -m venv $(VENV)
	@$(RUN)python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(VENV)/.demo

demo: $(VENV)/.demo ## a whole hall on simulated devices, for about a minute; results in build/demo
	@$(RUN)hall-sim demo --out build/demo

test: check ## everything: check, then all tests
	@$(RUN)pytest -q -n auto --dist loadfile

check: $(VENV)/.test ## format, lint, types, who imports whom, generated documents
	@$(RUN)ruff format --check --quiet . || { echo "run: make format"; exit 1; }
	@$(RUN)ruff check --quiet .
	@$(RUN)mypy
	@mkdir -p build; $(RUN)lint-imports --no-cache >build/imports.txt 2>&1 || { cat build/imports.txt; exit 1; }
	@$(RUN)python docs/generate.py --check

format: $(VENV)/.test ## let ruff put the code in shape
	@$(RUN)ruff format . && $(RUN)ruff check --fix --quiet . || true

docs: $(VENV)/.test ## write the generated documents anew
	@$(RUN)python docs/generate.py

day: $(VENV)/.test ## a working day in virtual time: figures and a chart in build/day; the rule book's demo day, line by line
	@$(RUN)hall-sim day --seed $(or $(SEED),1) --json build/day/day.json --png build/day/day.png
	@$(RUN)hall-sim day --script demo-day --json build/day/demo-day.json

bench: $(VENV)/.test ## measure, as ratios in one interleaved run; needs mosquitto; writes build/bench.json
	@$(RUN)python tests/bench/run.py --out build/bench.json

storm: $(VENV)/.test ## days of the whole hall in virtual time under seeded faults; SEEDS (0:200)
	@mkdir -p build/storm; $(RUN)hall-sim storm --seeds $(or $(SEEDS),0:200) --jobs 2 --json build/storm/storm.json

storm-long: $(VENV)/.test ## hours: days of 40 visitors by the thousand, a million hostile messages, every decoder fuzzed
	@mkdir -p build/storm; $(RUN)hall-sim storm --mini --seeds $(or $(SEEDS),0:10000) --jobs 2 --json build/storm/long.json
	@HALL_HOSTILE_EXAMPLES=1350000 $(RUN)pytest -q tests/hostile
	@$(RUN)python -m pip install --quiet --disable-pip-version-check --editable '.[fuzz]'
	@for target in codec incoming hall_toml node_toml journal bx5k led_sign printer card_reader id_reader escpos sign_frames sim_devices; do \
		$(RUN)python tests/fuzz/run.py --target $$target --seconds 600 || exit 1; done

chaos: $(VENV)/.test ## real processes killed and cut off for MINUTES (10) from SEED (1) on; root sees more faults
	@$(RUN)hall-sim chaos --minutes $(or $(MINUTES),10) --seed $(or $(SEED),1) --folder build/chaos --json build/chaos/$(or $(SEED),1).json

recovery: $(VENV)/.test ## how long until the next call, or the right display, after a kill -9
	@$(RUN)hall-sim recovery --folder build/recovery --json build/recovery.json

power: $(VENV)/.test ## cut the power of database and journals 10,000 times; needs a C compiler
	@mkdir -p build/power; $(RUN)hall-sim power --json build/power/power.json

science: $(VENV)/.test ## the real call order against queueing theory, the told waiting time against what came; half an hour
	@$(RUN)hall-sim science --jobs 2 --out build/science

clean: ## remove the environment and everything built
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
