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

# Installed by a make of its own, so that DESTDIR and the directories are known.
check-scaffold: $(LIBREACTOR) $(REACTOR_SHARED)
	@rm -rf $(BUILD)/installed
	@$(MAKE) -s --no-print-directory install-reactor DESTDIR=$(abspath $(BUILD)/installed) PREFIX=/usr \
	    prefix=/usr exec_prefix=/usr libdir=/usr/lib includedir=/usr/include pkgconfigdir=/usr/lib/pkgconfig
	@BUILD=$(BUILD) INSTALLED=$(abspath $(BUILD)/installed) CC='$(CC)' MAKE='$(MAKE)' SANITIZE='$(SANITIZE)' tests/template/run

check-template: check-examples check-scaffold

.PHONY: check-examples check-scaffold check-template
CHECKS += check-examples check-scaffold
CHECK_NEEDS += $(TEMPLATE_TESTS) examples $(LIBREACTOR) $(REACTOR_SHARED)
