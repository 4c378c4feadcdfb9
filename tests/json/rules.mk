# What the program says in JSON, read by another parser: python3's.  Without python3 "make check" leaves it out, and
# says so.

check-json: $(BUILD)/mojifinder
	@MOJIFINDER=$(BUILD)/mojifinder python3 tests/json/check.py

.PHONY: check-json
ifneq ($(shell command -v python3),)
CHECKS += $(if $(SERVER_OBJS),check-json)
CHECK_NEEDS += $(BUILD)/mojifinder
else ifneq ($(filter check,$(MAKECMDGOALS)),)
$(info skipped: check-json, for want of python3)
endif
