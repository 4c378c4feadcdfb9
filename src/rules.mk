# The rooms under src/ and the index image between two of them.

REACTOR_OBJS := $(call objects,src/reactor/*.c)
UNICODE_OBJS := $(call objects,src/unicode/*.c)
ANSWER_OBJS  := $(call objects,src/answer/*.c)
SERVER_OBJS  := $(call objects,src/server/*.c)

# The reactor once more for tests: checks its invariants at the end of every turn, and those of a conn at
# each change.  (Programs made with SANITIZE check the latter, see Makefile.)
REACTOR_DEBUG_OBJS := $(patsubst $(BUILD)/%,$(BUILD)/debug/%,$(REACTOR_OBJS))

$(BUILD)/debug/%.o: %.c $(BUILD)/.flags
	@mkdir -p $(@D)
	$(call say,CC,$< with invariants)
	$(Q)$(CC) $(ALL_CPPFLAGS) -DREACTOR_DEBUG $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

LIBREACTOR := $(BUILD)/libreactor.a
LIBUNICODE := $(BUILD)/libunicode.a
LIBANSWER  := $(BUILD)/libanswer.a
UNICODE_LIBS := -lunistring

# One object, in which only the public names are global: what the reactor's own files share (hidden, see
# internal.h) must not meet a user's function of the same name.  Code, not an
# intermediate form of a link-time optimizer, in which names cannot be made local.
OBJCOPY ?= objcopy
$(REACTOR_OBJS): private ALL_CFLAGS += -fno-lto
$(BUILD)/reactor.o: $(REACTOR_OBJS)
	$(Q)$(CC) $(CFLAGS) -fno-lto -no-pie -r -nostdlib -o $@ $^
	$(Q)$(OBJCOPY) --localize-hidden $@

$(LIBREACTOR): $(BUILD)/reactor.o
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^

# The compiled data, made by tools/mkindex, and a table that needs no making.
UNICODE_IMAGES := $(BUILD)/gen/index_image.o $(BUILD)/gen/props_image.o $(BUILD)/gen/html_names.o

$(BUILD)/gen/html_names.o: src/unicode/html_names.S tools/mkindex/html-names.txt
	@mkdir -p $(@D)
	$(call say,AS,$@)
	$(Q)$(CC) -c -Wa,-Itools/mkindex -o $@ $<

$(LIBUNICODE): $(UNICODE_OBJS) $(UNICODE_IMAGES)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^

$(LIBANSWER): $(ANSWER_OBJS)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^

$(BUILD)/mojifinder: $(SERVER_OBJS) $(LIBANSWER) $(LIBUNICODE) $(LIBREACTOR)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(UNICODE_LIBS)

PROGRAMS += $(LIBREACTOR) $(if $(SERVER_OBJS),$(BUILD)/mojifinder)
