import assert from "node:assert/strict";
import { type Answer, Emulator } from "./emulator.ts";

export function answered(answer: ReturnType<Emulator["handle"]>): Answer {
  assert.ok(!("drop" in answer), "connection dropped");
  return answer;
}

/** Asks S3 as its clients do. */
export const get = (emulator: Emulator, path: string, host?: string) =>
  answered(emulator.handle({ target: "", body: "", method: "GET", path, host }));

/** The text of the first element of that name. */
export const textOf = (body: string, name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(body)?.[1];
