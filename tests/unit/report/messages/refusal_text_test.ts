import { repeatableCommand } from "../../../../src/report/messages/own_commands.ts";
import assert from "node:assert/strict";
import type { RefusalReason } from "../../../../src/rollout/plan/refusal.ts";
import type { ListedRevisions } from "../../../../src/rollout/read/chosen_revision.ts";
import { describeRefusal } from "../../../../src/report/messages/refusal_text.ts";
import { DENIED, REF, revision } from "../../made_up.ts";

const TARGET = { family: "myservice", revision: 3 };
const RUNS = { running: revision(4) };
const PREVIOUS = { kind: "previous" as const };

function listed(numbers: number[], deployed: [number, string][] | undefined): ListedRevisions {
  return { numbers, deployed: deployed && Object.fromEntries(deployed) };
}

function notRegistered(number: number, newest: ListedRevisions | undefined): RefusalReason {
  return { code: "notRegistered", choice: "number", target: { ...TARGET, revision: number }, ...RUNS, newest };
}

const CASES: [RefusalReason, message: RegExp, advice: RegExp][] = [
  [{ code: "serviceNotActive", status: "DRAINING" }, /DRAINING \(it is being deleted\)/, /create it again.*once it is/],
  [{ code: "noDeployment" }, /: ECS shows no deployment of it$/, /ecspresso status$/],
  [
    { code: "noneChosen", choice: PREVIOUS, reason: { code: "nothingRuns" } },
    / to the previous revision: there is no service yet that runs one$/,
    /^see /,
  ],
  [
    { code: "noneChosen", choice: { kind: "named", family: "web", revision: 3 }, reason: undefined },
    / to web:3: it is not known$/,
    /--revision previous\nsee what was deployed, .*: ecspresso revisions --output table$/,
  ],
  [
    notRegistered(9, listed([7, 6, 4], [[6, "STOPPED"]])),
    / to revision 9: the newest registered revision is myservice:7 \(try --revision previous\)$/,
    /7 \(not deployed in 90 days\), 6 \(STOPPED\), 4 \(running\)$/,
  ],
  [
    notRegistered(5, listed([7, 4], undefined)),
    /: myservice:5 is not registered \(try --revision previous\)$/,
    /7, 4 \(running\); which of them were deployed may not be read$/,
  ],
  [notRegistered(5, listed([], [])), /the family myservice has no registered revision$/, /register-task-definition/],
  [notRegistered(5, undefined), /myservice:5 is not registered \(try --revision previous\)$/, /^$/],
  [
    {
      code: "targetFailed",
      choice: "number",
      target: TARGET,
      running: RUNS.running,
      deployment: { name: "ecs-svc/3", reason: "it broke." },
      isRestorable: false,
    },
    / to revision 3: the service is there already and its deployment ecs-svc\/3 FAILED: it broke\.$/,
    /previous\n.*\naws ecs update-service --cluster default --service myservice --force-new-deployment --query service.status$/,
  ],
  [
    {
      code: "unproven",
      choice: "named",
      target: { family: "web", revision: 3 },
      ...RUNS,
      doubt: { code: "deploymentsNotRead", denial: DENIED },
    },
    / to web:3: nothing shows that the family web has run in this .* runs myservice:4 \(ListThings failed: AccessDenied; which deployments .*\)$/,
    /^to roll back to what ran before/,
  ],
  [
    { code: "justRolledBack", target: TARGET, ...RUNS, isProven: true },
    /the service was rolled back to myservice:4 less than an hour ago$/,
    /name the number: ecspresso rollback --revision 3\n.*--revision previous --from N$/,
  ],
  [
    { code: "runsAnother", ...RUNS, left: { ...revision(4), arn: revision(4).arn.replace("1234", "9999") } },
    / from arn:\S+9999\S+:4: the service runs arn:\S+:4$/,
    /status/,
  ],
  [{ code: "deployedOver", ...RUNS }, /: somebody deployed myservice:4 meanwhile/, /^$/],
  [
    { code: "nothingChanged", ...RUNS },
    /nothing to roll back; the service ran myservice:4 before it, too$/,
    /previous$/,
  ],
  [
    { code: "ranImageGone", ...RUNS, from: revision(3), images: [] },
    / to what ran with myservice:3: its image is no longer in Amazon ECR/,
    /NOT what ran: ecspresso rollback --revision 3 --pin never\n.*ecspresso history$/,
  ],
  [
    { code: "ranImageGone", ...RUNS, from: revision(4), images: [] },
    / to what ran with myservice:4: /,
    /^[^\n]*ecspresso history$/,
  ],
];

