"""What became of a refund that was asked for in a chat, told there when the provider has answered."""

from uuid import UUID

from kassa.core import access, billing, channels, i18n
from kassa.core.billing import RefundStatus
from kassa.core.channels import Button, Outgoing
from kassa.kit.app import App
from kassa.kit.db import Database

from .models import AdminBotRefund


async def tell(app: App, refund_id: str, order_id: str, organization_id: str, **_event: str) -> None:
    """Job after a refund has ended: tell who asked for it, once."""
    texts = app.get(i18n.Texts)
    async with app.get(Database).transaction() as session:
        waiting = await session.get(AdminBotRefund, UUID(refund_id))
        if waiting is None:
            return
        sale = await billing.sales.get_sale(session, access.system_actor(UUID(organization_id)), UUID(order_id))
        found = await billing.sales.refunds_of(session, sale)
        made = next(item for item in found if item.id == waiting.refund_id)
        own = await i18n.load_overrides(session, waiting.bot_id)
        text = texts.text(
            "admin-refund-failed" if made.status is RefundStatus.FAILED else "admin-refund-done", waiting.locale, own,
            number=str(sale.number), amount=i18n.Markup(i18n.money(made.amount, waiting.locale)),
            tokens=i18n.Markup(i18n.number(made.tokens_taken, waiting.locale)),
        )  # fmt: skip
        order = Button(texts.text("admin-button-order", waiting.locale, own, number=str(sale.number)),
                       f"adm:order:{sale.number}")  # fmt: skip
        await channels.send_later(
            session, waiting.bot_id, waiting.chat_id, Outgoing(text, [[order]]), key=f"admin-refund:{refund_id}"
        )
        await session.delete(waiting)
