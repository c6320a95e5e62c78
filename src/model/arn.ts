/** The one place that takes ARNs apart. The formats: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html */

/** One registered revision of a task definition family. */
export interface Revision {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
}

/** A revision's name, without account and region. */
export type RevisionName = Pick<Revision, "family" | "revision">;

const TASK_DEFINITION = /^arn:[^:]+:ecs:[^:]*:[^:]*:task-definition\/([A-Za-z0-9_-]+):([1-9][0-9]{0,9})$/;
const CLUSTER = /^arn:[^:]+:ecs:([^:]*):([^:]*):cluster\/([A-Za-z0-9_-]+)$/;
const SERVICE = /^arn:[^:]+:ecs:([^:]*):([^:]*):service\/(?:([A-Za-z0-9_-]+)\/)?([A-Za-z0-9_-]+)$/;

/** Takes a task definition's full ARN apart; `undefined`: it is not one. */
export function findTaskDefinition(arn: string): Revision | undefined {
  const [, family, revision] = TASK_DEFINITION.exec(arn) ?? [];
  return family === undefined ? undefined : { arn, family, revision: Number(revision) };
}

/** The same for an ARN from AWS, which always returns full ones. Throws a RangeError for anything else. */
export function parseTaskDefinitionArn(arn: string): Revision {
  const found = findTaskDefinition(arn);
  if (found === undefined) throw new RangeError(`not a task definition's ARN: ${JSON.stringify(arn)}`);
  return found;
}

/** `family:revision`, the short form that people and UpdateService use; also of an ARN. */
export function shortName(of: RevisionName | string): string {
  const { family, revision } = typeof of === "string" ? parseTaskDefinitionArn(of) : of;
  return `${family}:${revision}`;
}

/** A revision as people name it: what they leave out is clear from where they say it. */
interface NamedRevision {
  readonly arn?: string;
  readonly family?: string;
  readonly revision: number;
}

/** Names a revision in full: the family, the account and the region that `named` leaves out are those of `sibling`. */
export function inFull({ arn, family, revision }: NamedRevision, sibling: Revision): Revision {
  const full = { family: family ?? sibling.family, revision };
  return { arn: arn ?? siblingArn(sibling.arn, shortName(full)), ...full };
}

/** The ARN that a task definition has, or would have, in the account and region of another one. */
export function siblingArn(arn: string, name: string): string {
  return arn.slice(0, -lastPart(arn).length) + name;
}

/** What follows the last slash: a resource's own name or ID. */
export function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

export function regionOf(arn: string): string | undefined {
  return arn.split(":")[3] || undefined;
}

/** The cluster's name, given its name or its ARN. Scalable targets and the log want names. */
export function clusterName(nameOrArn: string): string {
  return parseClusterArn(nameOrArn)?.cluster ?? nameOrArn;
}

/** The service's name, given its name or its ARN in the old or the new format. */
export function serviceName(nameOrArn: string): string {
  return parseServiceArn(nameOrArn)?.service ?? nameOrArn;
}

/** Takes a cluster's ARN apart; `undefined`: it is not one. */
export function parseClusterArn(arn: string) {
  const [, region, account, cluster] = CLUSTER.exec(arn) ?? [];
  return cluster === undefined ? undefined : { region: region!, account: account!, cluster };
}

/** Takes a service's ARN apart; the old format names no cluster. `undefined`: it is not a service's ARN. */
export function parseServiceArn(arn: string) {
  const [, region, account, cluster, service] = SERVICE.exec(arn) ?? [];
  return service === undefined ? undefined : { region: region!, account: account!, cluster, service };
}

/** The AWS SDK's own check: a region is one valid label of a host name, so that none leads to another host. */
export function isRegion(text: string): boolean {
  return /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/.test(text);
}
