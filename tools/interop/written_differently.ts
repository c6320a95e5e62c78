import type { Expectation } from "./expectations.ts";

/** Where the two programs leave different things behind, on purpose. */
export const WRITTEN_DIFFERENTLY: readonly Expectation[] = [
  {
    name: "--tasks=-1",
    kayac: "means that the option was not given: the number in the service definition is set",
    ours: "leaves the number of tasks as it is, also where the service definition has one",
    why: "who writes it wants no other number; to set the file's, nothing has to be written",
    seen: /\.desiredCount: 2 by Kayac's, 4 by ours/,
    checks: ["deploy --no-wait --tasks=-1"],
  },
];
