# mojifinder - see README.md.  The targets people type:
#
#   make deps run      install what is missing, build, serve on 127.0.0.1:2323 (ARGS='--port 4000')
#   make deps check    install what is missing, build, run every test
#   make               build the programs        make bench     measure
#   make lint          style and layering        make install   DESTDIR, PREFIX …
#
# Variables: BUILD=dir (out of tree), CC, CFLAGS, SANITIZE=address,undefined, WERROR=1 (warnings are errors),
# UNICODE_DIR=/usr/share/unicode (a Unicode Character Database).
#
# Each room adds its own programs and tests in a rules.mk of its own.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

# With deps among the goals everything else waits for it, whatever -j says, and is then made by a make of its
# own: what the packages bring must be there before this file is read.  It builds on all processors unless
# told otherwise.
ifneq ($(filter deps,$(MAKECMDGOALS)),)
AFTER_DEPS := $(filter-out deps,$(MAKECMDGOALS))

deps:
	@tools/deps $(AFTER_DEPS)

ifneq ($(AFTER_DEPS),)
.after-deps: deps
	+@$(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 1)) $(AFTER_DEPS)

$(AFTER_DEPS): .after-deps
	@:
endif

.PHONY: deps .after-deps $(AFTER_DEPS)
else

BUILD       ?= build
UNICODE_DIR ?= /usr/share/unicode
SANITIZE    ?=
CFLAGS      ?= -O2 -g
AR          ?= ar

# GNU directory variables.
PREFIX      ?= /usr/local
prefix      ?= $(PREFIX)
exec_prefix ?= $(prefix)
bindir      ?= $(exec_prefix)/bin
libdir      ?= $(exec_prefix)/lib
includedir  ?= $(prefix)/include
datarootdir ?= $(prefix)/share
mandir      ?= $(datarootdir)/man
docdir      ?= $(datarootdir)/doc/mojifinder
INSTALL     ?= install

VERSION := 1.0.0

WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes \
            -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla \
            -Wformat=2 -Wnull-dereference -Wimplicit-fallthrough $(if $(filter-out 0,$(WERROR)),-Werror)
ALL_CPPFLAGS = -Iinclude -I$(BUILD)/gen -D_GNU_SOURCE -DMOJIFINDER_VERSION='"$(VERSION)"' \
               $(if $(SANITIZE),-DREACTOR_VERIFY) $(CPPFLAGS)
ALL_CFLAGS   = -std=c17 $(WARNINGS) $(CFLAGS) -fno-common $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all)
ALL_LDFLAGS  = $(LDFLAGS) $(if $(SANITIZE),-fsanitize=$(SANITIZE))

# Programs and test binaries that rules.mk files add to.
PROGRAMS :=
CHECKS   :=# phony targets, each ends with a line "N passed, N failed"
CHECK_NEEDS =# what they are made of: built before the first of them runs
BENCHES  :=
LINTS    :=
INSTALLS :=

# Short lines of what is being made; V=1 shows the commands.
Q   := $(if $(V),,@)
say  = @$(if $(V),:,printf '  %-7s %s\n' '$(1)' '$(2)')

objects = $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard $(1))))

include src/rules.mk
-include $(sort $(wildcard tools/*/rules.mk tests/*/rules.mk))

all: $(PROGRAMS)

$(BUILD)/%.o: %.c $(BUILD)/.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Objects are made anew when compiler or flags change.  The compiler is the program behind the name, so that cc and
# gcc, where they are the same, keep each other's objects.  Computed here, once: what a variable of some target
# adds must not count.
CC_PROGRAM := $(if $(word 2,$(CC)),$(CC),$(or $(realpath $(shell command -v $(CC) 2>/dev/null)),$(CC)))
FLAGS_NOW := $(CC_PROGRAM) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS)
$(BUILD)/.flags: force
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(FLAGS_NOW))' | cmp -s - $@ || echo '$(subst ','\'',$(FLAGS_NOW))' > $@

run: $(BUILD)/mojifinder
	$(BUILD)/mojifinder $(ARGS)

# All suites at once, and one line at the end.  Those of one suite alone: make check-unit and the like.
check: $(CHECK_NEEDS)
	+@MAKE='$(MAKE)' LOGS='$(BUILD)/check' tests/check $(CHECKS)

bench: $(BENCHES)
lint: $(LINTS)
install: $(INSTALLS)

clean:
	rm -rf $(BUILD)

force:
.PHONY: all run check bench lint install clean force

-include $(shell test -d $(BUILD) && find $(BUILD) -name '*.d')
endif
