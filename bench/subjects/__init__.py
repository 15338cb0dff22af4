"""The programs under measurement, each in a process of its own: the product, and what it is compared with."""
