"""What every product needs, one module per capability; the order of imports is in the import contracts."""
