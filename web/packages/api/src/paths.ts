import type { components, paths } from "./schema";

export type Paths = paths;

/** A shape of the API by its name. */
export type Schema = components["schemas"];

type Listing<T> = { items: T[]; next_cursor?: string | null };

type Answer<P extends keyof Paths> = Paths[P] extends { get: { responses: { 200: { content: { "application/json": infer A } } } } } ? A : never;

/** Addresses that answer with a page of a list. */
export type ListPath = { [P in keyof Paths]: Answer<P> extends Listing<unknown> ? P : never }[keyof Paths];

/** One row of a list. */
export type Row<P extends keyof Paths> = Answer<P> extends Listing<infer T> ? T : never;

/** What a GET answers with. */
export type Got<P extends keyof Paths> = Answer<P>;
