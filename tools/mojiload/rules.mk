# mojiload, the load tester: its own objects, the reactor, and the index for --verify.

MOJILOAD_OBJS := $(call objects,tools/mojiload/*.c)

$(BUILD)/mojiload: $(MOJILOAD_OBJS) $(LIBREACTOR) $(LIBUNICODE)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(UNICODE_LIBS) -lm

PROGRAMS += $(BUILD)/mojiload
