"""The one list of modules and products that are plugged in."""

from kassa.core.access.module import module as access
from kassa.core.ai.module import module as ai
from kassa.core.audit.module import module as audit
from kassa.core.billing.module import module as billing
from kassa.core.channels.module import module as channels
from kassa.core.files.module import module as files
from kassa.core.identity.module import module as identity
from kassa.core.ledger.module import module as ledger
from kassa.core.live.module import module as live
from kassa.core.policies.module import module as policies
from kassa.core.usage.module import module as usage
from kassa.kit.module import Module
from kassa.products.admin_bot.module import module as admin_bot
from kassa.products.ai_access.module import module as ai_access
from kassa.products.api_access.module import module as api_access
from kassa.runtime.maintenance import module as maintenance
from kassa.runtime.operations import module as operations

MODULES: tuple[Module, ...] = (
    access,
    audit,
    policies,
    identity,
    ledger,
    files,
    live,
    channels,
    ai,
    ai_access,
    api_access,
    admin_bot,
    billing,
    usage,
    maintenance,
    operations,
)
