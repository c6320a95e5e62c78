import { NO_CHANGES } from "../../../../src/definitions/compare_services.ts";
import type { DefinitionChange } from "../../../../src/model/definition_change.ts";
import type { DeployOptions } from "../../../../src/rollout/plan/options.ts";
import type { Plan } from "../../../../src/rollout/plan/plan.ts";
import { planDeploy } from "../../../../src/rollout/plan/plan_deploy.ts";
import type { Refusal } from "../../../../src/rollout/plan/refusal.ts";
import type { DeployState } from "../../../../src/rollout/read/read_deploy_state.ts";
import type { TaskDefinitionSource } from "../../../../src/rollout/read/read_source.ts";
import type { ChoiceReason } from "../../../../src/rollout/read/chosen_revision.ts";
import { planOf, REF, refusalOf, scalingState, service, taskDefinition } from "../../made_up.ts";

const OPTIONS: DeployOptions = {
  wait: true,
  until: "stable",
  force: false,
  tasks: undefined,
  suspendAutoScaling: false,
  resumeAutoScaling: false,
};
export const INPUT = { family: "myservice", cpu: "512", networkMode: "awsvpc" };
export const VPC = { networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } } };
export const REGISTER = { kind: "register", family: "myservice", input: INPUT } satisfies TaskDefinitionSource;
export const CURRENT: TaskDefinitionSource = { kind: "current" };
export const SCALING = scalingState();

export function registered(number: number, reason?: ChoiceReason): TaskDefinitionSource {
  return { kind: "registered", taskDefinition: taskDefinition(number), reason };
}

function state(changes: Partial<DeployState> = {}): DeployState {
  return {
    ref: REF,
    service: service(),
    source: registered(3),
    serviceDefinition: undefined,
    changes: NO_CHANGES,
    scaling: undefined,
    newest: undefined,
    members: undefined,
    unread: [],
    rollsBackOnFailure: false,
    rollbackTargetStatus: undefined,
    rolledBackFrom: undefined,
    denied: [],
    ...changes,
  };
}

export function planned(changes: Partial<DeployState>, options: Partial<DeployOptions> = {}) {
  return planOf(planDeploy(state(changes), { ...OPTIONS, ...options }));
}

export function refusal(changes: Partial<DeployState>): Refusal {
  return refusalOf(planDeploy(state(changes), OPTIONS));
}

export function kinds({ steps }: Plan): string[] {
  return steps.map(({ kind }) => kind);
}

export const setting = (attribute: string, from: string, to: string): DefinitionChange => ({
  ...{ scope: "service", attribute, kind: "changed" },
  ...{ from, to },
});
