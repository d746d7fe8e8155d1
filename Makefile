.DEFAULT_GOAL := help
.SUFFIXES:
SHELL := /bin/bash

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
IN := $(VENV)/bin
DEMO = KAIKU_DEMO=1 KAIKU_BASE_URL=$(ADDRESS) $(IN)/python -m server
ADDRESS := http://localhost:$(PORT)
ifdef HTTPS
HOST ?= $(firstword $(shell hostname -I 2>/dev/null) localhost)
ADDRESS := https://$(HOST):$(PORT)
SERVE := --host 0.0.0.0 --tls-dir var/demo/tls
endif
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser)

.PHONY: help run test test-all lint fix bench vectors pwa stage apk aab ipa for-a-scheme texts lock clean

help: ## Show these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/server-ready texts ## Set everything up, seed a small demo, start the server, print where to go; HTTPS=1 for phones on the same network
	@$(DEMO) migrate
	@$(DEMO) keygen
	@$(DEMO) seed-demo
	@exec env $(DEMO) serve --port $(PORT) $(SERVE)

test: $(VENV)/dev-ready texts lint pwa ## Everything that guards a promise: lint, types, arrows, tests, browser journeys
ifdef T
	$(IN)/pytest $(T)
else
	$(IN)/pytest --numprocesses auto -m "not browser and not thorough"
	$(IN)/pytest -m "browser and not thorough"
endif

test-all: test ## The same, every page in every language, and the measurements
	$(IN)/pytest -m thorough
	$(MAKE) bench

lint: $(VENV)/dev-ready ## Style, types and arrows between the parts
	$(IN)/ruff check .
	$(IN)/ruff format --check .
	$(IN)/mypy
	$(IN)/lint-imports

fix: $(VENV)/dev-ready ## Repair what a machine can repair
	$(IN)/ruff check --fix .
	$(IN)/ruff format .

bench: $(VENV)/dev-ready texts pwa ## Measure, each figure beside its yardstick; writes build/bench.json
	$(IN)/python -m tests.bench

vectors: $(VENV)/dev-ready ## Run a file of K1 test vectors: make vectors FILE=path
	@$(IN)/python -m tests.vectors "$(or $(FILE),tests/vectors/k1_public.json)"

pwa: build/pwa/sw.js ## Build the app for browsers; the server serves it at /app

