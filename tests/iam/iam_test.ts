import assert from "node:assert/strict";
import { listOf, parsePolicy, type Policy, type Statement } from "../emulator/policy.ts";
import { myservice } from "../emulator/myservice.ts";
import { runInProcess } from "../in_process.ts";
import { type Loss, type Permission, readPermissions } from "./permissions.ts";
import type { Scene } from "./scene.ts";
import { SCENES } from "./scenes.ts";

/** Every permission in the table of `docs/permissions.md` is needed, what it grants is enough, and so is each job's policy. */

const ROOT = new URL("../../", import.meta.url);
const TABLE = await Deno.readTextFile(new URL("docs/permissions.md", ROOT));
const DOCUMENT = await Deno.readTextFile(new URL("docs/iam.md", ROOT));
const PERMISSIONS = readPermissions(TABLE);

function permissionsFor(use: string): readonly Permission[] {
  const permissions = PERMISSIONS.get(use);
  if (permissions === undefined) throw new Error(`docs/permissions.md has no row for ${use}`);
  return permissions;
}

interface Ran {
  readonly code: number;
  /** The actions that were refused, as the output names them. */
  readonly named: ReadonlySet<string>;
  /** Whether a call was refused. */
  readonly wasRefused: boolean;
  /** Of the policies that it was compared with, those that would have refused a call. */
  readonly refusing: ReadonlySet<Policy>;
}

/**
 * What is left of other statements for who lacks these actions: what is optional may be an action that is needed as well,
 * on further resources. It is then the optional one that is lacking, and otherwise both.
 */
function without(lost: ReadonlySet<string>, statements: readonly Statement[], loss: Loss): readonly Statement[] {
  if (loss === "says less") return statements;
  return statements.map((statement) => ({
    ...statement,
    Action: listOf(statement.Action).filter((action) => !lost.has(action)),
  })).filter(({ Action }) => Action.length > 0);
}

/** The permissions of a scene's option, and its command's, but for the actions that are lost. */
function policyWithout(scene: Scene, own: readonly Statement[], lost: ReadonlySet<string>, loss: Loss): Policy {
  const ofCommand = without(lost, (scene.with ?? []).flatMap(permissionsFor), loss);
  return { Version: "2012-10-17", Statement: [...ofCommand, ...own] };
}

async function run(
  { args, world = myservice, options }: Scene,
  policy: Policy,
  compared: readonly Policy[] = [],
): Promise<Ran> {
  const emulator = world();
  emulator.authorize(policy);
  emulator.compare(compared);
  const { code, stdout, stderr } = await runInProcess(emulator, args.split(" "), options);
  const named = [...`${stdout}${stderr}`.matchAll(/not authorized to perform: ([\w-]+:\w+)/g)].map(([, action]) =>
    action!
  );
  const wasRefused = emulator.calls.some(({ outcome }) => /^(?:AccessDenied|UnauthorizedOperation)/.test(outcome));
  return {
    code,
    named: new Set(named),
    wasRefused,
    refusing: new Set(compared.filter((one) => emulator.wouldRefuse(one))),
  };
}

/** The ways in which a row can grant less: without one action, without one resource, and not at all. */
function* lessOf(row: Permission): Generator<{ what: string; left: readonly Statement[]; lost: Set<string> }> {
  const [actions, resources] = [listOf(row.Action), listOf(row.Resource)];
  for (const action of actions) {
    const Action = actions.filter((other) => other !== action);
    yield { what: action, left: Action.length === 0 ? [] : [{ ...row, Action }], lost: new Set([action]) };
  }
  for (const resource of resources.length > 1 ? resources : []) {
    const Resource = resources.filter((other) => other !== resource);
    yield { what: `${actions} on ${resource}`, left: [{ ...row, Resource }], lost: new Set(actions) };
  }
  if (actions.length > 1) yield { what: `${actions}`, left: [], lost: new Set(actions) };
}

/** What a run without a permission may end with. */
const ENDS: Readonly<Record<Loss, (code: number, withAll: number) => boolean>> = {
  "fails": (code) => code === 5,
  "refuses": (code) => code === 4,
  // A deploy that has failed is no less failed.
  "leaves work": (code, withAll) => code === (withAll === 0 ? 8 : withAll),
  "no rollback": (code) => code === 7,
  "says less": (code, withAll) => code === withAll,
};

function assertUnrefused({ code, named, wasRefused }: Ran, scene: Scene): void {
  assert.deepEqual({ code, named: [...named], wasRefused }, { code: scene.code ?? 0, named: [], wasRefused: false });
}

/** A way to grant a use less: for each of its scenes, the policy that is left. */
interface Less {
  readonly what: string;
  readonly loss: Loss;
  readonly lost: ReadonlySet<string>;
  readonly policies: ReadonlyMap<Scene, Policy>;
}

function lessFor(use: string, scenes: readonly Scene[]): readonly Less[] {
  return (PERMISSIONS.get(use) ?? []).flatMap((row) => {
    const { loss } = row;
    const others = permissionsFor(use).filter((other) => other !== row);
    return [...lessOf(row)].map(({ what, left, lost }) => {
      const own = [...without(lost, others, loss), ...left];
      const policies = new Map(scenes.map((scene) => [scene, policyWithout(scene, own, lost, loss)]));
      return { what, loss, lost, policies };
    });
  });
}

