# The three rooms under src/ and the index image between two of them.

REACTOR_OBJS := $(call objects,src/reactor/*.c)
UNICODE_OBJS := $(call objects,src/unicode/*.c)
SERVER_OBJS  := $(call objects,src/server/*.c)

LIBREACTOR := $(BUILD)/libreactor.a
LIBUNICODE := $(BUILD)/libunicode.a
UNICODE_LIBS := -lunistring

$(LIBREACTOR): $(REACTOR_OBJS)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^

# The compiled data, made by tools/mkindex and tools/mkprops, and a table that needs no making.
UNICODE_IMAGES := $(BUILD)/gen/index_image.o $(BUILD)/gen/props_image.o $(BUILD)/gen/html_names.o

$(BUILD)/gen/html_names.o: src/unicode/html_names.S tools/mkindex/html-names.txt
	@mkdir -p $(@D)
	$(call say,AS,$@)
	$(Q)$(CC) -c -Wa,-Itools/mkindex -o $@ $<

$(LIBUNICODE): $(UNICODE_OBJS) $(UNICODE_IMAGES)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^

$(BUILD)/mojifinder: $(SERVER_OBJS) $(LIBUNICODE) $(LIBREACTOR)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(UNICODE_LIBS)

PROGRAMS += $(LIBREACTOR) $(if $(SERVER_OBJS),$(BUILD)/mojifinder)
