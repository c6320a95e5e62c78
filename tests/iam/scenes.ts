/** What proves the table of `docs/permissions.md`: by use, the runs that need all that its rows grant. */
import { Emulator } from "../emulator/emulator.ts";
import { deployingLogging, logging } from "../emulator/logging.ts";
import { DEPLOY_ROLE, myservice } from "../emulator/myservice.ts";
import { neededDeeply } from "../emulator/needed_deeply.ts";
import { neededMore } from "../emulator/needing_more.ts";
import { createScenario } from "../emulator/scenarios.ts";
import { ROLLBACK_SCENES } from "./rollback_scenes.ts";
import type { Scene } from "./scene.ts";
import {
  behindLoadBalancer,
  besideAnother,
  blueGreen,
  breaks,
  cached,
  cachedAndLeft,
  cachedTag,
  changed,
  copied,
  crashing,
  EVENTS,
  failingLogging,
  fewerTasks,
  files,
  FORCED,
  HELD,
  inRegion,
  lookingUp,
  mounts,
  mutableTag,
  namingCached,
  namingMore,
  namingParameter,
  namingTargetGroup,
  newTag,
  nextCrashes,
  nextFails,
  onTheWay,
  pushedAgain,
  pushedBroken,
  tagged,
  withMore,
  withParameter,
  withRule,
  withStacks,
  withState,
  withTargetGroup,
} from "./worlds.ts";

