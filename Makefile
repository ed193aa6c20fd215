# `make help` says what there is.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-builtin-variables

swift_build := swift build --explicit-target-dependency-import-check error
# Hundreds of tests at once would let each other wait on two processors; not every toolchain can hold them back.
test_width := --experimental-maximum-parallelization-width

.DEFAULT_GOAL := build

.PHONY: help
help: ## What the targets are
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 20

products := grid-registry dispute responsibility-list dispatch performance-evaluation gateway huying

# ---- everyday

.PHONY: build
build: ## Builds everything, for debugging
	@.ci/install-packages
	@$(swift_build)

.PHONY: release
release: ## Builds the programs in release mode and links them into bin/
	@.ci/install-packages
	@for product in $(products); do $(swift_build) -c release --product $$product; done
	@mkdir -p bin && for product in $(products); do ln -sfn ../.build/release/$$product bin/$$product; done

.PHONY: run
run: release ## Starts the whole system, runs the main job and serves until Ctrl-C (CASES=file.jsonl: your own messages)
	@exec .ci/run-stack up

.PHONY: stop
stop: ## Stops what `make run` has left running
	@.ci/run-stack stop

.PHONY: clean-data
clean-data: ## Throws the local stack's data and keys away; asks first
	@if [ -d var ]; then \
	  read -r -p "Throw away all data and keys in var/? Type yes: " answer; \
	  if [ "$$answer" = yes ]; then .ci/run-stack stop; rm -rf var; echo "gone"; else echo "kept"; fi; \
	else echo "there is no data"; fi

.PHONY: test
test: ## Installs what is missing and runs all tests
	@.ci/install-packages all
	@mkdir -p .build && .ci/python-environment > .build/python-interpreter
	@$(swift_build) --build-tests
	@width=$$(swift test --help-hidden | grep -oe $(test_width) | head -1 || true); \
	  HUYING_PYTHON=$$(cat .build/python-interpreter) \
	  swift test --explicit-target-dependency-import-check error $${width:+$$width 8} 2>&1 | tee .build/tests.log \
	  || { echo; echo "What failed, once more:"; .ci/failed-tests .build/tests.log; exit 1; }

.PHONY: interop
interop: ## Runs our server and client against grpcio, grpclib, nghttp, h2load and curl (INTEROP='--short' or '--only WORD')
	@.ci/install-packages all
	@mkdir -p .build && .ci/python-environment > .build/python-interpreter
	@for product in interop-server interop-client; do $(swift_build) --product $$product; done
	@PYTHONDONTWRITEBYTECODE=1 $$(cat .build/python-interpreter) Tests/InteropTests/python/interop.py .build/debug $(INTEROP)

.PHONY: campaign
campaign: ## Root, minutes: kill -9, full disks, damage, frozen services, overload, drains (CAMPAIGN='--only kill --seed 7')
	@.ci/install-packages campaign
	@mkdir -p .build && .ci/python-environment > .build/python-interpreter
	@for product in $(products); do $(swift_build) --product $$product; done
	@PYTHONDONTWRITEBYTECODE=1 $$(cat .build/python-interpreter) Tests/Campaign/campaign.py .build/debug $(CAMPAIGN)

.PHONY: check
check: lint layers check-generated test ## Everything that has to hold before a change lands

.PHONY: lint
lint: ## Format
	@swift format lint --strict --parallel --recursive Package.swift Services Shared Tests

.PHONY: fix
fix: ## Formats the sources in place
	@swift format --in-place --parallel --recursive Package.swift Services Shared Tests

.PHONY: layers
layers: ## Forbidden imports and names, doc comments, the registry of reasons, a test for every requirement row
	@.ci/check-tree
	@.ci/check-contracts
	@.ci/check-rows
	@.ci/check-words

# ---- in containers

.PHONY: image
image: ## Builds the container image huying:latest (VERSION=1.2 for another name)
	@docker build -t huying:$(or $(VERSION),latest) --build-arg HUYING_VERSION=$(or $(VERSION),latest) .

.PHONY: compose-check
compose-check: ## Root, minutes: the real compose file from init to a restored backup, with killed containers in between
	@LOCAL_IMAGES=$${LOCAL_IMAGES:-$(wildcard ../shared/tools/local-images.sh)} .ci/compose-check

# ---- how fast

.PHONY: bench
bench: release ## Measures what design §9 has goals for: medians and ratios (BENCH='--only echo,reads -o json')
	@for product in c-nghttp2-echo echo-server message-benchmark benchmarks; do $(swift_build) -c release --product $$product; done
	@.build/release/benchmarks $(BENCH)

peers := .build/peers

