"""Scanning for viruses."""

from .clamd import Clamd

__all__ = ["Clamd"]
