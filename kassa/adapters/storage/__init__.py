"""Where files lie: a folder, or a bucket of an S3-compatible store, behind one library (obstore)."""

from .objects import ObjectStorage, open_storage

__all__ = ["ObjectStorage", "open_storage"]
