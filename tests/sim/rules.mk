# The reactor and its users on a virtual clock with scripted system calls:
# every tests/sim/*.c in one Criterion binary.
#   make check-sim [SEED=n] [TESTS='--filter=promise_07/*']

SIM_OBJS := $(call objects,tests/sim/*.c)
SIM_TESTS := $(BUILD)/tests/sim/sim-tests

# Linked with: the rooms as far as they exist, without main(); of the reactor the objects that check invariants.
SIM_LIBS = $(filter-out $(BUILD)/src/server/main.o,$(SERVER_OBJS)) $(LIBANSWER) $(if $(UNICODE_OBJS),$(LIBUNICODE)) \
           $(REACTOR_DEBUG_OBJS)

$(SIM_TESTS): $(SIM_OBJS) $(SIM_LIBS)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(UNICODE_LIBS) -lcriterion

check-sim: $(SIM_TESTS)
	@SEED=$(SEED) tests/unit/criterion $(SIM_TESTS) $(TESTS)

.PHONY: check-sim
CHECKS += check-sim
CHECK_NEEDS += $(SIM_TESTS)
