"""How a bot gets its updates: getUpdates or a webhook; and who it is."""

import re
from typing import Any
from urllib.parse import urlsplit

from kassa.sandbox.telegram.call import Call
from kassa.sandbox.telegram.emulator import Emulator, Method
from kassa.sandbox.telegram.errors import Json, bad_request, conflict

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LONGEST_POLL_S = 50


async def get_me(emulator: Emulator, call: Call) -> Json:
    """The bot itself."""
    return {
        **call.bot.user(),
        "can_join_groups": True,
        "can_read_all_group_messages": not call.bot.privacy,
        "supports_guest_queries": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": bool(call.bot.main_app),
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_join_request_queries": False,
    }


async def get_updates(emulator: Emulator, call: Call) -> list[Json]:
    """Long polling."""
    if call.bot.webhook.get("url"):
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    _allow(call)
    limit = min(max(call.integer("limit", 100), 1), 100)
    timeout_s = min(max(call.integer("timeout"), 0), _LONGEST_POLL_S)
    emulator.world.save(call.bot)
    return await emulator.inboxes.poll(call.bot, call.integer("offset"), limit, timeout_s)


def _allow(call: Call) -> None:
    wanted = call.array("allowed_updates")
    if wanted is not None:
        call.bot.allowed_updates = [str(kind) for kind in wanted] or None


async def set_webhook(emulator: Emulator, call: Call) -> bool:
    """Send updates to a URL; plain http is accepted here, since the sandbox has no certificates."""
    url = call.text("url").strip()
    if not url:
        return await delete_webhook(emulator, call)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = call.text("secret_token")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _allow(call)
    call.bot.webhook = {
        "url": url,
        "secret_token": secret,
        "max_connections": min(max(call.integer("max_connections", 40), 1), 100),
        "ip_address": call.text("ip_address"),
        "has_custom_certificate": "certificate" in call.uploads,
    }
    if call.flag("drop_pending_updates"):
        emulator.inboxes.drop_all(call.bot)
    emulator.world.save(call.bot)
    emulator.inboxes.of(call.bot.id).arrived.set()
    emulator.webhooks.restart(call.bot)
    return True


async def delete_webhook(emulator: Emulator, call: Call) -> bool:
    """Stop sending to a URL."""
    call.bot.webhook = {}
    if call.flag("drop_pending_updates"):
        emulator.inboxes.drop_all(call.bot)
    emulator.world.save(call.bot)
    emulator.webhooks.restart(call.bot)
    return True


async def get_webhook_info(emulator: Emulator, call: Call) -> Json:
    """State of the delivery."""
    webhook = call.bot.webhook
    info: Json = {
        "url": webhook.get("url", ""),
        "has_custom_certificate": bool(webhook.get("has_custom_certificate")),
        "pending_update_count": len(emulator.inboxes.of(call.bot.id).waiting),
    }
    if webhook:
        info["max_connections"] = webhook["max_connections"]
        for name in ("ip_address", "last_error_date", "last_error_message"):
            if webhook.get(name):
                info[name] = webhook[name]
    if call.bot.allowed_updates:
        info["allowed_updates"] = call.bot.allowed_updates
    return info


async def _true(emulator: Emulator, call: Call) -> Any:
    return True


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "logOut": _true,
    "close": _true,
}
