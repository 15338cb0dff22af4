"""Which models each emulated vendor offers; anything else is answered as the vendor answers it."""

MODELS: dict[str, tuple[str, ...]] = {
    "openai": (
        "gpt-6.1-sol", "gpt-6-luna", "gpt-5.6-sol", "gpt-5.6-terra", "gpt-5.6-luna", "gpt-5.5", "gpt-5.4",
        "gpt-5.4-mini", "gpt-5.4-nano", "gpt-5.2", "gpt-5.1", "gpt-5", "gpt-5-mini", "gpt-5-nano", "gpt-4.1",
        "gpt-4.1-mini", "gpt-4o", "gpt-4o-mini", "gpt-4o-instant",
    ),
    "deepseek": ("deepseek-flash", "deepseek-v4-pro", "deepseek-instant"),
    "perplexity": (
        "perplexity/sonar", "openai/gpt-5.4", "anthropic/claude-sonnet-5-5", "google/gemini-3.8-flash",
        "perplexity/sonar-instant",
    ),
    "anthropic": (
        "claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-5-5", "claude-fable-5-2", "claude-sonnet-5",
        "claude-sonnet-4-6", "claude-sonnet-4-5", "claude-haiku-4-5", "claude-sonnet-instant",
    ),
    "gemini": (
        "gemini-3.1-pro-preview", "gemini-3.8-flash", "gemini-3.7-flash", "gemini-3.6-flash", "gemini-3.5-flash",
        "gemini-3.5-flash-lite", "gemini-3.1-flash-lite", "gemini-instant",
    ),
}  # fmt: skip

# When a vendor has announced the end of a model, its list says so.
SHUTDOWNS: dict[str, str] = {
    "gpt-5": "2026-12-11",
    "gpt-5-mini": "2026-12-11",
    "gpt-5-nano": "2026-12-11",
    "gpt-4o": "2027-01-14",
    "gpt-4o-mini": "2027-01-14",
    "gpt-4.1": "2027-01-14",
    "gpt-4.1-mini": "2027-01-14",
    "gpt-5.1": "2027-04-01",
    "gpt-5.4-nano": "2027-04-01",
}
