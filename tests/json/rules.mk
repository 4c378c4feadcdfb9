# What the program says in JSON, read by another parser (python3; without it this is skipped).

check-json: $(BUILD)/mojifinder
	@if command -v python3 >/dev/null 2>&1; then MOJIFINDER=$(BUILD)/mojifinder python3 tests/json/check.py; \
	 else echo "check-json: skipped, python3 is not installed"; fi

.PHONY: check-json
CHECKS += $(if $(SERVER_OBJS),check-json)
