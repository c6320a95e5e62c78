import { listOf, type Policy, type Statement } from "../emulator/policy.ts";

/** What the tables of `docs/permissions.md` allow, which the tests grant and the policies of the page are made of. */

/** What a permission is without: the command fails, refuses, leaves work undone, does not roll back, or says less. */
export type Loss = "fails" | "refuses" | "leaves work" | "no rollback" | "says less";

/** A row of the table: a statement, with what happens without it. */
export interface Permission extends Statement {
  readonly loss: Loss;
}

const LOSSES: readonly string[] = ["fails", "refuses", "leaves work", "no rollback", "says less"] satisfies Loss[];

/**
 * The rows by each use that they are for, such as `rollback --deregister`.
 *
 * @throws Error for a row whose resource or loss the page does not explain
 */
export function readPermissions(markdown: string): ReadonlyMap<string, readonly Permission[]> {
  const resources = new Map(
    rowsBelow(markdown, "on").map(([on, arns, condition]) => [on!, {
      Resource: codesIn(arns!),
      ...(condition === "" ? {} : { Condition: JSON.parse(codesIn(condition!)[0]!) }),
    }]),
  );
  const permissions = new Map<string, Permission[]>();
  for (const [actions, on, uses, loss] of rowsBelow(markdown, "permission")) {
    const resource = resources.get(on!);
    if (resource === undefined) throw new Error(`docs/permissions.md does not say what ${on} is`);
    if (!LOSSES.includes(loss!)) throw new Error(`docs/permissions.md does not say what "${loss}" means`);
    const row: Permission = { Effect: "Allow", Action: codesIn(actions!), ...resource, loss: loss as Loss };
    for (const use of uses!.replaceAll("`", "").split(", ")) {
      permissions.set(use, [...permissions.get(use) ?? [], row]);
    }
  }
  return permissions;
}

/** The rows of the table whose first column has this heading, each cell trimmed. */
function rowsBelow(markdown: string, heading: string): string[][] {
  const [table] = new RegExp(`(?<=^\\| ${heading} +\\|.*\\n\\|.*\\n)(?:\\|.*\\n)+`, "m").exec(markdown) ?? [""];
  return table.trimEnd().split("\n").map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));
}

function codesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
}

/**
 * One policy that allows what the statements do. Statements on the resources of one API become one where that allows
 * nothing more: where each action that meets a further resource is one that AWS never checks against its type.
 */
export function mergePolicy(statements: readonly Statement[]): Policy {
  const grants = statements.flatMap(({ Action, Resource, Condition }) =>
    listOf(Action).flatMap((action) => listOf(Resource).map((resource): Grant => ({ action, resource, Condition })))
  );
  const needed = grants.filter((grant) => !grants.some((other) => covers(other, grant)));
  const groups: Grant[][] = [];
  for (const grant of needed) {
    const group = groups.find((group) => canJoin(group, grant, needed));
    if (group === undefined) groups.push([grant]);
    else group.push(grant);
  }
  return { Version: "2012-10-17", Statement: groups.map(statementOf) };
}

interface Grant {
  readonly action: string;
  readonly resource: string;
  readonly Condition: Statement["Condition"];
}

const sameCondition = (one: Grant, other: Grant) => JSON.stringify(one.Condition) === JSON.stringify(other.Condition);

/** Whether what one grant allows is a part of what another one does. */
function covers(wide: Grant, grant: Grant): boolean {
  return wide.action === grant.action && sameCondition(wide, grant) && wide.resource !== grant.resource &&
    wide.resource.endsWith("/*") && grant.resource.startsWith(wide.resource.slice(0, -1));
}

/** Whether a statement can take one more grant, and allow nothing besides. */
function canJoin(group: readonly Grant[], grant: Grant, all: readonly Grant[]): boolean {
  const isNew = (action: string, resource: string) =>
    all.every((one) => one.action !== action || one.resource !== resource || !sameCondition(one, grant)) &&
    all.some((one) => one.action === action && typeOf(one.resource) === typeOf(resource));
  return sameCondition(group[0]!, grant) &&
    (group[0]!.resource === "*") === (grant.resource === "*") &&
    (grant.resource === "*" || group[0]!.action.split(":")[0] === grant.action.split(":")[0]) &&
    group.every(({ action, resource }) => !isNew(action, grant.resource) && !isNew(grant.action, resource));
}

/** Of `arn:aws:ecs:REGION:ACCOUNT:service/default/myservice` it is `service`. */
function typeOf(arn: string): string | undefined {
  return arn.split(":")[5]?.split("/")[0];
}

function statementOf(grants: readonly Grant[]): Statement {
  const oneOrAll = (values: readonly string[]) => {
    const each = [...new Set(values)];
    return each.length === 1 ? each[0]! : each;
  };
  const [{ Condition }] = grants as [Grant];
  return {
    Effect: "Allow",
    Action: oneOrAll(grants.map(({ action }) => action).toSorted()),
    Resource: oneOrAll(grants.map(({ resource }) => resource)),
    ...(Condition === undefined ? {} : { Condition }),
  };
}
