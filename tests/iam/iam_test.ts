import assert from "node:assert/strict";
import { listOf, type Policy, type Statement } from "../emulator/policy.ts";
import { myservice } from "../emulator/myservice.ts";
import { runInProcess } from "../in_process.ts";
import { readPolicies } from "./read_policies.ts";
import { type Scene, SCENES } from "./scenes.ts";

/** Every permission that `docs/iam.md` grants is needed, and what it grants is enough. */

const ROOT = new URL("../../", import.meta.url);
const DOCUMENT = await Deno.readTextFile(new URL("docs/iam.md", ROOT));
const { policies, trust } = readPolicies(DOCUMENT);

/** What the name of a statement says of a run without it. */
type Kind = "Needed" | "Cleanup" | "TakeBack" | "Optional";

function kindOf({ Sid = "" }: Statement): Kind {
  const [kind] = /^(?:Needed|Cleanup|TakeBack|Optional)(?=[A-Z])/.exec(Sid) ?? [];
  if (kind === undefined) throw new Error(`the statement ${Sid} does not say what comes of it when it is missing`);
  return kind as Kind;
}

function policyOf(heading: string): Policy {
  const policy = policies.get(heading);
  if (policy === undefined) throw new Error(`docs/iam.md has no policy below ${heading}`);
  return policy;
}

interface Ran {
  readonly code: number;
  /** The actions that were refused, as the output names them. */
  readonly named: ReadonlySet<string>;
  /** Whether a call was refused. */
  readonly wasRefused: boolean;
}

/**
 * What is left of other statements for who lacks these actions: what is optional may be an action that is needed as well,
 * on further resources. It is then the optional one that is lacking, and otherwise both.
 */
function without(lost: ReadonlySet<string>, statements: readonly Statement[], kind: Kind): readonly Statement[] {
  if (kind === "Optional") return statements;
  return statements.map((statement) => ({
    ...statement,
    Action: listOf(statement.Action).filter((action) => !lost.has(action)),
  })).filter(({ Action }) => Action.length > 0);
}

/** Runs a scene with the statements of its option, and with its command's, but for the actions that are lost. */
async function run(
  { args, world = myservice, options, with: others = [] }: Scene,
  own: readonly Statement[],
  lost: ReadonlySet<string> = new Set(),
  kind: Kind = "Optional",
): Promise<Ran> {
  const ofCommand = without(lost, others.flatMap((heading) => policyOf(heading).Statement), kind);
  const emulator = world();
  emulator.authorize({ Version: "2012-10-17", Statement: [...ofCommand, ...own] });
  const { code, stdout, stderr } = await runInProcess(emulator, args.split(" "), options);
  const named = [...`${stdout}${stderr}`.matchAll(/not authorized to perform: (\S+)/g)].map(([, action]) => action!);
  const wasRefused = emulator.calls.some(({ outcome }) => outcome.startsWith("AccessDenied"));
  return { code, named: new Set(named), wasRefused };
}

/** The ways in which a statement can grant less: without one action, without one resource, and not at all. */
function* lessOf(statement: Statement): Generator<{ what: string; left: readonly Statement[]; lost: Set<string> }> {
  const [actions, resources] = [listOf(statement.Action), listOf(statement.Resource)];
  for (const action of actions) {
    const Action = actions.filter((other) => other !== action);
    yield { what: action, left: Action.length === 0 ? [] : [{ ...statement, Action }], lost: new Set([action]) };
  }
  for (const resource of resources.length > 1 ? resources : []) {
    const Resource = resources.filter((other) => other !== resource);
    yield { what: `${statement.Sid} on ${resource}`, left: [{ ...statement, Resource }], lost: new Set(actions) };
  }
  if (actions.length > 1) yield { what: `${statement.Sid}`, left: [], lost: new Set(actions) };
}

/** What a run without a permission of this kind may end with. */
const ENDS: Readonly<Record<Kind, (code: number, withAll: number) => boolean>> = {
  Needed: (code) => code === 5,
  // A deploy that has failed is no less failed.
  Cleanup: (code, withAll) => code === (withAll === 0 ? 8 : withAll),
  TakeBack: (code) => code === 7,
  Optional: (code, withAll) => code === withAll,
};