build/pwa/sw.js: $(VENV)/dev-ready $(shell find assets/pwa/build assets/pwa/page assets/pwa/*.json assets/locale mobile_app shared -type f ! -name '*.mo' ! -name '*.pyc' ! -path '*/.*') | texts
	@$(IN)/python assets/pwa/build/build.py

stage: texts ## Lay out exactly what goes to a phone, in build/app: make stage ROOTS=… SERVER=…
	@rm -rf build/app && mkdir -p build/app/assets
	@find mobile_app shared $(ON_THE_PHONE) -print0 | tar --create --null --files-from=- | tar --extract --directory=build/app
	@cp pyproject.toml mobile_app/main.py build/app/
	@cp assets/*.png build/app/assets/
	@[ -z "$(ROOTS)" ] || cp "$(ROOTS)" build/app/assets/roots.json
	@[ -z "$(SERVER)" ] || echo "$(SERVER)" > build/app/assets/server.txt
	@echo "Staged in build/app"

# The live preview needs a server around it, the browser adapters a page: both stay here.
ON_THE_PHONE := -type f \( -name '*.py' -o -name '*.mo' -o -name py.typed \) \
  ! -path mobile_app/live.py ! -path 'mobile_app/device/br*.py'

apk: for-a-scheme stage ## Build for Android phones: make apk ROOTS=keys/roots.json SERVER=https://…
	$(call build_phone,apk) $(LINKS)

aab: for-a-scheme stage ## The same for the Play store
	$(call build_phone,aab) $(LINKS)

ipa: for-a-scheme stage ## Build for iPhones, on a Mac; unsigned unless pyproject.toml names a profile
	$(call build_phone,ipa)
	@cd build/phones/ipa && { ls ./*.ipa >/dev/null 2>&1 || { \
	  rm -rf Payload && mkdir Payload && cp -R ./*.xcarchive/Products/Applications/*.app Payload/ && \
	  zip --quiet --recurse-paths --symlinks kaikukortti-unsigned.ipa Payload && rm -rf Payload; }; }

build_phone = cd build/app && ../../$(IN)/flet build $(1) --yes --no-rich-output --build-number $(BUILD_NUMBER) --output $(CURDIR)/build/phones/$(1)
LINKS = --deep-linking-scheme https --deep-linking-host $(firstword $(subst :, ,$(firstword $(subst /, ,$(SERVER:https://%=%)))))
BUILD_NUMBER ?= 1

for-a-scheme: $(VENV)/flet-cli-ready
	@[ -f "$(ROOTS)" ] || { echo "roots_missing: ROOTS=keys/roots.json, as the server's keygen wrote it"; exit 1; }
	@case "$(SERVER)" in https://*) ;; *) echo "server_missing: SERVER=https://…, the server's KAIKU_BASE_URL"; exit 1;; esac

texts: $(VENV)/server-ready ## Compile the message catalogues into app and server
	@for po in assets/locale/*/LC_MESSAGES/*.po; do \
	  case "$$po" in */console.po|*/info.po|*/sheet.po) tree=server;; *) tree=mobile_app;; esac; \
	  mo="$$tree/$${po#assets/}"; mo="$${mo%.po}.mo"; mkdir -p "$$(dirname "$$mo")"; \
	  [ "$$mo" -nt "$$po" ] || $(IN)/pybabel --quiet compile --input-file="$$po" --output-file="$$mo"; \
	done

lock: $(VENV)/dev-ready ## Write the lock files anew from pyproject.toml
	$(IN)/pip install --quiet uv
	$(IN)/uv pip compile -q pyproject.toml --extra server $(LOCKING) -o lock-server.txt
	$(IN)/uv pip compile -q pyproject.toml --extra server --group dev $(LOCKING) -c lock-server.txt -o lock-dev.txt

LOCKING := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate

clean: ## Remove what was built; keeps var/, where databases and keys are
	rm -rf $(VENV) build

# What the operating system must give: installed when we are root, else named in one clear line.
define need
	@missing=""; $(1) \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing:$$missing"; \
	    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing) >/dev/null; \
	  else echo "Please install first: sudo apt-get install$$missing"; exit 1; fi; \
	fi
endef

$(VENV)/system-server-ready:
	$(call need, $(PYTHON) -c 'import ensurepip' 2>/dev/null || missing="$$missing python3-venv"; \
	  [ "$$(uname)" != Linux ] || ldconfig -p | grep -q libzbar.so.0 || missing="$$missing libzbar0";)
	@mkdir -p $(VENV) && touch $@

$(VENV)/system-dev-ready: $(VENV)/system-server-ready
	$(call need, [ -n "$(CHROMIUM)" ] || missing="$$missing chromium fonts-dejavu-core"; \
	  ldconfig -p | grep -q libatomic.so.1 || missing="$$missing libatomic1"; \
	  command -v npm >/dev/null || missing="$$missing nodejs npm"; \
	  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	  command -v setpriv >/dev/null || missing="$$missing util-linux";)
	@touch $@

$(VENV)/server-ready: lock-server.txt $(VENV)/system-server-ready
	@[ -x $(IN)/python ] || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked dependencies …"
	@$(IN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r lock-server.txt
	@touch $@

# Fetches Flutter, the Android SDK and a JDK by itself, each at the version that Flet was made with.
$(VENV)/flet-cli-ready: $(VENV)/server-ready
	@$(IN)/pip install --quiet --disable-pip-version-check flet-cli==1.0.5
	@touch $@

$(VENV)/dev-ready: lock-dev.txt $(VENV)/server-ready $(VENV)/system-dev-ready
	@$(IN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r lock-dev.txt
	@touch $@
