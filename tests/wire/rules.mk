# Wire tests: the real program, on a free port, as a black box.  Every
# tests/wire/*.c in one Criterion binary, a process for each test.
#   make check-wire [TESTS='--filter=telnet_*/*']

WIRE_OBJS := $(call objects,tests/wire/*.c) $(BUILD)/tests/unit/sha256.o
WIRE_TESTS := $(BUILD)/tests/wire/wire-tests

$(WIRE_TESTS): $(WIRE_OBJS)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lcriterion

check-wire: $(WIRE_TESTS) $(BUILD)/mojifinder
	@MOJIFINDER=$(BUILD)/mojifinder tests/unit/criterion $(WIRE_TESTS) --jobs 4 $(TESTS)

.PHONY: check-wire
CHECKS += check-wire
CHECK_NEEDS += $(WIRE_TESTS) $(BUILD)/mojifinder
