/** The API for web applications: types generated from its description, a client that stays signed in, errors. */
export * from "./client";
export * from "./errors";
export * from "./paths";
export * from "./session";
