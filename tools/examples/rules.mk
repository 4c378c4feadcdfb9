# Examples of the reactor, one thing each.  make examples; the tests (tests/template) build and drive them.
# resolve needs c-ares and is left out, with a word, where that is not installed.

EXAMPLES := $(patsubst tools/examples/%.c,$(BUILD)/examples/%,$(filter-out %/resolve.c,$(sort $(wildcard tools/examples/*.c))))

$(EXAMPLES): $(BUILD)/examples/%: $(BUILD)/tools/examples/%.o $(LIBREACTOR)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -pthread

examples-resolve: $(LIBREACTOR)
	@mkdir -p $(BUILD)/examples
	@if printf '#include <ares.h>\n' | $(CC) $(CPPFLAGS) -E - >/dev/null 2>&1; then \
	    $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $(BUILD)/examples/resolve tools/examples/resolve.c $(LIBREACTOR) -lcares; \
	else \
	    rm -f $(BUILD)/examples/resolve; echo "examples: resolve left out (no libc-ares-dev)"; \
	fi

examples: $(EXAMPLES) examples-resolve
.PHONY: examples examples-resolve
