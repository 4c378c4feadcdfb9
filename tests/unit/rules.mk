# Unit tests: every tests/unit/*.c in one Criterion binary.
#   make check-unit [TESTS='--filter=line/*']

UNIT_OBJS := $(call objects,tests/unit/*.c)
UNIT_TESTS := $(BUILD)/tests/unit/unit-tests

# What tests are linked with: the rooms as far as they exist, without main().
TEST_SERVER_OBJS := $(filter-out $(BUILD)/src/server/main.o,$(SERVER_OBJS))
TEST_LIBS = $(LIBANSWER) $(if $(UNICODE_OBJS),$(LIBUNICODE)) $(if $(REACTOR_OBJS),$(LIBREACTOR))

$(UNIT_TESTS): $(UNIT_OBJS) $(TEST_SERVER_OBJS) $(TEST_LIBS)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(UNICODE_LIBS) -lcriterion

check-unit: $(UNIT_TESTS)
	@tests/unit/criterion $(UNIT_TESTS) $(TESTS)

.PHONY: check-unit
CHECKS += check-unit
CHECK_NEEDS += $(UNIT_TESTS)
