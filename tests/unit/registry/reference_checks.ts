import type { ReferenceChecker } from "../../../src/model/ports.ts";
import type { Reference } from "../../../src/registry/find_references.ts";
import { verifyReferences } from "../../../src/registry/verify_references.ts";

export const NEVER = new AbortController().signal;

export function checker(answers: Partial<ReferenceChecker> = {}): ReferenceChecker & { asked: string[] } {
  const asked: string[] = [];
  const yes = (name: unknown) => Promise.resolve(asked.push(JSON.stringify(name)) > 0);
  const keys = (version: unknown) => yes(version).then(() => new Set(["password"]));
  const trust = (name: unknown) => yes(name).then(() => trustOf("ecs-tasks.amazonaws.com"));
  const digest = (name: unknown) => yes(name).then(() => "sha256:0a");
  const stages = (arn: unknown) =>
    yes(arn).then(() => new Map([["0a", ["AWSCURRENT"]], ["0b", ["AWSPREVIOUS", "blue"]]]));
  const found = { findDigest: digest, readSecretStages: stages, hasParameter: yes, hasLogGroup: yes, hasObject: yes };
  const volumes = {
    readFileSystem: (id: unknown) => yes(id).then(() => ({ state: "available", mountTargets: 2 })),
    readAccessPoint: (id: unknown) => yes(id).then(() => ({ state: "available", fileSystem: "fs-1" })),
    readTargetGroup: (arn: unknown) => yes(arn).then(() => ({ targetType: "ip", loadBalancers: [] })),
    readTargetGroupsBehind: () => Promise.resolve([]),
  };
  return { asked, ...found, ...volumes, readTrustPolicy: trust, readSecretKeys: keys, ...answers };
}

export function trustOf(service: string): string {
  const statement = { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

export async function findingOf(reference: Reference, answers: Partial<ReferenceChecker>) {
  const [verified] = await verifyReferences([reference], checker(answers), NEVER);
  return [verified!.state, verified!.reason];
}

export const found = <Value>(value: Value) => () => Promise.resolve(value);