for (const [use, scenes] of Object.entries(SCENES)) {
  const allLess = lessFor(use, scenes);
  const runs = new Map<Scene, Promise<Ran>>();
  /** With all that the table allows; made once, which also shows for what else a scene would have to be run. */
  const runWithAll = (scene: Scene): Promise<Ran> => {
    const Statement = [...scene.with ?? [], use].flatMap(permissionsFor);
    const compared = allLess.map(({ policies }) => policies.get(scene)!);
    const ran = runs.get(scene) ?? run(scene, { Version: "2012-10-17", Statement }, compared);
    runs.set(scene, ran);
    return ran;
  };

  Deno.test(`${use}: what docs/permissions.md allows is enough`, async () => {
    for (const scene of scenes) assertUnrefused(await runWithAll(scene), scene);
  });

  for (const { what, loss, lost, policies } of allLess) {
    Deno.test(`${use}: without ${what}`, async () => {
      let proofs = 0;
      for (const [scene, policy] of policies) {
        // What refuses none of the calls leaves the run as it was.
        if (!(await runWithAll(scene)).refusing.has(policy)) continue;
        const { code, named, wasRefused } = await run(scene, policy);
        const withAll = scene.code ?? 0;
        assert.ok(wasRefused, scene.args);
        assert.deepEqual([...named].filter((action) => !lost.has(action)), [], scene.args);
        const isProof = named.size > 0 && ENDS[loss](code, withAll);
        assert.ok(isProof || code === withAll, `${scene.args} ends with ${code}, and names ${[...named]}`);
        if (isProof) proofs++;
      }
      assert.ok(proofs > 0, `nothing shows what happens without ${what}`);
    });
  }
}

Deno.test("every row of docs/permissions.md is proven, and every command is in it", async () => {
  assert.deepEqual([...PERMISSIONS.keys()].toSorted(), Object.keys(SCENES).toSorted());
  const transcripts = await Array.fromAsync(Deno.readDir(new URL("tests/transcripts/", ROOT)), ({ name }) => name);
  const commands = transcripts.flatMap((name) => /^help_(.*)\.txt$/.exec(name)?.[1] ?? []);
  assert.ok(commands.length >= 10);
  for (const command of commands) {
    assert.ok(TABLE.includes(`\`${command}\``), `${command} is not in docs/permissions.md`);
  }
});

/** The policies to copy of a page, with the uses that each is for. */
function readPolicies(page: string): { readonly uses: readonly string[]; readonly policy: Policy }[] {
  return [...page.matchAll(/^<!-- from the program: policy (.+) -->\n+```json\n([^]*?)^```$/gm)]
    .map(([, names, json]) => ({ uses: names!.split(", "), policy: parsePolicy(JSON.parse(json!)) }));
}

const JOBS = readPolicies(DOCUMENT);

async function assertEnough(policy: Policy, uses: readonly string[], all: readonly string[] = uses): Promise<void> {
  const scenes = uses.flatMap((use) => SCENES[use]!).filter((scene) =>
    (scene.with ?? []).every((use) => all.includes(use))
  );
  assert.ok(scenes.length >= uses.length);
  for (const scene of scenes) assertUnrefused(await run(scene, policy), scene);
}

Deno.test("the policy of each job is enough for all that it is for", async () => {
  assert.equal(JOBS.length, 3);
  for (const { uses, policy } of JOBS) await assertEnough(policy, uses);
});

Deno.test("what is attached beside the policy to roll back is enough for the options that write tags", async () => {
  const rollback = JOBS.find(({ uses }) => uses[0] === "rollback")!;
  const beside = readPolicies(TABLE);
  assert.deepEqual(beside.map(({ uses }) => uses), [["rollback --fast", "rollback --hold", "rollback --reason"]]);
  for (const { uses, policy } of beside) {
    const both = { ...policy, Statement: [...rollback.policy.Statement, ...policy.Statement] };
    await assertEnough(both, uses, [...uses, ...rollback.uses]);
  }
});

interface TrustStatement {
  readonly Action: string;
  readonly Principal: unknown;
  readonly Condition?: unknown;
}

Deno.test("the trust policies name one role, and one audience and environment", async () => {
  const ci = await Deno.readTextFile(new URL("docs/ci.md", ROOT));
  const trust = [...(TABLE + ci).matchAll(/^```json\n([^]*?)^```$/gm)].map(([, json]) => JSON.parse(json!).Statement)
    .filter((statements) => statements?.[0].Principal !== undefined);
  assert.deepEqual(trust.map(({ length }) => length), [1, 1]);
  const [[ofRole], [ofGithub]] = trust as [[TrustStatement], [TrustStatement]];
  assert.equal(ofRole.Action, "sts:AssumeRole");
  assert.deepEqual(ofRole.Principal, { AWS: "arn:aws:iam::123456789012:role/ci" });
  assert.equal(ofGithub.Action, "sts:AssumeRoleWithWebIdentity");
  assert.match(
    JSON.stringify(ofGithub.Condition),
    /:aud":"sts\.amazonaws\.com".*:sub":"repo:[^*]*:environment:[^*]*"/,
  );
});
