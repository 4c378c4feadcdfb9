# libFuzzer targets: tests/fuzz/fuzz_NAME.c becomes build/fuzz/NAME.  Each is
# one file with LLVMFuzzerTestOneInput() and is linked with all of src/ and tools/mkindex/ but
# main(), with the simulator, answers.c and quick.c, built anew by clang with sanitizers.
#   make fuzz-smoke [FUZZ_SECONDS=3]      each target for a few seconds
#   make build/fuzz/NAME build/fuzz/NAME.dict
#   build/fuzz/NAME -dict=build/fuzz/NAME.dict DIRECTORY tests/fuzz/corpus/NAME
#                                         as long as you like, see -help=1
#
# It begins with the inputs in corpus/NAME/: a few dozen small files, one for each kind of thing that it should
# reach, named after it; how to write one says the head of fuzz_NAME.c.  libFuzzer adds what it finds to the first
# directory alone (fuzz-smoke: to a new one in the build directory), so they change only by hand.  Worth adding is
# an input that has found a fault, and one for each new form or directive.
#
# The words it mixes in are those of dict/PART.dict, of the parts that FUZZ_DICT_NAME lists: a new form goes
# to forms.dict, a new directive to directives.dict, a new option to options.dict.

FUZZ_SECONDS ?= 3
FUZZ_CC ?= clang
FUZZ_TARGETS := $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/fuzz/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_SOURCES := $(filter-out src/server/main.c,$(sort $(wildcard src/reactor/*.c src/unicode/*.c src/answer/*.c src/server/*.c))) \
                $(filter-out tools/mkindex/mkindex.c,$(sort $(wildcard tools/mkindex/*.c))) \
                $(wildcard tests/sim/sim*.c) tests/fuzz/answers.c tests/fuzz/quick.c
FUZZ_OBJS := $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,$(FUZZ_SOURCES))
# Comparisons are not traced: with words to mix in it finds no more, and a walk over all names takes twice as long.
FUZZ_COVERAGE = -fno-sanitize-coverage=trace-cmp
FUZZ_CFLAGS = -std=c17 -O1 -g -DREACTOR_VERIFY -fsanitize=address,undefined -fno-sanitize-recover=all

FUZZ_DICT_line := telnet
FUZZ_DICT_names := data
FUZZ_DICT_options := options directives forms
FUZZ_DICT_query := forms
FUZZ_DICT_search := forms
FUZZ_DICT_session := directives forms telnet
FUZZ_DICT_telnet := telnet directives

$(BUILD)/fuzz/obj/%.o: %.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(ALL_CPPFLAGS) -Itools $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link $(FUZZ_COVERAGE) -MMD -MP -c -o $@ $<

$(BUILD)/fuzz/%: $(BUILD)/fuzz/obj/tests/fuzz/fuzz_%.o $(FUZZ_OBJS) $(UNICODE_IMAGES)
	$(FUZZ_CC) $(FUZZ_CFLAGS) -fsanitize=fuzzer -o $@ $^ $(UNICODE_LIBS)

$(BUILD)/fuzz/%.dict: $(wildcard tests/fuzz/dict/*.dict) tests/fuzz/rules.mk
	@mkdir -p $(@D)
	cat /dev/null $(FUZZ_DICT_$*:%=tests/fuzz/dict/%.dict) >$@

# A target that did not run once has shown nothing, whatever it says.
fuzz-smoke: $(FUZZ_TARGETS) $(FUZZ_TARGETS:=.dict)
	@passed=0; failed=0; \
	for target in $(FUZZ_TARGETS); do \
	    name=$${target##*/}; log=$$target.log; \
	    rm -rf $$target.found; mkdir $$target.found; \
	    timeout $$(($(FUZZ_SECONDS) + 60)) $$target -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=$$target. \
	        -dict=$$target.dict $$target.found tests/fuzz/corpus/$$name >$$log 2>&1 && status=0 || status=$$?; \
	    runs=$$(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' $$log); \
	    if test $$status = 0 && test "$${runs:-0}" -gt 0; then \
	        passed=$$((passed + 1)); echo "ok   fuzz $$name: $$runs runs"; \
	    else failed=$$((failed + 1)); echo "FAIL fuzz $$name"; tail -40 $$log; fi; \
	done; \
	echo "$$passed passed, $$failed failed"; test $$failed = 0

.PHONY: fuzz-smoke
.PRECIOUS: $(BUILD)/fuzz/obj/%.o
