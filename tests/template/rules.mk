# The reactor as something to start from: the scaffold in an empty directory, the
# sources copied, the library installed, and the examples driven from outside.
#   make check-template [TESTS='--filter=example_chat/*']

TEMPLATE_OBJS := $(call objects,tests/template/*.c)
TEMPLATE_TESTS := $(BUILD)/tests/template/template-tests

$(TEMPLATE_TESTS): $(TEMPLATE_OBJS)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lcriterion -pthread

check-examples: $(TEMPLATE_TESTS) examples
	@EXAMPLES=$(BUILD)/examples tests/unit/criterion $(TEMPLATE_TESTS) $(TESTS)

.PHONY: check-examples
CHECKS += check-examples
