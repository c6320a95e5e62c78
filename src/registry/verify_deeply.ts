import { type AwsError, optional } from "../errors.ts";
import type { JsonObject } from "../model/json.ts";
import { textIn } from "../model/json.ts";
import type { DeepChecker } from "../model/ports.ts";
import { type Demand, findFargateDemands, findKeyDemands, findReadDemands, type Place } from "./find_demands.ts";
import type { Reference } from "./find_references.ts";
import { findAddressNeeds } from "./find_task_addresses.ts";
import { judgeAddresses, judgeDecision, judgeKeyState } from "./judge_deeply.ts";
import type { Verified } from "./verified.ts";

/** What is looked at: a task definition and its service, both in the API's JSON, and what the definition names. */
export interface Deep {
  readonly definition: JsonObject;
  readonly service: JsonObject;
  readonly references: readonly Reference[];
}

/**
 * Whether the execution role may read what it has to, the keys can be used and the subnets have addresses: all at the same
 * time, but for what depends on the key of a secret. What may not or cannot be read is unknown.
 */
export async function verifyDeeply(deep: Deep, checker: DeepChecker, signal: AbortSignal): Promise<Verified[]> {
  const looking = new Looking(checker, signal, textIn(deep.definition.executionRoleArn));
  const [ofFargate, ofReads, addresses] = await Promise.all([
    looking.verifyFargate(deep),
    looking.verifyReads(deep.references),
    looking.verifyAddresses(deep),
  ]);
  return [...ofFargate, ...ofReads, ...addresses];
}

class Looking {
  constructor(
    private readonly checker: DeepChecker,
    private readonly signal: AbortSignal,
    private readonly roleArn: string | undefined,
  ) {}

  async verifyFargate({ definition, references }: Deep): Promise<Verified[]> {
    const place = await this.#findPlace();
    return place === undefined ? [] : await this.#verifyDemands(findFargateDemands(definition, references, place));
  }

  /** Secrets and parameters by the ARN and with the key that AWS says they have. */
  async verifyReads(references: readonly Reference[]): Promise<Verified[]> {
    const read = await Promise.all(references.flatMap((reference) => this.#readEncrypted(reference)));
    const found = read.flatMap(({ value, isSecret }) => value === undefined ? [] : [{ ...value, isSecret }]);
    const ids = [...new Set(found.flatMap(({ key }) => key ?? []))];
    const arns = (isSecret: boolean) => found.filter((one) => one.isSecret === isSecret).map(({ arn }) => arn);
    const demands = findReadDemands(references, { secrets: arns(true), parameters: arns(false) });
    const [permissions, keys] = await Promise.all([this.#verifyDemands(demands), this.#verifyKeys(ids)]);
    // The same secret may be named more than once, by its keys and versions.
    const unread = new Map(read.flatMap(({ verified }) => verified ? [[verified.reference.name, verified]] : []));
    return [...permissions, ...unread.values(), ...keys];
  }

  async verifyAddresses({ service, definition }: Deep): Promise<Verified[]> {
    const needs = findAddressNeeds(service, definition);
    if (needs === undefined) return [];
    const { value, denied } = await this.#try(this.checker.readFreeAddresses(needs.subnets, this.signal));
    return denied
      ? needs.subnets.map((name) => unknown({ kind: "subnet", name }, denied))
      : judgeAddresses(needs, value);
  }

  #readEncrypted(reference: Reference) {
    const isSecret = reference.kind === "secret" || reference.kind === "secret version";
    if (!isSecret && reference.kind !== "parameter") return [];
    const reading = isSecret
      ? this.checker.readSecret(reference.version.arn, this.signal)
      : this.checker.readParameter(reference.name.replace(/:\d+$/, ""), this.signal);
    return [
      this.#try(reading).then(({ value, denied }) => ({
        value,
        isSecret,
        verified: denied && unknown({ kind: "key", name: `of ${reference.kind} ${reference.name}` }, denied),
      })),
    ];
  }

  async #verifyKeys(ids: readonly string[]): Promise<Verified[]> {
    const verified = await Promise.all(ids.map(async (id): Promise<Verified[]> => {
      const reference = { kind: "key", name: id } as const;
      const { value: key, denied } = await this.#try(this.checker.readKey(id, this.signal));
      // Of an alias, nobody else says which key it is.
      const known = key?.arn ?? (id.includes(":key/") ? id : undefined);
      const may = known === undefined || key?.isOfAws ? [] : await this.#verifyDemands(findKeyDemands([known]));
      if (denied) return [unknown(reference, denied), ...may];
      // What AWS manages is there, and open to the services that use it.
      if (key?.isOfAws) return [];
      return [{ reference, ...judgeKeyState(key) }, ...may];
    }));
    return verified.flat();
  }

  async #verifyDemands(demands: readonly Demand[]): Promise<Verified[]> {
    const { roleArn } = this;
    if (roleArn === undefined) return [];
    const verified = await Promise.all(demands.map(async (demand): Promise<Verified[]> => {
      const { actions, resources } = demand;
      const { value = [], denied } = await this.#try(
        this.checker.simulate(roleArn, actions, resources, this.signal),
      );
      return actions.flatMap((action) =>
        resources.map((resource): Verified => {
          const reference = { kind: "permission", name: `${action} on ${resource}` } as const;
          if (denied) return unknown(reference, denied);
          const decision = value.find((one) => one.action === action && one.resource === resource);
          return { reference, ...judgeDecision(decision, demand) };
        })
      );
    }));
    return verified.flat();
  }

  /** The account of the execution role: ECS lets no task have one of another. */
  async #findPlace(): Promise<Place | undefined> {
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
