import assert from "node:assert/strict";
import type { PastDeployment } from "../../../../src/model/service_deployment.ts";
import { findRolledBackFrom } from "../../../../src/rollout/read/find_previous.ts";

const PREFIX = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/web:";

/** Oldest first; the number of the task definition, and how it ended. */
function past(...deployments: [string | undefined, string?][]): PastDeployment[] {
  return deployments.map(([taskDefinition, status = "SUCCESSFUL"], index) => ({
    arn: `arn:sd/${index}`,
    status,
    createdAtMs: index,
    finishedAtMs: index,
    taskDefinition: taskDefinition && `${PREFIX}${taskDefinition}`,
  }));
}

const CASES: [string, PastDeployment[], string | undefined][] = [
  ["nothing was deployed", [], undefined],
  ["there is only one deployment", past(["3"]), undefined],
  ["the newest is a step forward", past(["3"], ["4"]), undefined],
  ["ECS has turned the newest back", past(["3"], ["4", "ROLLBACK_SUCCESSFUL"]), "4"],
  ["ECS is turning it back", past(["3"], ["4", "ROLLBACK_IN_PROGRESS"]), "4"],
  ["somebody has ordered it to go back", past(["3"], ["4", "ROLLBACK_REQUESTED"]), "4"],
  ["... to stop, which ECS has not done yet", past(["3"], ["4", "STOP_REQUESTED"]), "4"],
  ["ECS could not go back", past(["3"], ["4", "ROLLBACK_FAILED"]), "4"],
  ["the newest has an earlier one again", past(["3"], ["4"], ["3"]), "4"],
  ["... whatever became of that in between", past(["3"], ["4", "STOPPED"], ["3"]), "4"],
  ["... from further back", past(["2"], ["3"], ["4"], ["2"]), "4"],
  ["somebody has gone forward again", past(["3"], ["4"], ["3"], ["4"]), undefined],
  ["... and back once more", past(["3"], ["4"], ["3"], ["4"], ["3"]), "4"],
  ["the same was deployed once more", past(["3"], ["4"], ["4"]), undefined],
  ["it was source again since", past(["3"], ["4"], ["3"], ["5"]), undefined],
  ["ECS no longer knows of what", past([undefined], ["4"], [undefined]), undefined],
  ["ECS no longer knows of what was turned back", past(["3"], [undefined, "ROLLBACK_SUCCESSFUL"]), undefined],
];

for (const [name, deployments, expected] of CASES) {
  Deno.test(`findRolledBackFrom() when ${name}: ${expected}`, () => {
    const arn = expected && `${PREFIX}${expected}`;
    assert.equal(findRolledBackFrom(deployments)?.deployed.arn, arn);
    assert.equal(findRolledBackFrom(deployments.toReversed())?.deployed.arn, arn, "in any order");
  });
}
