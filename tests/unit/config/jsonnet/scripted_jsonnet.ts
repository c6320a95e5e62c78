import assert from "node:assert/strict";
import { evaluateJsonnet } from "../../../../src/config/jsonnet/evaluate_jsonnet.ts";
import { CallError, type FunctionTable } from "../../../../src/config/template/template_functions.ts";
import { AwsError } from "../../../../src/errors.ts";
import type { Invocation, InvocationResult } from "../../../../src/host.ts";
import { inWords } from "../../../in_words.ts";
import { memoryEnvironment, memoryTools } from "../memory_host.ts";

export const PATH = "conf/def.jsonnet";
export const denied = new AwsError({
  operation: "GetParameter",
  kind: "denied",
  code: "AccessDeniedException",
  detail: "no",
});

export const functions: Pick<FunctionTable, "natives" | "explainUnknown"> = {
  natives: {
    same: { parameters: ["value"], answer: ([value]) => value! },
    later: { parameters: ["name", "index"], answer: (args) => Promise.resolve({ args: [...args] }) },
    refuse: {
      parameters: ["name"],
      answer: () => {
        throw new CallError({ code: "notFound", kind: "variable" }, "a");
      },
    },
    denied: { parameters: ["name"], answer: () => Promise.reject(denied) },
  },
  explainUnknown: (name) => name === "external_x" ? { code: "unsupportedPlugin", plugin: "external" } : undefined,
};

export const ok = (stdout: string, stderr = "") => ({ code: 0, stdout, stderr });
export const failed = (stderr: string) => ({ code: 1, stdout: "", stderr });
export const asks = (...keys: string[]) => keys.map((key) => `TRACE: <stdin>:1 ecspresso asks ${key}\n`).join("");

/** A `jsonnet` that answers by script, and what it was given. */
export function scripted(...results: (InvocationResult | undefined)[]) {
  const invocations: Invocation[] = [];
  const invoke = (invocation: Invocation) => {
    invocations.push(invocation);
    return Promise.resolve(results.shift());
  };
  return { invocations, tools: memoryTools(memoryEnvironment({ FROM_ENV: "env-secret" }), invoke) };
}

export async function assertRefused(text: string, results: (InvocationResult | undefined)[], message: string) {
  const { tools } = scripted(...results);
  await assert.rejects(inWords(evaluateJsonnet(text, PATH, functions, tools)), { name: "ConfigError", message }, text);
}
