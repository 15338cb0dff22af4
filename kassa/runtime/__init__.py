"""Composition: the only place that knows every module, adapter and role."""