export const SCENES: Readonly<Record<string, readonly Scene[]>> = {
  ...ROLLBACK_SCENES,
  "deploy": [
    { args: "deploy", options: newTag },
    { args: "deploy --revision 3 --no-wait", options: files },
    { args: "deploy --revision 5 --no-wait --no-update-service", world: neededMore },
    { args: "deploy --revision 5 --no-wait --no-update-service", world: cachedAndLeft },
    { args: "deploy --revision 5 --no-wait --no-update-service", world: mounts },
    { args: "deploy --revision 3 --no-wait --no-update-service", world: behindLoadBalancer },
    { args: "deploy --no-wait", world: pushedAgain, options: mutableTag },
    { args: "deploy --no-wait", world: cached, options: cachedTag },
    { args: "deploy", world: blueGreen, options: newTag },
    { args: "deploy --no-wait", options: fewerTasks },
    { args: "deploy --revision 5 --no-update-service --timeout 1m --logs 10", world: logging, code: 7 },
    { args: `deploy ${EVENTS}`, world: nextFails, options: newTag, code: 6 },
  ],
  "deploy --rollback-events": [
    { args: `deploy ${EVENTS} --timeout 2m`, world: nextCrashes, options: newTag, with: ["deploy"], code: 6 },
    {
      args: `deploy ${EVENTS}`,
      world: pushedBroken,
      options: mutableTag,
      with: ["deploy", "rollback --reregister"],
      code: 6,
    },
    {
      args: "deploy --rollback-events DEPLOYMENT_STOP_ON_ALARM --revision 3 --no-update-service --dry-run",
      world: () => createScenario("alarm"),
      options: files,
      with: ["deploy"],
    },
  ],
  "deploy of a new service": [
    { args: "deploy --no-wait", world: () => new Emulator(), options: files, with: ["deploy"] },
  ],
  "definitions with tags": [
    { args: "register", options: tagged, with: ["register"] },
    {
      args: "deploy --no-wait",
      world: () => new Emulator(),
      options: tagged,
      with: ["deploy", "deploy of a new service"],
    },
  ],
  "scale": [
    { args: "scale --tasks 5" },
    { args: "scale --tasks 5", world: () => onTheWay(myservice()) },
    { args: "scale --tasks 3", world: () => onTheWay(blueGreen()) },
    { args: "scale --tasks 3 --timeout 1m --logs 10", world: deployingLogging, code: 7 },
  ],
  "wait": [
    { args: "wait", world: () => onTheWay(breaks()), code: 6 },
    { args: "wait --timeout 2m", world: crashing, code: 7 },
    { args: "wait --timeout 1m --logs 10", world: deployingLogging, code: 7 },
    { args: "wait", world: () => onTheWay(blueGreen()) },
    { args: "wait" },
  ],
  "status": [
    { args: "status" },
    { args: "status", world: crashing },
    { args: "status --logs 10", world: failingLogging },
    { args: "status", world: () => createScenario("circuit_breaker_tripped") },
    { args: "status", world: () => createScenario("circuit_breaker_rolling_back") },
    { args: "status", world: pushedAgain },
    { args: "status", world: cached },
  ],
  "--service with *": [{ args: "status --service my*", options: inRegion, with: ["status"] }],
  "--cluster with *": [
    { args: "status --service myservice --cluster d*", options: inRegion, with: ["status", "--service with *"] },
  ],
  "--service-tag": [{
    args: "status --service-tag team=web",
    world: () => myservice({ service: { tags: [{ key: "team", value: "web" }] } }),
    options: inRegion,
    with: ["status"],
  }],
  "history": [
    { args: "history" },
    { args: "history", world: () => createScenario("circuit_breaker_rolling_back") },
    { args: "history --output json", world: copied },
  ],
  "diff": [
    { args: "diff", options: newTag },
    { args: "diff", world: pushedAgain, options: mutableTag },
    { args: "diff", world: cached, options: cachedTag },
    {
      args: "diff",
      world: () => changed(pushedAgain(), (emulator) => emulator.updateService(FORCED)),
      options: mutableTag,
    },
  ],
  "verify": [
    { args: "verify", options: files },
    { args: "verify", world: withParameter, options: namingParameter },
    { args: "verify", world: withMore, options: namingMore },
    { args: "verify", world: withRule, options: namingCached },
    { args: "verify", world: withTargetGroup, options: namingTargetGroup },
  ],
  "verify --revision": [{ args: "verify --revision 3", with: ["verify"] }],
  "verify --deep": [
    { args: "verify --revision 5 --deep", world: () => neededDeeply(() => {}), with: ["verify", "verify --revision"] },
    { args: "verify --deep", options: files, with: ["verify"] },
  ],
  "hold": [
    { args: "hold --for 2h" },
    { args: "hold --release", world: () => changed(myservice({ service: { tags: HELD } }), () => {}) },
  ],
  "init": [{ args: "init --service myservice", options: inRegion }],
  "register": [{ args: "register", options: files }],
  "revisions": [
    { args: "revisions", options: files },
    { args: "revisions --output json", options: files },
  ],
  "revisions as a table": [
    { args: "revisions --output table", world: besideAnother, options: files, with: ["revisions"] },
    { args: "revisions --output tsv", world: crashing, options: files, with: ["revisions"] },
  ],
  "revisions --revision": [
    { args: "revisions --revision 2" },
    { args: "revisions --revision current", options: files },
    { args: "revisions --revision latest", options: files },
  ],
  "deregister": [
    { args: "deregister --revision 3", world: besideAnother, options: files },
    { args: "deregister --keeps 1 --force", world: crashing, options: files },
  ],
  "deregister --delete": [
    { args: "deregister --keeps 1 --force --delete", options: files, with: ["deregister"] },
  ],
  "--assume-role-arn": [
    { args: `rollback --revision 3 --assume-role-arn ${DEPLOY_ROLE}`, with: ["rollback"] },
    { args: `verify --revision 3 --assume-role-arn ${DEPLOY_ROLE}`, with: ["verify", "verify --revision"] },
  ],
  "render": [
    { args: "render taskdef", world: withParameter, options: lookingUp("{{ ssm `/myservice/tag` }}") },
    { args: "render taskdef", options: lookingUp("{{ secretsmanager_arn `myservice/api_key` }}") },
    { args: "render taskdef", world: withStacks, options: lookingUp("{{ cfn_output `network` `Vpc` }}") },
    { args: "render taskdef", world: withStacks, options: lookingUp("{{ cfn_export `network-vpc` }}") },
    { args: "render taskdef", world: withState, options: lookingUp("{{ tfstate `aws_subnet.a.id` }}") },
  ],
};
