"""The outside world: each file or folder fulfils a port of core. Only runtime imports it."""