.PHONY: bench-peers
bench-peers: ## Builds what `make bench` compares with: gRPC C++, grpc-swift-2, swift-protobuf (minutes, once)
	@mkdir -p $(peers)/bin
	@.ci/install-packages peers
	@$(MAKE) --no-print-directory -C Tests/Benchmarks/Peers/CPlusPlus OUT=$(CURDIR)/$(peers)/cpp
	@ln -sfn ../cpp/grpc-cpp-echo $(peers)/bin/grpc-cpp-echo
	@for peer in GRPCSwift:grpc-swift-echo SwiftProtobuf:swift-protobuf-messages; do \
	  swift build -c release --package-path Tests/Benchmarks/Peers/$${peer%%:*} --scratch-path $(peers)/$${peer%%:*} && \
	  ln -sfn ../$${peer%%:*}/release/$${peer#*:} $(peers)/bin/$${peer#*:} || exit 1; \
	done

# ---- what strangers may send

.PHONY: fuzz
fuzz: ## Throws seeded changed inputs at whatever reads strangers' bytes (INPUTS=1000000 for each surface, SEED=1)
	@$(swift_build) -c release --product fuzz
	@.build/release/fuzz --inputs $(or $(INPUTS),1000000) --seed $(or $(SEED),1)

# ---- contracts: proto/ → Shared/Contracts, Shared/WireTypes

# A directory of proto files is an area; one that protoc refuses is left as it was, the others go on.
areas := $(sort $(patsubst proto/%/,%,$(dir $(wildcard proto/*/*/*.proto proto/*/*/*/*.proto))))
contracts := .build/contracts
generated := Shared/Contracts Shared/WireTypes Tests/Contracts

.PHONY: generate
generate: ## Makes the contracts' C and Swift of proto/ and lints them
	@command -v protoc protoc-c > /dev/null || { echo "generate: needs protoc and protoc-c (apt-get install protobuf-compiler protobuf-c-compiler)"; exit 1; }
	@mkdir -p .build
	@$(swift_build) --product contractgen > .build/contractgen.log 2>&1 || { cat .build/contractgen.log; exit 1; }
	@rm -rf $(contracts) && mkdir -p $(contracts)/sets $(contracts)/out
	@failed=0; \
	for area in $(areas); do \
	  (cd proto && protoc -I. --include_imports --include_source_info \
	    --descriptor_set_out=../$(contracts)/sets/$${area//\//.}.binpb $$area/*.proto) \
	  || { echo "generate: $$area skipped: its code stays as it was"; rm -f $(contracts)/sets/$${area//\//.}.binpb; failed=1; }; \
	done; \
	protoc -Iproto -ITests/Contracts/proto --include_imports --include_source_info \
	  --descriptor_set_out=$(contracts)/sets/sample.binpb huying/sample/v1/sample.proto; \
	protoc -ITests/InteropTests/proto --include_imports --include_source_info \
	  --descriptor_set_out=$(contracts)/sets/testing.binpb grpc/testing/test.proto; \
	.build/debug/contractgen $(contracts) $(contracts)/sets/*.binpb || { [ $$? = 1 ] && failed=1; }; \
	while read -r directory files; do \
	  mkdir -p $(contracts)/c/$$directory && \
	  protoc --descriptor_set_in=$(contracts)/transformed.binpb --c_out=$(contracts)/c/$$directory $$files; \
	  (cd $(contracts)/c/$$directory && find . -type f) | while read -r file; do \
	    case $$file in *.h) target=include/$${file#./};; *) target=$${file#./};; esac; \
	    install -D -m 644 $(contracts)/c/$$directory/$$file $(contracts)/out/$$directory/C/$$target; \
	  done; \
	done < $(contracts)/plan; \
	(cd $(contracts)/out && find . -type f) | while read -r file; do \
	  cmp -s $(contracts)/out/$$file $$file || install -D -m 644 $(contracts)/out/$$file $$file; \
	done; \
	cut -d' ' -f1 $(contracts)/plan | while read -r directory; do \
	  find $$directory -type f | while read -r file; do \
	    [ -e $(contracts)/out/$$file ] || ! { head -n 1 $$file | grep -qi 'generated by' || [[ $$file == *[Pp]laceholder* ]]; } || rm $$file; \
	  done; \
	  find $$directory -type d -empty -delete; \
	done; \
	exit $$failed

.PHONY: golden
golden: ## Makes the golden bytes of all messages anew, after a change of proto/
	@$$(.ci/python-environment) Tests/ContractTests/python/golden.py

.PHONY: check-generated
check-generated: generate ## Fails if the generated code is not what proto/ says
	@[ -z "$$(git status --porcelain $(generated))" ] || \
	  { git status --short $(generated); echo "check-generated: run make generate and commit what it wrote"; exit 1; }
