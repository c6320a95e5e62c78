import assert from "node:assert/strict";
import { canShowLive } from "../../../src/session/context.ts";

const shows = (isTerminal: boolean, variables: Record<string, string>) =>
  canShowLive({ isTerminal }, { get: (name) => variables[name] });

Deno.test("canShowLive() wants a terminal that can draw lines anew", () => {
  assert.equal(shows(true, { TERM: "xterm-256color" }), true);
  assert.equal(shows(true, { WT_SESSION: "0d1f" }), true);
  assert.equal(shows(true, { TERM: "dumb" }), false);
  assert.equal(shows(true, { TERM: "" }), false);
  assert.equal(shows(true, {}), false);
  assert.equal(shows(false, { TERM: "xterm-256color" }), false);
});
