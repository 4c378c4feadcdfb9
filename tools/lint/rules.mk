# make lint [LINT_STEPS=step]: style, likely mistakes, and the arrows between the rooms.

LINT_STEPS ?= format tidy layers headers shell

lint-sources: $(LIBREACTOR)
	@BUILD=$(BUILD) CC='$(CC)' tools/lint/lint $(LINT_STEPS)

.PHONY: lint-sources
LINTS += lint-sources