Deno.test("a refusal says what cannot be done and why, and names the way out", () => {
  for (const [reason, message, advice] of CASES) {
    const [what, ...todo] = describeRefusal({ ...reason, intent: "rollback", ref: REF });
    assert.ok(what.startsWith("cannot roll back myservice/default"), what);
    assert.match(what, message);
    assert.match(todo.join("\n"), advice);
  }
});

Deno.test("a misfit that an update of the service mends names that update, and any other another revision", () => {
  const advise = (isActive: boolean, ...misfits: Extract<RefusalReason, { code: "cannotRollBackTo" }>["misfits"]) =>
    describeRefusal({
      code: "cannotRollBackTo",
      target: TARGET,
      running: RUNS.running,
      isActive,
      misfits,
      isRestorable: false,
      intent: "rollback",
      ref: REF,
    }).slice(1).join("\n");
  const surplus = { code: "surplusVolumes" as const, names: ["data"], launchVolumes: [] };
  assert.match(
    advise(true, surplus),
    /set "volumeConfigurations": \[\] in .* deploy --revision 3\n.*--task-definition myservice:3 --volume-configurations '\[\]'$/,
  );
  assert.match(advise(false, surplus), /then, with the old task definition in its file: ecspresso deploy$/);
  const network = { code: "noNetworkConfiguration" as const };
  assert.match(advise(true, surplus, network), /"volumeConfigurations": \[\] and its networkConfiguration in .* 3$/);
  assert.match(advise(true, network, { code: "networkMode", networkMode: "host" }), /: choose a revision that fits$/);
});

Deno.test("a service of CodeDeploy is refused with commands that a shell and JSON can read", () => {
  const loadBalancer = { kind: "loadBalancer" as const, name: "arn:tg", containerName: "app", containerPort: 8080 };
  const codeDeploy = { deploymentId: "d-ABC", taskDefinition: revision(4), loadBalancer, revision: 3 };
  const [message, ...advice] = describeRefusal({
    code: "deployedByCodeDeploy",
    intent: "rollback",
    ref: REF,
    codeDeploy,
  });
  assert.match(message, /; use CodeDeploy's own rollback$/);
  assert.match(advice.join("\n"), /aws deploy stop-deployment --deployment-id d-ABC --auto-rollback-enabled\n/);
  const revisionArgument = /--revision '(.*)'$/.exec(advice.at(-1)!)![1]!;
  const content = JSON.parse(JSON.parse(revisionArgument).appSpecContent.content);
  assert.deepEqual(content.Resources[0].TargetService.Properties, {
    TaskDefinition: revision(3).arn,
    LoadBalancerInfo: { ContainerName: "app", ContainerPort: 8080 },
  });
});

Deno.test("the command that may be repeated names the number, and of another family the whole name", () => {
  const ref = { ...REF, options: [["--config", "a.yml"]] } as const;
  const command = "ecspresso rollback --config a.yml --revision previous --from";
  assert.equal(repeatableCommand(ref, { from: revision(4), to: revision(3) }), `${command} 4`);
  const web = { ...revision(3), family: "web" };
  assert.equal(repeatableCommand(ref, { from: revision(4), to: web }), `${command} myservice:4`);
});
