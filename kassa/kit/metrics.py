"""Technical metrics that every process keeps; business metrics are read from the database on scrape."""

from prometheus_client import Counter, Gauge, Histogram

http_seconds = Histogram(
    "kassa_http_request_seconds",
    "Time to answer an HTTP request",
    ["method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
job_seconds = Histogram(
    "kassa_job_seconds",
    "Time to run a background job",
    ["job"],
    buckets=(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120),
)
job_failures = Counter("kassa_job_failures_total", "Jobs that did not succeed", ["job", "outcome"])
updates_received = Counter("kassa_telegram_updates_total", "Telegram updates taken in", ["transport", "result"])
messages_sent = Counter("kassa_messages_total", "Messages sent to customers", ["result"])
payments_applied = Counter("kassa_payments_total", "Payments by final outcome", ["provider", "outcome"])
webhooks_received = Counter("kassa_payment_webhooks_total", "Payment webhooks taken in", ["provider", "result"])
ai_requests = Counter("kassa_ai_requests_total", "Questions to neural networks", ["model", "outcome"])
ai_first_token_seconds = Histogram(
    "kassa_ai_first_token_seconds", "Time to the first part of an answer", ["model"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60),
)  # fmt: skip
provider_errors = Counter("kassa_provider_errors_total", "Errors of outside services", ["provider", "error_class"])
ledger_check_ok = Gauge("kassa_ledger_check_ok", "1 when the last ledger check was green, 0 when not", ["check"])
live_sockets = Gauge("kassa_live_sockets", "Open WebSockets of this process")
live_listening = Gauge("kassa_live_listening", "1 while this process hears what other processes publish")
live_events = Counter("kassa_live_events_total", "Events that this process gave to its sockets", ["kind"])
live_frames = Counter("kassa_live_frames_total", "Frames of clients", ["type"])
live_closed = Counter("kassa_live_closed_total", "WebSockets that we closed", ["reason"])
live_repairs = Counter("kassa_live_repairs_total", "Times that events were read from the log because none was heard")
