# make bench [BENCH_CASES='50 memory'] [BENCH_ROUNDS=5] [BENCH_SECONDS=0.4]

BENCH := $(BUILD)/tests/bench/bench
FLOOR := $(BUILD)/tests/bench/floor
BENCH_OBJS := $(addprefix $(BUILD)/tests/bench/,bench.o drive.o peer.o)

$(FLOOR): $(BUILD)/tests/bench/floor.o
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^

$(BENCH): $(BENCH_OBJS) $(LIBUNICODE)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(UNICODE_LIBS)

bench-server: $(BENCH) $(FLOOR) $(BUILD)/mojifinder
	FLOOR=$(FLOOR) MOJIFINDER=$(BUILD)/mojifinder $(BENCH) $(BENCH_CASES)

.PHONY: bench-server
BENCHES += bench-server
