"""The web as a channel: a page and a bot, over REST and the WebSocket, with the conversation that every channel has."""
