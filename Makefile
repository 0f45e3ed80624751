# AIR. The two commands: `make demo` and `make test`. Both set up what they need first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test llama lint unit examples wheel clean

help:  ## what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo:  ## set up .venv (no compiler needed) and answer questions on the examples
	@PYTHON="$(PYTHON)" scripts/setup.sh demo
	@scripts/demo.sh

test:  ## set up .venv with llama.cpp (built once) and pass every check and test
	@PYTHON="$(PYTHON)" scripts/setup.sh test
	@$(MAKE) --no-print-directory lint unit

llama:  ## add the GGUF engine to .venv (builds llama.cpp, once)
	@PYTHON="$(PYTHON)" scripts/setup.sh llama

lint:  ## ruff, format check, mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit:  ## the test suite; a jail or a llama.cpp that is missing is a failure here
	AIR_REQUIRE_JAIL=1 AIR_REQUIRE_LLAMA=1 $(BIN)/python -m pytest --durations=10

examples:  ## draw the examples again from their data
	$(BIN)/python examples/make_examples.py

wheel:  ## build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

clean:  ## remove what was built here (the llama.cpp wheel in .cache/ stays)
	rm -rf $(VENV) build dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
