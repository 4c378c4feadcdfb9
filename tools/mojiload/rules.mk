# mojiload, the load tester: its own objects, the reactor, and the index for --verify.

MOJILOAD_OBJS := $(call objects,tools/mojiload/*.c tools/mojiload/*/*.c)
$(MOJILOAD_OBJS): private ALL_CPPFLAGS += -Itools/mojiload

$(BUILD)/mojiload: $(MOJILOAD_OBJS) $(LIBREACTOR) $(LIBANSWER) $(LIBUNICODE)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(UNICODE_LIBS) -ljson-c -lm

PROGRAMS += $(BUILD)/mojiload

install-mojiload: $(BUILD)/mojiload
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(mandir)/man1
	$(INSTALL) $(BUILD)/mojiload $(DESTDIR)$(bindir)/mojiload
	$(INSTALL) -m 644 tools/mojiload/mojiload.1 $(DESTDIR)$(mandir)/man1/mojiload.1

.PHONY: install-mojiload
INSTALLS += install-mojiload
