# make install: the server, and the reactor as a library for other programs:
# static and shared, headers, pkg-config (make install-reactor: that alone).
#
# The shared library exports what the public headers declare: everything else
# in src/reactor is static or hidden.  A change that breaks programs linked with it raises REACTOR_ABI.

REACTOR_ABI     := 1
REACTOR_SONAME  := libreactor.so.$(REACTOR_ABI)
REACTOR_SHARED  := $(BUILD)/libreactor.so.$(REACTOR_ABI).0.0
REACTOR_PIC     := $(patsubst $(BUILD)/%,$(BUILD)/pic/%,$(REACTOR_OBJS))
REACTOR_HEADERS := $(sort $(wildcard include/reactor/*.h))
pkgconfigdir    ?= $(libdir)/pkgconfig

$(BUILD)/pic/%.o: %.c $(BUILD)/.flags
	@mkdir -p $(@D)
	$(call say,CC,$< for a shared library)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -fPIC -MMD -MP -c -o $@ $<

$(REACTOR_SHARED): $(REACTOR_PIC)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -shared -Wl,-soname,$(REACTOR_SONAME) -o $@ $^

install-reactor: $(LIBREACTOR) $(REACTOR_SHARED)
	$(INSTALL) -d $(DESTDIR)$(libdir) $(DESTDIR)$(pkgconfigdir) $(DESTDIR)$(includedir)/reactor
	$(INSTALL) -m 644 $(LIBREACTOR) $(DESTDIR)$(libdir)/libreactor.a
	$(INSTALL) -m 755 $(REACTOR_SHARED) $(DESTDIR)$(libdir)/$(notdir $(REACTOR_SHARED))
	ln -sf $(notdir $(REACTOR_SHARED)) $(DESTDIR)$(libdir)/$(REACTOR_SONAME)
	ln -sf $(REACTOR_SONAME) $(DESTDIR)$(libdir)/libreactor.so
	$(INSTALL) -m 644 $(REACTOR_HEADERS) $(DESTDIR)$(includedir)/reactor
	sed -e 's|@prefix@|$(prefix)|' -e 's|@libdir@|$(libdir)|' -e 's|@includedir@|$(includedir)|' \
	    -e 's|@version@|$(VERSION)|' tools/install/reactor.pc.in > $(DESTDIR)$(pkgconfigdir)/reactor.pc

install-mojifinder: $(BUILD)/mojifinder
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(docdir)
	$(INSTALL) $(BUILD)/mojifinder $(DESTDIR)$(bindir)/mojifinder
	$(INSTALL) -m 644 README.md LICENSE $(DESTDIR)$(docdir)

.PHONY: install-reactor install-mojifinder
INSTALLS += install-mojifinder install-reactor
