import { type AwsError, optional } from "../errors.ts";
import { type JsonObject, numberIn, objectIn, textIn, textsIn } from "../model/json.ts";
import type { Decision, DeepChecker, Key } from "../model/ports.ts";
import {
  type ArnDefaults,
  findFargatePermissions,
  findReadPermissions,
  type RequiredPermission,
} from "./required_permissions.ts";
import type { Reference } from "./find_references.ts";
import { type CheckResult, MISSING, THERE, type Verified } from "./verify_references.ts";

/** A task definition and its service, both in the API's JSON, and what the definition names. */
export interface DeepSubject {
  readonly definition: JsonObject;
  readonly service: JsonObject;
  readonly references: readonly Reference[];
}

/**
 * Whether the execution role may read what it has to, the keys can be used and the subnets have free addresses. Checks
 * run at the same time, except those that need the key of a secret first. What cannot be read is unknown.
 */
export async function verifyDeeply(deep: DeepSubject, checker: DeepChecker, signal: AbortSignal): Promise<Verified[]> {
  const verification = new DeepVerification(checker, signal, textIn(deep.definition.executionRoleArn));
  const [ofFargate, ofReads, addresses] = await Promise.all([
    verification.verifyFargate(deep),
    verification.verifyReads(deep.references),
    verification.verifyAddresses(deep),
  ]);
  return [...ofFargate, ...ofReads, ...addresses];
}

class DeepVerification {
  constructor(
    private readonly checker: DeepChecker,
    private readonly signal: AbortSignal,
    private readonly roleArn: string | undefined,
  ) {}

  async verifyFargate({ definition, references }: DeepSubject): Promise<Verified[]> {
    const defaults = await this.#findArnDefaults();
    return defaults === undefined
      ? []
      : await this.#verifyPermissions(findFargatePermissions(definition, references, defaults));
  }

  /** Uses the ARNs and keys that AWS says the secrets and parameters have. */
  async verifyReads(references: readonly Reference[]): Promise<Verified[]> {
    const read = await Promise.all(references.flatMap((reference) => this.#readEncrypted(reference)));
    const found = read.flatMap(({ value, isSecret }) => value === undefined ? [] : [{ ...value, isSecret }]);
    const ids = [...new Set(found.flatMap(({ key }) => key ?? []))];
    const arns = (isSecret: boolean) => found.filter((one) => one.isSecret === isSecret).map(({ arn }) => arn);
    const required = findReadPermissions(references, { secrets: arns(true), parameters: arns(false) });
    const [permissions, keys] = await Promise.all([this.#verifyPermissions(required), this.#verifyKeys(ids)]);
    // The same secret may be named more than once, by its keys and versions.
    const unread = new Map(read.flatMap(({ verified }) => verified ? [[verified.reference.name, verified]] : []));
    return [...permissions, ...unread.values(), ...keys];
  }

  async verifyAddresses({ service, definition }: DeepSubject): Promise<Verified[]> {
    const needs = findAddressNeeds(service, definition);
    if (needs === undefined) return [];
    const { value, denied } = await this.#try(this.checker.readFreeAddresses(needs.subnets, this.signal));
    return denied
      ? needs.subnets.map((name) => unknown({ kind: "subnet", name }, denied))
      : judgeAddresses(needs, value);
  }

  #readEncrypted(reference: Reference) {
    const isSecret = reference.kind === "secret" || reference.kind === "secretVersion";
    if (!isSecret && reference.kind !== "parameter") return [];
    const reading = isSecret
      ? this.checker.readSecret(reference.version.arn, this.signal)
      : this.checker.readParameter(reference.name.replace(/:\d+$/, ""), this.signal);
    return [
      this.#try(reading).then(({ value, denied }) => ({
        value,
        isSecret,
        verified: denied && unknown({ kind: "keyOf", of: reference.kind, name: reference.name }, denied),
      })),
    ];
  }

  async #verifyKeys(ids: readonly string[]): Promise<Verified[]> {
    const verified = await Promise.all(ids.map(async (id): Promise<Verified[]> => {
      const reference = { kind: "key", name: id } as const;
      const { value: key, denied } = await this.#try(this.checker.readKey(id, this.signal));
      // Without AWS's answer, it is not known which key an alias stands for.
      const known = key?.arn ?? (id.includes(":key/") ? id : undefined);
      const required = known === undefined || key?.isAwsManaged
        ? []
        // The key's own policy may allow it, too.
        : [{ actions: ["kms:Decrypt"], resources: [known], mayBeGrantedByResource: true }];
      const may = await this.#verifyPermissions(required);
      if (denied) return [unknown(reference, denied), ...may];
      // A key that AWS manages exists, and is open to the services that use it.
      if (key?.isAwsManaged) return [];
      return [{ reference, ...judgeKeyState(key) }, ...may];
    }));
    return verified.flat();
  }

  async #verifyPermissions(required: readonly RequiredPermission[]): Promise<Verified[]> {
    const { roleArn } = this;
    if (roleArn === undefined) return [];
    const verified = await Promise.all(required.map(async (permission): Promise<Verified[]> => {
      const { actions, resources } = permission;
      const simulating = this.checker.simulate(roleArn, actions, resources, this.signal);
      const { value = [], denied } = await this.#try(simulating);
      return actions.flatMap((action) =>
        resources.map((resource): Verified => {
          const reference = { kind: "permission", action, name: resource } as const;
          if (denied) return unknown(reference, denied);
          const decision = value.find((one) => one.action === action && one.resource === resource);
          return { reference, ...judgeDecision(decision, permission) };
        })
      );
    }));
    return verified.flat();
  }

  /** In the account of the execution role: a task cannot have a role of another account. */
  async #findArnDefaults(): Promise<ArnDefaults | undefined> {
    const [, partition, , , accountId] = this.roleArn?.split(":") ?? [];
    if (partition === undefined || accountId === undefined) return undefined;
    return { partition, accountId, region: await this.checker.readRegion() };
  }

  #try<Part>(part: Promise<Part>) {
    return optional(part, () => !this.signal.aborted);
  }
}

