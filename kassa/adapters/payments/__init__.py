"""Payment providers, each in our own words: the port is `kassa.core.billing.ports.PaymentProvider`."""

from .yookassa import YooKassa

__all__ = ["YooKassa"]
