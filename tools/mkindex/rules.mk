# The compiler of the Unicode data, and the image and the tables it makes of the Unicode Character Database.
# Whether there is a database in UNICODE_DIR is found out when the recipe
# runs: in `make deps run` it may have come a moment ago.

# Of src/unicode it needs what reads no compiled data, for there are none yet.
MKINDEX_OBJS := $(call objects,tools/mkindex/*.c) $(addprefix $(BUILD)/src/unicode/,text.o props_loose.o)

$(BUILD)/mkindex: $(MKINDEX_OBJS)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(UNICODE_LIBS)

# Changes when the database appears, goes, or is another one.
$(BUILD)/gen/.ucd: force
	@mkdir -p $(@D)
	@now=$@.$$$$; { echo '$(UNICODE_DIR)'; ls -lLR '$(UNICODE_DIR)' 2>/dev/null || :; } > $$now; \
	if cmp -s $$now $@; then rm $$now; else mv $$now $@; fi # a name of its own: suites run side by side

$(BUILD)/gen/index.image: $(BUILD)/mkindex $(BUILD)/gen/.ucd
	$(call say,INDEX,$@)
	$(Q)$(BUILD)/mkindex --ucd '$(UNICODE_DIR)' --names $@

$(BUILD)/gen/index_image.o: src/unicode/index_image.S $(BUILD)/gen/index.image
	$(call say,AS,$@)
	$(Q)$(CC) -c -Wa,-I$(BUILD)/gen -o $@ $<

$(BUILD)/gen/props_image.c: $(BUILD)/mkindex $(BUILD)/gen/.ucd
	$(call say,DATA,$@)
	$(Q)$(BUILD)/mkindex --ucd '$(UNICODE_DIR)' --properties $@

$(BUILD)/gen/props_image.o: $(BUILD)/gen/props_image.c
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<
