# Clave Segura: what a developer needs, by name. Each target says what it does while it does it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test build lint e2e bench lighthouse clean

help: ## This list
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

run: ## Install what is missing, build, prepare var/ and serve the demo on 127.0.0.1:8080
	@scripts/run.sh

test: ## All checks: format, clippy, tests on SQLite and PostgreSQL, browser journeys
	@scripts/test.sh

build: ## What production runs: target/release/clave-segura and target/site
	@scripts/build.sh

lint: ## Format, clippy (native and wasm32) and the types of the browser tests
	@scripts/lint.sh

e2e: ## Browser journeys on both databases; ENGINE=sqlite or postgres for one, ARGS='…' for Playwright
	@scripts/e2e.sh $(if $(ENGINE),$(ENGINE),sqlite postgres) -- $(ARGS)

bench: ## Speed of sending, sync, select and export, as a table and in target/bench.json (SIZES=…, POSTGRES=1)
	@scripts/bench.sh

lighthouse: ## Scores of the merchant's pages on a telephone: performance 95, accessibility and practices 100 (Node 22)
	@scripts/lighthouse.sh

clean: ## Remove what was built (target/, node_modules); var/ stays
	@rm -rf target scripts/node_modules scripts/lighthouse/node_modules end2end/node_modules end2end/test-results end2end/playwright-report
