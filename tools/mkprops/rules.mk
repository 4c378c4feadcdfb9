# The property compiler and the tables it makes; see tools/mkindex/rules.mk.

MKPROPS_OBJS := $(call objects,tools/mkprops/*.c) $(addprefix $(BUILD)/src/unicode/,buffer.o ucd.o props_loose.o)

$(BUILD)/mkprops: $(MKPROPS_OBJS)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(UNICODE_LIBS)

$(BUILD)/gen/props_image.c: $(BUILD)/mkprops $(BUILD)/gen/.ucd
	$(call say,DATA,$@)
	$(Q)$(BUILD)/mkprops --ucd '$(UNICODE_DIR)' -o $@

$(BUILD)/gen/props_image.o: $(BUILD)/gen/props_image.c
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<
