import assert from "node:assert/strict";
import { nearestNames } from "../../../src/model/nearest_names.ts";

const NAMES = ["api", "api-worker", "web", "web-admin", "scheduler", "Billing"];

Deno.test("nearestNames() has what differs in a few letters, the nearest first", () => {
  assert.deepEqual(nearestNames("scheduelr", NAMES), ["scheduler"]);
  assert.deepEqual(nearestNames("shedulr", NAMES), ["scheduler"]);
  assert.deepEqual(nearestNames("wep", NAMES), ["web"]);
  assert.deepEqual(nearestNames("billing", NAMES), ["Billing"]);
});

Deno.test("nearestNames() has what the typed name is a part of, or has as a part", () => {
  assert.deepEqual(nearestNames("worker", NAMES), ["api-worker"]);
  assert.deepEqual(nearestNames("prod-scheduler", NAMES), ["scheduler"]);
  assert.deepEqual(nearestNames("admin-*", NAMES), []);
  assert.deepEqual(nearestNames("*admin", NAMES), ["web-admin"]);
});

Deno.test("nearestNames() has no names that have nothing to do with it, and three at most", () => {
  assert.deepEqual(nearestNames("payments", NAMES), []);
  assert.deepEqual(nearestNames("*", NAMES), []);
  assert.deepEqual(nearestNames("", NAMES), []);
  assert.deepEqual(nearestNames("abc", ["abd", "abe", "abf", "abg"]), ["abd", "abe", "abf"]);
});
