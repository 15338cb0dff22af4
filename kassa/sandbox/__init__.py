"""Emulators of the outside world: Telegram, YooKassa and AI providers over real HTTP.

They know nothing of the product but its public addresses; only base URLs differ from production.
"""