for (const [heading, scenes] of Object.entries(SCENES)) {
  Deno.test(`${heading}: what docs/iam.md allows is enough`, async () => {
    for (const scene of scenes) {
      const { code, named, wasRefused } = await run(scene, policyOf(heading).Statement);
      assert.deepEqual({ code, named: [...named], wasRefused }, {
        code: scene.code ?? 0,
        named: [],
        wasRefused: false,
      });
    }
  });

  for (const statement of policies.get(heading)?.Statement ?? []) {
    const kind = kindOf(statement);
    const others = policyOf(heading).Statement.filter((other) => other !== statement);
    for (const { what, left, lost } of lessOf(statement)) {
      Deno.test(`${heading}: without ${what}`, async () => {
        let proofs = 0;
        for (const scene of scenes) {
          const { code, named, wasRefused } = await run(scene, [...without(lost, others, kind), ...left], lost, kind);
          const withAll = scene.code ?? 0;
          if (!wasRefused) {
            assert.equal(code, withAll, `${scene.args} ends otherwise, and nothing was refused`);
            continue;
          }
          assert.deepEqual([...named].filter((action) => !lost.has(action)), [], scene.args);
          const isProof = named.size > 0 && ENDS[kind](code, withAll);
          assert.ok(isProof || code === withAll, `${scene.args} ends with ${code}, and names ${[...named]}`);
          if (isProof) proofs++;
        }
        assert.ok(proofs > 0, `nothing shows that ${what} is ${kind}`);
      });
    }
  }
}

Deno.test("every policy of docs/iam.md is proven, and every command has a section in it", async () => {
  assert.deepEqual([...policies.keys()].toSorted(), Object.keys(SCENES).toSorted());
  const transcripts = await Array.fromAsync(Deno.readDir(new URL("tests/transcripts/", ROOT)), ({ name }) => name);
  const commands = transcripts.flatMap((name) => /^help_(.*)\.txt$/.exec(name)?.[1] ?? []);
  assert.ok(commands.length >= 10);
  for (const command of commands) assert.ok(DOCUMENT.includes(`\n## ${command}\n`), `${command} has no section`);
});

Deno.test("the README's policy is what deploy and rollback need", async () => {
  const text = await Deno.readTextFile(new URL("README.md", ROOT));
  const readme = readPolicies(/^## IAM permissions\n[^]*?(?=^## )/m.exec(text)![0]).policies;
  assert.deepEqual([...readme.keys()], ["IAM permissions"]);
  const grants = (statements: readonly Statement[]) =>
    new Set(
      statements.flatMap(({ Action, Resource, Condition }) =>
        listOf(Action).flatMap((action) =>
          listOf(Resource).map((resource) => JSON.stringify([action, resource, Condition]))
        )
      ),
    );
  const needed = ["deploy", "rollback", "rollback --revision previous"]
    .flatMap((heading) => policyOf(heading).Statement).filter((statement) => kindOf(statement) === "Needed");
  assert.deepEqual(grants(readme.get("IAM permissions")!.Statement), grants(needed));
});

Deno.test("the trust policies name one role, and one audience and environment", () => {
  const [ofRole, ofGithub] = trust.map((policy) => {
    const { Statement } = policy as { Statement: { Action: string; Principal: unknown; Condition?: unknown }[] };
    assert.equal(Statement.length, 1);
    return Statement[0]!;
  });
  assert.equal(trust.length, 2);
  assert.equal(ofRole?.Action, "sts:AssumeRole");
  assert.deepEqual(ofRole.Principal, { AWS: "arn:aws:iam::123456789012:role/ci" });
  assert.equal(ofGithub?.Action, "sts:AssumeRoleWithWebIdentity");
  assert.match(
    JSON.stringify(ofGithub.Condition),
    /:aud":"sts\.amazonaws\.com".*:sub":"repo:[^*]*:environment:[^*]*"/,
  );
});
