# The manual pages: installed, and checked by make lint.

MANUALS := tools/man/mojifinder.1 tools/man/mojifinder-protocol.7

install-man:
	$(INSTALL) -d $(DESTDIR)$(mandir)/man1 $(DESTDIR)$(mandir)/man7
	$(INSTALL) -m 644 tools/man/mojifinder.1 $(DESTDIR)$(mandir)/man1/mojifinder.1
	$(INSTALL) -m 644 tools/man/mojifinder-protocol.7 $(DESTDIR)$(mandir)/man7/mojifinder-protocol.7

# man --warnings says what groff would stumble over; silence is success.
lint-man:
	@command -v man >/dev/null || { echo "skip lint man: no man here"; exit 0; }; \
	failed=0; for page in $(MANUALS) tools/mojiload/mojiload.1; do \
	    said=$$(LC_ALL=C.UTF-8 MANROFFSEQ= MANWIDTH=100 man --warnings -E UTF-8 -l -Tutf8 -Z $$page 2>&1 >/dev/null); \
	    [ -z "$$said" ] || { echo "$$page: $$said"; failed=1; }; \
	done; [ $$failed = 0 ] && echo "ok   lint man"

.PHONY: install-man lint-man
INSTALLS += install-man
LINTS += lint-man
