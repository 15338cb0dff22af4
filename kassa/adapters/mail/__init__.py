"""Sending mail."""

from .smtp import SmtpMailer

__all__ = ["SmtpMailer"]
