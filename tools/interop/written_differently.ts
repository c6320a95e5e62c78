import type { Expectation } from "./expectations.ts";

/** Where the two programs ask ECS for different things, on purpose. */
export const WRITTEN_DIFFERENTLY: readonly Expectation[] = [];
