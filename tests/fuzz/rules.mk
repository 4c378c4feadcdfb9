# libFuzzer targets: tests/fuzz/fuzz_NAME.c becomes build/fuzz/NAME.  Each is
# one file with LLVMFuzzerTestOneInput() and is linked with all of src/ but
# main() and with the simulator, built anew by clang with sanitizers.
#   make fuzz-smoke [FUZZ_SECONDS=3]      each target for a few seconds
#   build/fuzz/NAME DIRECTORY             as long as you like, see -help=1

FUZZ_SECONDS ?= 3
FUZZ_CC ?= clang
FUZZ_TARGETS := $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/fuzz/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_SOURCES := $(filter-out src/server/main.c,$(sort $(wildcard src/reactor/*.c src/unicode/*.c src/server/*.c))) \
                $(wildcard tests/sim/sim*.c)
FUZZ_OBJS := $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,$(FUZZ_SOURCES))
FUZZ_CFLAGS = -std=c17 -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all

$(BUILD)/fuzz/obj/%.o: %.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(ALL_CPPFLAGS) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

$(BUILD)/fuzz/%: $(BUILD)/fuzz/obj/tests/fuzz/fuzz_%.o $(FUZZ_OBJS) $(UNICODE_IMAGES)
	$(FUZZ_CC) $(FUZZ_CFLAGS) -fsanitize=fuzzer -o $@ $^ $(UNICODE_LIBS)

fuzz-smoke: $(FUZZ_TARGETS)
	@passed=0; failed=0; \
	for target in $(FUZZ_TARGETS); do \
	    log=$$target.log; \
	    if timeout $$(($(FUZZ_SECONDS) + 60)) $$target -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=$$target. \
	        >$$log 2>&1; then passed=$$((passed + 1)); echo "ok   $$target"; \
	    else failed=$$((failed + 1)); echo "FAIL $$target"; tail -40 $$log; fi; \
	done; \
	echo "$$passed passed, $$failed failed"; test $$failed = 0

.PHONY: fuzz-smoke
.PRECIOUS: $(BUILD)/fuzz/obj/%.o
