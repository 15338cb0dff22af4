"""Every table of every module: what migrations compare the database with."""

import kassa.core.access.models
import kassa.core.ai.models
import kassa.core.audit.models
import kassa.core.billing.models
import kassa.core.channels.models
import kassa.core.files.models
import kassa.core.i18n.models
import kassa.core.identity.models
import kassa.core.ledger.models
import kassa.core.live.models
import kassa.core.policies.models
import kassa.core.usage.models
import kassa.products.admin_bot.models
import kassa.products.ai_access.models
import kassa.products.api_access.models  # noqa: F401 - importing makes the tables known
from kassa.kit.db import Base
from kassa.kit.schedules import JobsSchedule  # noqa: F401 - as above

metadata = Base.metadata
