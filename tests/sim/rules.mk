# The reactor and its users on a virtual clock with scripted system calls:
# every tests/sim/*.c in one Criterion binary.
#   make check-sim [SEED=n] [TESTS='--filter=promise_07/*']

SIM_OBJS := $(call objects,tests/sim/*.c)
SIM_TESTS := $(BUILD)/tests/sim/sim-tests

# Linked with: the rooms as far as they exist, without main(); the reactor is
# compiled a second time, checking its invariants at the end of every turn.
SIM_REACTOR_OBJS := $(patsubst $(BUILD)/%,$(BUILD)/debug/%,$(REACTOR_OBJS))
SIM_LIBS = $(filter-out $(BUILD)/src/server/main.o,$(SERVER_OBJS)) $(LIBANSWER) $(if $(UNICODE_OBJS),$(LIBUNICODE)) \
           $(SIM_REACTOR_OBJS)

$(BUILD)/debug/%.o: %.c $(BUILD)/.flags
	@mkdir -p $(@D)
	$(call say,CC,$< with invariants)
	$(Q)$(CC) $(ALL_CPPFLAGS) -DREACTOR_DEBUG $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(SIM_TESTS): $(SIM_OBJS) $(SIM_LIBS)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(UNICODE_LIBS) -lcriterion

check-sim: $(SIM_TESTS)
	@SEED=$(SEED) tests/unit/criterion $(SIM_TESTS) $(TESTS)

.PHONY: check-sim
CHECKS += check-sim
CHECK_NEEDS += $(SIM_TESTS)
