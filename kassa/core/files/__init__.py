"""Files of customers and staff, and what models make: checked before they are kept, shown only by signed addresses.

Owns the tables `files_*`. Follow one upload: api.py → intake.accept (kind, size, bombs) → pictures.clean → the virus
scanner → the storage → `/api/v1/files/{id}/content` with an expiring signature.
"""

from .intake import accept, keep_made
from .kinds import Category, Kind, Purpose, detect
from .links import Links
from .objects import FileInfo, delete_file, get_file, info_of, path_of, require_ready
from .ports import Downloads, Infected, Scanner, Storage
from .words import MAX_CHARACTERS, has_words, words_of

__all__ = [
    "MAX_CHARACTERS",
    "Category",
    "Downloads",
    "FileInfo",
    "Infected",
    "Kind",
    "Links",
    "Purpose",
    "Scanner",
    "Storage",
    "accept",
    "delete_file",
    "detect",
    "get_file",
    "has_words",
    "info_of",
    "keep_made",
    "path_of",
    "require_ready",
    "words_of",
]