function unknown(reference: Verified["reference"], error: AwsError): Verified {
  return { reference, state: "unknown", reason: { code: "noAnswer", failure: error.failure } };
}

// Judges what the checks have found. Pure.

/** Where no policy of the role allows it, one of the resource still may: the simulation does not look at those. */
export function judgeDecision(
  found: Decision | undefined,
  { mayBeGrantedByResource }: Pick<RequiredPermission, "mayBeGrantedByResource">,
): CheckResult {
  if (found === undefined) return { state: "unknown", reason: { code: "notSimulated" } };
  const { decision, missingContext } = found;
  if (decision === "allowed") return THERE;
  if (missingContext.length > 0) {
    return { state: "unknown", reason: { code: "dependsOnConditions", keys: missingContext } };
  }
  if (decision === "explicitDeny") return { state: "missing", reason: { code: "deniedByPolicy" } };
  return mayBeGrantedByResource ? { state: "unknown", reason: { code: "notOfRole" } } : MISSING;
}

/** The states in which a key decrypts nothing: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
const UNUSABLE = new Set(["Disabled", "PendingDeletion", "PendingImport", "PendingReplicaDeletion", "Unavailable"]);

export function judgeKeyState(key: Pick<Key, "state"> | undefined): CheckResult {
  if (key === undefined) return MISSING;
  const { state } = key;
  if (state === "Enabled" || state === "Updating") return THERE;
  return { state: UNUSABLE.has(state) ? "unfit" : "unknown", reason: { code: "keyState", state } };
}

/** @param found free addresses of the subnets that exist; `undefined`: IPv6 only, so practically unlimited */
export function judgeAddresses(
  { subnets, tasks }: AddressNeeds,
  found: ReadonlyMap<string, number | undefined>,
): Verified[] {
  const each = subnets.map((name): Verified => {
    const reference = { kind: "subnet", name } as const;
    if (!found.has(name)) return { reference, ...MISSING };
    const free = found.get(name);
    return { reference, state: "there", reason: free === undefined ? undefined : { code: "freeAddresses", free } };
  });
  const free = [...found.values()].reduce((sum: number, one = Infinity) => sum + one, 0);
  if (found.size === 0 || free >= tasks) return each;
  const reference = { kind: "subnets", name: subnets.join(" ") } as const;
  return [...each, { reference, state: "unfit", reason: { code: "fewAddresses", free, tasks } }];
}

/** The subnets of a service's tasks, and how many tasks a rollout starts before it stops others. */
interface AddressNeeds {
  readonly subnets: readonly string[];
  readonly tasks: number;
}

/**
 * For a service (in the API's JSON) whose tasks have their own network interfaces; `undefined` for all others. A
 * rolling deployment runs up to `maximumPercent` of the desired tasks at once, other strategies run all of them twice:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html. Pure.
 */
export function findAddressNeeds(service: JsonObject, { networkMode }: JsonObject): AddressNeeds | undefined {
  const { subnets } = objectIn(objectIn(service.networkConfiguration).awsvpcConfiguration);
  const named = textsIn([subnets ?? null].flat());
  if (named.length === 0 || networkMode !== "awsvpc") return undefined;
  return { subnets: [...new Set(named)], tasks: tasksAtOnce(service) };
}

/** How many tasks start before others stop: none for a daemon, and none where `maximumPercent` leaves no room. */
function tasksAtOnce({ desiredCount, schedulingStrategy, deploymentConfiguration }: JsonObject): number {
  if (typeof desiredCount !== "number" || desiredCount <= 0 || textIn(schedulingStrategy) === "DAEMON") return 0;
  const { strategy, maximumPercent } = objectIn(deploymentConfiguration);
  if ((textIn(strategy) ?? "ROLLING") !== "ROLLING") return desiredCount;
  return Math.max(0, Math.floor((desiredCount * (numberIn(maximumPercent) ?? 200)) / 100) - desiredCount);
}
