/**
 * Writes src/aws/enum_members.ts from what the AWS SDK declares: `deno task enums`, whenever the SDK has a new version.
 * Its schemas know a member with a fixed set of values only as a text. tests/unit/aws/enum_members_test.ts compares.
 */

const MODELS = "node_modules/@aws-sdk/client-ecs/dist-types/models/";
const ROOTS = ["RegisterTaskDefinitionRequest", "CreateServiceRequest", "UpdateServiceRequest"];
export const ENUM_MEMBERS_FILE = "src/aws/enum_members.ts";

interface Member {
  readonly type: string;
  /** Whether the member is neither a list nor a map. */
  readonly isPlain: boolean;
}

type Structures = ReadonlyMap<string, ReadonlyMap<string, Member>>;

/** Returns the text that the file must have. */
export async function writeEnumMembers(): Promise<string> {
  const read = (name: string) => Deno.readTextFile(`${MODELS}${name}.d.ts`);
  const enums = new Set((await read("enums")).matchAll(/^export declare const (\w+): \{$/gm).map(([, name]) => name!));
  const structures = readStructures(`${await read("models_0")}\n${await read("models_1")}`);
  const lines = reachable(structures).flatMap((name) => {
    const members = [...structures.get(name)!].filter(([, { type, isPlain }]) => isPlain && enums.has(type))
      .map(([member]) => `"${member}"`);
    return members.length === 0 ? [] : [`  ${name}: [${members.sort().join(", ")}],\n`];
  });
  return `/** Written by \`deno task enums\` from what the AWS SDK declares. */

/** The members of both definitions that take one of a few texts, by the structure that has them; no lists of such. */
export const ENUM_MEMBERS: Readonly<Record<string, readonly string[]>> = {
${lines.join("")}};
`;
}

/** The members of all structures and unions that the SDK declares, with their types, or those of a list's elements. */
function readStructures(declarations: string): Structures {
  return new Map([
    ...readBlocks(declarations, /^export interface (\w+) \{\n([^]*?)^\}/gm, /^ {4}(\w+)\??: (.*);$/gm),
    ...readBlocks(declarations, /^export declare namespace (\w+) \{\n([^]*?)^\}/gm, /^ {8}(\w+): (\w.*);$/gm),
  ]);
}

function* readBlocks(declarations: string, blocks: RegExp, members: RegExp): Generator<[string, Map<string, Member>]> {
  for (const [, name, body] of declarations.matchAll(blocks)) {
    const entries = body!.matchAll(members).map(([, member, declared]): [string, Member] => {
      const [, map, type, list] = /^(Record<string, )?(\w+)(\[\])?/.exec(declared!)!;
      return [member!, { type: type!, isPlain: map === undefined && list === undefined }];
    });
    yield [name!, new Map(entries)];
  }
}

/** The structures that the requests are made of, in the order of their names. */
function reachable(structures: Structures): readonly string[] {
  const found = new Set<string>();
  const pending = [...ROOTS];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const members = structures.get(name);
    if (members === undefined || found.has(name)) continue;
    found.add(name);
    for (const { type } of members.values()) pending.push(type);
  }
  return [...found].sort();
}

if (import.meta.main) await Deno.writeTextFile(ENUM_MEMBERS_FILE, await writeEnumMembers());
