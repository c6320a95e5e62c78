import type { JsonObject } from "../../../../src/model/json.ts";
import type { PastDeployment } from "../../../../src/model/service_deployment.ts";
import { type DeployQuery, readDeployState } from "../../../../src/rollout/read/read_deploy_state.ts";
import type { SourceChoice } from "../../../../src/rollout/read/read_source.ts";
import { REF, revision, service, taskDefinition } from "../../made_up.ts";
import { type Script, scriptedPorts } from "../scripted_ports.ts";

export const INPUT: JsonObject = {
  family: "myservice",
  containerDefinitions: [{ name: "app", image: "example/app:4" }],
};
export const FILE = { kind: "file", family: "myservice", input: INPUT, force: false } satisfies SourceChoice;
export const REGISTERED = {
  [revision(4).arn]: taskDefinition(4),
  "myservice:3": taskDefinition(3),
  myservice: taskDefinition(4),
};

export function query(source: SourceChoice, more: Partial<DeployQuery> = {}): DeployQuery {
  return { ref: REF, source, serviceDefinition: undefined, ignoredTags: [], rollsBackOnFailure: false, ...more };
}

export async function read(query: DeployQuery, script: Partial<Script>, withScaling = false) {
  const { ports, calls } = scriptedPorts({ reads: [service()], taskDefinitions: REGISTERED, ...script });
  const signal = new AbortController().signal;
  const scaling = withScaling ? ports.scaling : undefined;
  return { state: await readDeployState(query, ports.ecs, scaling, signal), calls };
}

/** 4 was turned back to 3, which runs. */
export const TURNED_BACK: readonly PastDeployment[] = [
  { arn: "arn:sd/1", status: "SUCCESSFUL", createdAtMs: 1, finishedAtMs: 2, taskDefinition: revision(3).arn },
  { arn: "arn:sd/2", status: "ROLLBACK_SUCCESSFUL", createdAtMs: 3, finishedAtMs: 4, taskDefinition: revision(4).arn },
];
export const ON_3 = service({ taskDefinition: revision(3).arn });
