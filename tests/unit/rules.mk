# Unit tests: every tests/unit/*.c in one Criterion binary.
#   make check-unit [TESTS='--filter=line/*']

# What runs at build time is tested, too: the parts of tools/mkindex, included as "mkindex/NAME.h".  The order of
# rules.mk files must not matter, so nothing of tools/mkindex/rules.mk is used here.
UNIT_OBJS := $(call objects,tests/unit/*.c) \
    $(patsubst %.c,$(BUILD)/%.o,$(filter-out tools/mkindex/mkindex.c,$(sort $(wildcard tools/mkindex/*.c))))
UNIT_TESTS := $(BUILD)/tests/unit/unit-tests

# What tests are linked with: the rooms as far as they exist, without main().
TEST_SERVER_OBJS := $(filter-out $(BUILD)/src/server/main.o,$(SERVER_OBJS))
TEST_LIBS = $(LIBANSWER) $(if $(UNICODE_OBJS),$(LIBUNICODE)) $(REACTOR_DEBUG_OBJS)

$(BUILD)/tests/unit/%.o: private ALL_CPPFLAGS += -Itools

# test_no_memory.c makes allocations fail.
$(UNIT_TESTS): $(UNIT_OBJS) $(TEST_SERVER_OBJS) $(TEST_LIBS)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc -o $@ $^ $(UNICODE_LIBS) -lcriterion

check-unit: $(UNIT_TESTS)
	@tests/unit/criterion $(UNIT_TESTS) $(TESTS)

.PHONY: check-unit
CHECKS += check-unit
CHECK_NEEDS += $(UNIT_TESTS)
