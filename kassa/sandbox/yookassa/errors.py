"""Refusals as YooKassa words them."""

from typing import Any

from kassa.kit import ids


class ApiError(Exception):
    """An answer other than 200, with the body of the real API."""

    def __init__(
        self, status: int, code: str, description: str, parameter: str = "", retry_after_ms: int | None = None
    ) -> None:
        super().__init__(description)
        self.status = status
        self.code = code
        self.description = description
        self.parameter = parameter
        self.retry_after_ms = retry_after_ms

    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        body = {"type": "error", "id": str(ids.new()), "code": self.code, "description": self.description}
        if self.status == 202:
            body = {"type": "processing", "description": self.description}
        if self.parameter:
            body["parameter"] = self.parameter
        return body if self.retry_after_ms is None else {**body, "retry_after": self.retry_after_ms}


def invalid(parameter: str, description: str) -> ApiError:
    """The request is wrong in one place."""
    return ApiError(400, "invalid_request", description, parameter)


def unknown_payment() -> ApiError:
    """Nobody's payment, or another shop's."""
    description = "Payment doesn't exist or access denied. Specify the payment ID created in your store."
    return ApiError(404, "not_found", f"Incorrect payment_id. {description}", "payment_id")


def unknown_refund() -> ApiError:
    """Nobody's refund, or another shop's."""
    return ApiError(404, "not_found", "Incorrect refund_id. Refund doesn't exist or access denied.", "refund_id")


def bad_credentials() -> ApiError:
    """No shop with such a key."""
    description = "Error in shopId or secret key. Check their validity. You can reissue the key in the Merchant Profile"
    return ApiError(401, "invalid_credentials", description, "Authorization")


def too_many() -> ApiError:
    """The limit of requests, which the real API does not publish."""
    return ApiError(429, "too_many_requests", "Too many requests. Repeat the request later", retry_after_ms=1800)


def internal() -> ApiError:
    """The real API's way to say: the outcome is not known, repeat with the same key."""
    return ApiError(500, "internal_server_error", "Internal server error", retry_after_ms=1800)


def processing(retry_after_ms: int) -> ApiError:
    """The request is accepted and not finished."""
    description = "Request accepted, but not processed yet. Please retry"
    return ApiError(202, "processing", description, retry_after_ms=retry_after_ms)
