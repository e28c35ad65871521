# Everything a developer types. `make` alone explains.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
export PYTHON
py := .venv/bin/python

.PHONY: help run test lint bench faults reading pictures screens messages requirements

help: ## explain these commands
	@echo "诉迹 Suji: where an online shopper's complaint stands, and what to do next"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  make run PORT=8123 SMTP_PORT=2600 DATA_DIR=elsewhere HOST=0.0.0.0   moves it; two run side by side"
	@echo "  make test TESTS=tests/complaints                                    only these tests"
	@echo "  make requirements UPGRADE=1                                         newer versions, not only new lines"

run: ## set up what is needed, then run all of Suji on this machine (http://127.0.0.1:8000)
	@tools/setup.sh runtime
	@exec $(py) manage.py serve

test: ## set up, then every test: SQLite, PostgreSQL, whole stack, browser
	@tools/setup.sh dev
	@exec tools/test.sh $(TESTS)

lint: ## style, templates and types
	@tools/setup.sh dev
	$(py) -m ruff check .
	$(py) -m ruff format --check .
	$(py) -m djlint --lint --quiet templates
	$(py) -m mypy .

bench: ## measure start, memory, the door, mail to page, the weight of the first view, and reading
	@tools/setup.sh dev
	$(py) bench/weight.py
	$(py) bench/accept.py
	$(py) bench/page.py
	$(py) bench/tray.py
	$(py) bench/scale.py --cases 1000
	$(py) bench/start.py
	$(py) bench/read.py

faults: ## kill -9, a database, broker or clock gone wrong: is any mail lost, doubled, stuck? LONG=1: seed after seed
	@tools/setup.sh dev
	$(if $(LONG),$(py) -m tests.faults $(if $(MODE),--mode $(MODE)) $(if $(SEED),--seed $(SEED)) \
		$(if $(SEEDS),--seeds $(SEEDS)) $(if $(MAILS),--mails $(MAILS)) $(if $(HOLDERS),--holders $(HOLDERS)) \
		$(if $(MINUTES),--minutes $(MINUTES)),$(if $(SEED),SEED=$(SEED)) $(py) -m pytest -m faults --durations=5 tests/faults)

reading: ## how well notices are read, field by field (tests/mails/README.md)
	@tools/setup.sh dev
	$(py) tools/reading.py

pictures: ## how well pictures of screens are read, field by field (tests/pictures/README.md)
	@tools/setup.sh dev
	$(py) tools/pictures.py

screens: ## pictures of the main pages, small and large, light and dark, zh and en, into screens/
	@tools/setup.sh dev
	$(py) tools/screens.py

messages: ## collect and compile the texts for translation (locale/)
	@tools/setup.sh dev
	$(py) tools/check_messages.py --write
	$(py) manage.py stages_page

requirements: ## compile pyproject.toml into requirements/*.txt, with hashes
	@tools/setup.sh tools
	@tools/requirements.sh $(if $(UPGRADE),--upgrade)
