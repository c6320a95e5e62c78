/** Answers of AWS of every wrong shape, made from right ones. */
import fc from "fast-check";
import type { Emulator } from "../emulator/emulator.ts";
import { INVISIBLE_TEXT } from "../invisible_characters.ts";

/** What an answer becomes. */
type Change =
  | { readonly kind: "body"; readonly text: string }
  | { readonly kind: "truncate"; readonly share: number }
  | { readonly kind: "edit"; readonly places: readonly number[]; readonly value: unknown }
  | { readonly kind: "remove"; readonly places: readonly number[] }
  | { readonly kind: "keep" };

export interface Tampering {
  readonly operation: string;
  readonly nth: number;
  readonly times: number;
  readonly status: number | null;
  readonly change: Change;
  readonly contentType: string | null;
}

/** The parts of the SDK's HttpResponse that matter here. */
interface Response {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** The answer to the emulator's latest call, changed where the tampering is about that call. */
export function tamper(
  response: Response,
  { operation, nth, times, status, change, contentType }: Tampering,
  emulator: Emulator,
): Response {
  const last = emulator.calls.at(-1);
  if (operation !== "*" && last?.operation !== operation) return response;
  const number = operation === "*"
    ? emulator.calls.length
    : emulator.calls.filter((call) => call.operation === operation).length;
  if (number < nth || number >= nth + times) return response;
  const text = new TextDecoder().decode(response.body);
  return {
    ...response,
    statusCode: status ?? response.statusCode,
    headers: contentType === null ? response.headers : { "content-type": contentType },
    body: new TextEncoder().encode(changed(text, change)),
  };
}

function changed(text: string, change: Change): string {
  switch (change.kind) {
    case "keep":
      return text;
    case "body":
      return change.text;
    case "truncate":
      return text.slice(0, Math.floor(text.length * change.share));
    case "edit":
    case "remove": {
      const whole = { root: JSON.parse(text) };
      // deno-lint-ignore no-explicit-any -- any JSON
      let parent: any = whole;
      let key: string = "root";
      for (const place of change.places) {
        const child = parent[key];
        if (typeof child !== "object" || child === null) break;
        const keys = Object.keys(child);
        if (keys.length === 0) break;
        parent = child;
        key = keys[place % keys.length]!;
      }
      if (change.kind === "edit") parent[key] = change.value;
      else if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
      return JSON.stringify(whole.root) ?? "";
    }
  }
}

const STRANGE_TEXTS = [
  "",
  " ",
  "null",
  "true",
  "0",
  '""',
  "[]",
  "{}",
  "[[]]",
  "{",
  "\ufeff{}",
  "<html><body><h1>502 Bad Gateway</h1></body></html>",
  '<?xml version="1.0"?><Error><Code>SlowDown</Code></Error>',
  '{"__type":""}',
  '{"__type":null}',
  '{"__type":5,"message":7}',
  '{"__type":{},"message":[]}',
  '{"__type":"__proto__"}',
  '{"__type":"constructor","message":"\\u001b[31mred\\nnext line"}',
  '{"__type":"com.amazonaws.ecs#ThrottlingException:http://x/","Message":"m"}',
  '{"__type":"AccessDeniedException"}',
  '{"__type":"ClientException","message":null}',
  '{"code":"x","Code":"y","message":"m","Message":"n"}',
  '{"services":null,"failures":null}',
  '{"services":[null]}',
  '{"services":[],"failures":[]}',
  '{"services":[],"failures":[{"reason":"MISSING"}]}',
  '{"services":[],"failures":[{}]}',
  '{"services":{"0":1}}',
  '{"service":{}}',
  '{"taskDefinition":{}}',
  '{"ScalableTargets":[{}]}',
  '{"ScalableTargets":"x"}',
  '{"Tags":[]}',
  '{"Tags":"x"}',
  '{"taskArns":["x"],"nextToken":"x"}',
  '{"taskArns":[],"nextToken":"same"}',
  '{"nextToken":1}',
  "1e999",
  `{"services":${"[".repeat(200)}${"]".repeat(200)}}`,
];

const strangeValue = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    "",
    "x",
    "\u001b[31m\n\u0000",
    INVISIBLE_TEXT,
    "ACTIVE",
    "INACTIVE",
    "FAILED",
    "PRIMARY",
    -1,
    0,
    1e308,
    1e21,
    Number.MAX_SAFE_INTEGER + 1,
    -0.5,
    true,
    false,
    [],
    {},
    [null],
    [[]],
    { a: 1 },
    "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/myservice:99999999999",
    "arn:aws-cn:ecs:x:y:task-definition/other:1",
    "x".repeat(5_000),
    "2023-01-01T00:00:00Z",
    "NaN",
    "Infinity",
    "__proto__",
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

const places = fc.array(fc.nat({ max: 40 }), { maxLength: 7 });

export const arbitraryTampering: fc.Arbitrary<Tampering> = fc.record({
  operation: fc.constantFrom(
    "*",
    "*",
    "DescribeServices",
    "DescribeServices",
    "DescribeTaskDefinition",
    "UpdateService",
    "ListServices",
    "ListTasks",
    "DescribeTasks",
    "DescribeScalableTargets",
    "ListTagsForResource",
    "RegisterScalableTarget",
    "TagResource",
    "UntagResource",
    "DeregisterTaskDefinition",
    "DescribeServiceDeployments",
    "DescribeServiceRevisions",
    "StopServiceDeployment",
    "ListTaskDefinitions",
  ),
  nth: fc.integer({ min: 1, max: 8 }),
  times: fc.constantFrom(1, 1, 3, 1e9),
  status: fc.constantFrom(null, null, null, 200, 204, 302, 400, 403, 404, 500, 503),
  contentType: fc.constantFrom(null, null, "text/html", "application/json"),
  change: fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("edit" as const), places, value: strangeValue }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("remove" as const), places }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("body" as const),
        text: fc.oneof(fc.constantFrom(...STRANGE_TEXTS), fc.json({ maxDepth: 3 }), fc.string({ unit: "binary" })),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("truncate" as const),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: "keep" as const }) },
  ),
});
