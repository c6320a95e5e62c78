/** Identity-based policies of AWS IAM, as far as those of the documents need. */

/** A policy as IAM takes it. */
export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  /** By operator, then by key. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** One permission that a call takes: an action on a resource, under the circumstances that conditions can ask for. */
export interface Demand {
  readonly action: string;
  /** An ARN, or `*` for an action that is not judged by resource. */
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
}

const MEMBERS = new Set(["Sid", "Effect", "Action", "Resource", "Condition"]);
const MATCHERS: Readonly<Record<string, (pattern: string, value: string) => boolean>> = {
  StringEquals: (pattern, value) => pattern === value,
  StringLike: matches,
  // IAM takes wildcards in both.
  ArnEquals: matches,
  ArnLike: matches,
};
/** Whether a key is not there at all (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html). */
const NULL = "Null";

/**
 * Checks that a value is a policy of the kind that is understood here: what is not must not be taken to allow anything.
 *
 * @throws Error that says what is not understood
 */
export function parsePolicy(value: unknown): Policy {
  const { Version, Statement, ...others } = value as Policy;
  if (Version !== "2012-10-17" || !Array.isArray(Statement) || Object.keys(others).length > 0) {
    throw new Error("a policy has a Version, which is 2012-10-17, and Statements");
  }
  for (const statement of Statement as Statement[]) {
    const unknown = Object.keys(statement).filter((member) => !MEMBERS.has(member));
    if (unknown.length > 0) throw new Error(`a statement with ${unknown.join(", ")} is not understood`);
    if (statement.Effect !== "Allow" && statement.Effect !== "Deny") {
      throw new Error(`the effect ${statement.Effect} is not understood`);
    }
    const isText = (one: unknown) => typeof one === "string" && one !== "";
    if (![...listOf(statement.Action), ...listOf(statement.Resource)].every(isText)) {
      throw new Error("a statement needs an Action and a Resource");
    }
    if (!/^[0-9A-Za-z]*$/.test(statement.Sid ?? "")) throw new Error(`the Sid ${statement.Sid} has more than letters`);
    for (const operator of Object.keys(statement.Condition ?? {})) {
      if (operator !== NULL && !Object.hasOwn(MATCHERS, operator)) {
        throw new Error(`the operator ${operator} is not understood`);
      }
    }
  }
  return { Version, Statement };
}

/** Whether one of the policy's statements allows what is demanded, and none denies it. */
export function allows({ Statement }: Policy, demand: Demand): boolean {
  const effects = Statement.filter((statement) => isAbout(statement, demand)).map(({ Effect }) => Effect);
  return effects.includes("Allow") && !effects.includes("Deny");
}

function isAbout({ Action, Resource, Condition = {} }: Statement, demand: Demand): boolean {
  return listOf(Action).some((action) => matches(action.toLowerCase(), demand.action.toLowerCase())) &&
    listOf(Resource).some((resource) => matches(resource, demand.resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => {
        const value = demand.context[key];
        if (operator === NULL) return listOf(wanted).includes(String(value === undefined));
        return value !== undefined && listOf(wanted).some((one) => MATCHERS[operator]!(one, value));
      })
    );
}

/** A single value may stand without its list. */
export function listOf(value: string | readonly string[]): readonly string[] {
  return Array.isArray(value) ? value : [value as string];
}

/** `*` stands for any text, `?` for any character. */
function matches(pattern: string, value: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(`^${escaped}$`, "s").test(value);
}
