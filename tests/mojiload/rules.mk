# The load tester: its parts, its engine against a scripted server in the simulated
# world, and the program itself as a black box, in one Criterion binary.
#   make check-mojiload [TESTS='--filter=check/*']

MOJILOAD_TESTS := $(BUILD)/tests/mojiload/mojiload-tests
# The order of rules.mk files must not matter, so nothing of tools/mojiload/rules.mk is used here.
MOJILOAD_TEST_OBJS := $(call objects,tests/mojiload/*.c) \
    $(patsubst %.c,$(BUILD)/%.o,$(filter-out tools/mojiload/main.c,$(sort $(wildcard tools/mojiload/*.c tools/mojiload/*/*.c)))) \
    $(patsubst %,$(BUILD)/tests/sim/%.o,sim sim_files sim_peer sim_socket)

$(BUILD)/tests/mojiload/%.o: private ALL_CPPFLAGS += -Itools/mojiload -Itests/sim

$(MOJILOAD_TESTS): $(MOJILOAD_TEST_OBJS) $(REACTOR_DEBUG_OBJS) $(LIBANSWER) $(LIBUNICODE)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(UNICODE_LIBS) -ljson-c -lcriterion -lm

check-mojiload: $(MOJILOAD_TESTS) $(BUILD)/mojiload $(BUILD)/mojifinder
	@MOJILOAD=$(BUILD)/mojiload MOJIFINDER=$(BUILD)/mojifinder tests/unit/criterion $(MOJILOAD_TESTS) --jobs 4 $(TESTS)

.PHONY: check-mojiload
CHECKS += check-mojiload
CHECK_NEEDS += $(MOJILOAD_TESTS) $(BUILD)/mojiload $(BUILD)/mojifinder

bench-mojiload: $(BUILD)/mojiload
	MOJILOAD=$(BUILD)/mojiload tests/bench/mojiload-vs-redis.sh $(BENCH_ROUNDS)

.PHONY: bench-mojiload
BENCHES += bench-mojiload
