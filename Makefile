# Everything here needs Go, gcc and make, nothing else.
TAGS  := sqlite_fts5
# ./... skips folders of the name testdata: the press is named.
PKGS  := ./... ./testdata
FUZZTIME ?= 10s

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## The whole job on the built-in demo press; database and mails in demo/
	@go run -tags $(TAGS) ./cmd/exportwatch demo

.PHONY: build
build: ## The program, as ./exportwatch
	go build -trimpath -tags $(TAGS) -o exportwatch ./cmd/exportwatch

.PHONY: test
test: ## All tests, with the race detector, in random order
	go test -race -shuffle=on -tags $(TAGS) $(PKGS)

.PHONY: check
check: ## What CI runs: format, vet, staticcheck, go fix, tests (lint and cases of the rules among them)
	@echo "== gofumpt"
	@unformatted=$$(go tool gofumpt -l .); test -z "$$unformatted" || { echo "run go tool gofumpt -w on:"; echo "$$unformatted"; exit 1; }
	@echo "== go vet"
	@go vet -tags $(TAGS) $(PKGS)
	@echo "== staticcheck"
	@go tool staticcheck -tags $(TAGS) $(PKGS)
	@echo "== go fix"
	@go fix -diff -tags $(TAGS) $(PKGS)
	@echo "== tests"
	@go test -race -shuffle=on -tags $(TAGS) $(PKGS)

.PHONY: bench
bench: ## All benchmarks
	go test -run '^$$' -bench . -benchmem -tags $(TAGS) $(PKGS)

.PHONY: fuzz
fuzz: ## Every fuzz target for FUZZTIME (10s)
	@set -e; for pkg in $$(go list -tags $(TAGS) $(PKGS)); do \
		for target in $$(go test -tags $(TAGS) -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
			echo "== $$pkg $$target"; \
			go test -tags $(TAGS) -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5x $$pkg; \
		done; \
	done
