"""Limits as HTTP headers: `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers, and the older
`X-RateLimit-*` for clients that know only those."""

from collections.abc import Sequence

from kassa.core.policies.types import Budget

Header = tuple[bytes, bytes]


def limit_headers(budgets: Sequence[Budget]) -> list[Header]:
    """The headers of a response; the older ones tell of the limit that is reached first."""
    if not budgets:
        return []
    policies = ", ".join(f'"{_name(b, budgets)}";q={b.limit};w={b.window_s}' for b in budgets)
    left = ", ".join(f'"{_name(b, budgets)}";r={b.remaining};t={b.reset_s}' for b in budgets)
    first = min(budgets, key=lambda budget: (budget.remaining / budget.limit, -budget.reset_s))
    return [
        (b"ratelimit-policy", policies.encode()),
        (b"ratelimit", left.encode()),
        (b"x-ratelimit-limit", str(first.limit).encode()),
        (b"x-ratelimit-remaining", str(first.remaining).encode()),
        (b"x-ratelimit-reset", str(int(first.reset_at.timestamp())).encode()),
    ]


def _name(budget: Budget, budgets: Sequence[Budget]) -> str:
    """A rule with several windows has a name for each."""
    same = sum(other.rule == budget.rule for other in budgets) > 1
    return f"{budget.rule}-{budget.window_s}" if same else budget.rule
