import assert from "node:assert/strict";
import { fleet } from "../../emulator/fleet.ts";
import { isRead } from "../../emulator/operations.ts";
import { runInProcess } from "../../in_process.ts";
import { planByHand } from "../../plan_files.ts";

/** Files and names that nobody means well: an error of one line with its place, at once, and no call that changes anything. */

const PLAN = planByHand([{ service: "service-0001", from: 2, to: 1 }, { service: "service-0002", from: 2, to: 1 }]);
const ONE = "{service: service-0001, region: ap-northeast-1}";

/** What is replaced in the plan by what, and the exit code. */
const PLANS: readonly (readonly [from: string | RegExp, to: string, code: number])[] = [
  [/^[^]*$/, "", 3],
  [/^[^]*$/, "null", 3],
  [/^[^]*$/, "[".repeat(100_000), 3],
  [/^[^]*$/, '{"a":'.repeat(100_000), 3],
  [/^[^]*$/, " ".repeat(5_000_000), 3],
  [/"version": 1/, '"version": 99', 3],
  [/"version": 1/, '"version": 1e400', 3],
  [/"version": 1/, '"version": "1"', 3],
  [/"version": 1/, '"version": 1, "version": 1', 3],
  [/"madeAt": "[^"]*"/, '"madeAt": "+275760-09-13T00:00:00.001Z"', 3],
  [/"options": \{\}/, '"options": { "__proto__": { "pin": "never" } }', 3],
  [/"options": \{\}/, '"options": { "constructor": 1 }', 3],
  [/"options": \{\}/, '"options": { "parallel": 0 }', 3],
  [/"options": \{\}/, '"options": { "timeout": "1e99h" }', 3],
  [/"services": \[[^]*\]/, '"services": {}', 3],
  [/"services": \[[^]*\]/, '"services": [[]]', 3],
  [/"service-0001",/, '"*",', 3],
  [/"service-0001",/, '"a\\n::error::b",', 3],
  [/"service-0001",/, '"arn:aws:ecs:ap-northeast-1:123456789012:service/default/service-0001",', 3],
  [/"service-0001",/, '"service-0002",', 3],
  [/"cluster": "default"/, '"cluster": "*"', 3],
  [/"cluster": "default"/, '"cluster": "default", "wave": -1', 3],
  [/"cluster": "default"/, '"cluster": "default", "config": "../../etc/passwd"', 3],
  [/"cluster": "default"/, '"cluster": "default", "config": "plan.json"', 3],
  [/"cluster": "default"/, '"cluster": "default", "role": "x"', 3],
  [/"region": "ap-northeast-1"/, '"region": "example.com/"', 3],
  [/service-0001:1"/, 'service-0001:99999999999999999999"', 3],
  [/service-0001:1"/, '../service-0001:1"', 3],
  [/service-0001:1" *\n/, 'service-0001:1", "images": [{ "container": 1 }]\n', 3],
  [/arn:aws:/g, "arn:aws-cn:", 4],
  [/arn:aws:(?=[^"]*service-0001:1)/, "arn:aws-us-gov:", 4],
];

const nest = (letters: string) =>
  letters.split("").map((letter, index) =>
    index === 0 ? `${letter}: &a [x]` : `${letter}: &${letter} [${`*${letters[index - 1]},`.repeat(9)}]`
  ).join("\n");

/** What the fleet file says, and the exit code. */
const FLEETS: readonly (readonly [text: string, code: number])[] = [
  ["", 3],
  ["services:", 3],
  ["services: {a: 1}", 3],
  ["services: [null]", 3],
  [`${nest("abcdefghij")}\nservices: *j\n`, 3],
  ["services: &s [*s]", 3],
  ["services: [!!js/function 'x']", 3],
  [`services: [${ONE}]\n---\nservices: []\n`, 3],
  [`services: [${ONE}]\nservices: []\n`, 3],
  ["[".repeat(100_000), 3],
  ["#".repeat(5_000_000), 3],
  ["services: [{__proto__: {service: service-0001}, region: ap-northeast-1}]", 3],
  ['services: [{service: "\\e[31mx", region: ap-northeast-1}]', 3],
  [`services: [{service: '${"*".repeat(200)}x', region: ap-northeast-1}]`, 4],
  [`services: [{service: '${"*e".repeat(100)}', region: ap-northeast-1}]`, 4],
  ["services: [{service: service-0001, region: ap-northeast-1, wave: 1e99}]", 3],
  ["services: [{config: fleet.yml}]", 3],
  ["services: [{config: '*.yml'}]", 3],
  [`services: [{config: nowhere.yml}, ${ONE}]`, 3],
  [`services: [${ONE}, {service: 'arn:aws:ecs:ap-northeast-1:210987654321:service/default/b'}]`, 4],
  [`services: [{service: {{ must_env \`NOT_SET\` }}, region: ap-northeast-1}]`, 3],
];

async function check(args: readonly string[], files: Record<string, string>, code: number): Promise<void> {
  const emulator = fleet({ services: 2 });
  const from = emulator.calls.length;
  const startedAtMs = performance.now();
  const { code: ended, stdout, stderr } = await runInProcess(emulator, args, { files, isFleet: true });
  assert.equal(ended, code, stderr);
  assert.doesNotMatch(stderr, /^ {4}at |unforeseen|undefined|\[object|NaN|\u001b|^::/m);
  assert.ok(stdout.length + stderr.length < 20_000, "too much is said");
  const changes = emulator.calls.slice(from).filter(({ operation, applied }) => applied && !isRead(operation));
  assert.deepEqual(changes.map(({ operation }) => operation), []);
  assert.ok(performance.now() - startedAtMs < 5_000, "it takes too long");
}

Deno.test("a plan file that is wrong, or made up, changes nothing", async () => {
  for (const [from, to, code] of PLANS) {
    const plan = PLAN.replace(from, to);
    assert.notEqual(plan, PLAN, String(from));
    await check(["rollback", "--plan", "plan.json"], { "plan.json": plan }, code);
  }
});

Deno.test("a fleet file that is wrong, or made up, changes nothing", async () => {
  for (const [text, code] of FLEETS) {
    await check(["rollback", "--fleet", "fleet.yml", "--revision", "previous"], { "fleet.yml": text }, code);
  }
});
