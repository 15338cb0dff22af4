"""What is allowed, how often, and to whom: rules as data, exact counters, blocks, flags, experiments, word lists.

Owns the tables `policies_*`. One engine decides; edges ask it and turn its answer into a status or a text.
"""

from .api import Gate
from .blocks import Block, block, live_blocks, unblock, unblock_customer
from .engine import ARGUMENTS, UNHURRIED, Policies, admission
from .experiments import Variant, convert, variant_of
from .places import Place
from .ports import Counted, Counter, Counters, FactSource
from .rules import read_rules
from .telling import is_refusal, words
from .types import (
    Allowed,
    Budget,
    Decision,
    Facts,
    OwnedPlan,
    Reason,
    Refused,
    Subject,
    SubjectKind,
)
from .versions import RulesVersion, current_rules, roll_back, save_rules

__all__ = [
    "ARGUMENTS",
    "UNHURRIED",
    "Allowed",
    "Block",
    "Budget",
    "Counted",
    "Counter",
    "Counters",
    "Decision",
    "FactSource",
    "Facts",
    "Gate",
    "OwnedPlan",
    "Place",
    "Policies",
    "Reason",
    "Refused",
    "RulesVersion",
    "Subject",
    "SubjectKind",
    "Variant",
    "admission",
    "block",
    "convert",
    "current_rules",
    "is_refusal",
    "live_blocks",
    "read_rules",
    "roll_back",
    "save_rules",
    "unblock",
    "unblock_customer",
    "variant_of",
    "words",
]
