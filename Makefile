# Everything a developer does, by name. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help demo newsroom gauntlet test lint fuzz format docs bench build-times clean dependencies test-dependencies

PORT ?= 8000

help: ## Lists what make can do.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

dependencies: ## Installs the system packages that building needs.
	@Scripts/install-dependencies build

test-dependencies: ## Installs what the tests need besides.
	@Scripts/install-dependencies test
	@Scripts/browser-tools || echo "Pages are not checked by axe-core and the Nu checker: they could not be fetched."

demo: dependencies ## Builds, migrates and serves the polls site on 127.0.0.1 (PORT=8000).
	@PORT=$(PORT) Scripts/demo

newsroom: dependencies ## Builds, migrates and serves the newsroom: forms, images, comments (PORT=8000).
	@PORT=$(PORT) Scripts/newsroom

gauntlet: dependencies ## Builds and serves the site that attack tests attack (PORT=8000).
	@PORT=$(PORT) Scripts/gauntlet

test: test-dependencies ## Runs all tests.
	@Scripts/test

lint: ## Checks format, doc comments, sizes, traps and module arrows; changes nothing.
	@Scripts/lint

RUNS ?= 1000000
fuzz: ## Feeds generated input to the parsers and to what reads rows (TARGET=http1, RUNS=1000000 of each unless given).
	@Scripts/fuzz $(TARGET) RUNS=$(RUNS)

format: ## Formats all Swift files in place.
	swift format -i -r -p Package.swift Sources Plugins Tests Examples Snippets Benchmarks/Sources Benchmarks/Package.swift Fuzz/Sources/Fuzz Fuzz/Package.swift

docs: ## Builds the documentation of every module into .build/docs.
	@Scripts/docs

bench: ## Measures the benchmark application beside its peers (needs the benchmark kit).
	@Scripts/bench

build-times: ## Measures cold builds and the rebuild after editing one view.
	@Scripts/build-times

clean: ## Removes what was built.
	rm -rf .build Benchmarks/.build Fuzz/.build
