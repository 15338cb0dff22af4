/** A conversation with a bot over REST and the WebSocket, for any page; see docs/extend/widget.md. Markdown is beside it. */
export * from "./conversation";
export * from "./types";
