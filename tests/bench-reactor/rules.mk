# make bench-reactor [PAIRS="100 1000 10000"]: the reactor beside other event loops.

bench-reactor: $(LIBREACTOR)
	@BUILD=$(BUILD) CC='$(CC)' CFLAGS='$(CFLAGS)' tests/bench-reactor/run $(PAIRS)

.PHONY: bench-reactor
BENCHES += bench-reactor
