"""Measurements: every figure is a ratio to a bare program that runs in the same minute on the same cores."""
