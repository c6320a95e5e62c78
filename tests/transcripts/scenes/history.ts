import { changedFiles } from "../../definition_files.ts";
import { ask } from "../../emulator/asking.ts";
import { Emulator } from "../../emulator/emulator.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { myservice, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import type { Scene } from "../scene.ts";
import { IN_REGION, NO_FILES, withFiles, WITHOUT_SERVICE } from "./files.ts";
import { rolledBackByDigest, tagMoved } from "./moving_tags.ts";
import { broughtBack, deploying, faulty, threeServices } from "./worlds.ts";

/** A world of a scenario in which somebody has deployed 3. */
function deployedOnce(scenario: string): Emulator {
  const emulator = createScenario(scenario);
  ask(emulator, "UpdateService", { service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

function stoppedByHand(emulator: Emulator): Emulator {
  const [{ serviceDeploymentArn }] = ask(emulator, "ListServiceDeployments", { service: "myservice" }).output
    .serviceDeployments;
  ask(emulator, "StopServiceDeployment", { serviceDeploymentArn });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

function afterDays(days: number): Emulator {
  const emulator = myservice();
  emulator.advance(days * 24 * 3_600_000);
  return emulator;
}

export const HISTORY_SCENES: Readonly<Record<string, Scene>> = {
  "named_history": { args: "history --service myservice --region ap-northeast-1", options: NO_FILES },
  "named_revisions": { args: "revisions --service myservice --region ap-northeast-1 --output tsv", options: NO_FILES },
  "many_history": { args: "history --service * --output table", world: threeServices, options: IN_REGION },
  "many_history_tsv": { args: "history --service *", world: threeServices, options: IN_REGION },
  "many_history_json": {
    args: "history --service *other --region ap-northeast-1 --output json",
    world: threeServices,
    options: NO_FILES,
  },
  "many_for_one": { args: "revisions --service myservice --service other", world: threeServices, options: IN_REGION },
  "history": {
    args: "history",
    world: () => myservice({ movingTag: "latest", history: [3, 4, 4] }),
    options: { isTerminal: true },
  },
  "history_tsv": { args: "history", world: () => tagMoved({ history: [3, 4, 4] }) },
  "history_json": { args: "history --output json", world: rolledBackByDigest },
  "history_of_a_copy": { args: "history --output table", world: rolledBackByDigest },
  "history_of_a_copy_denied": {
    args: "history --output table",
    world: () => faulty("DescribeTaskDefinition", accessDenied(), Infinity, rolledBackByDigest()),
  },
  "history_two_bad_in_a_row": { args: "history --output table", world: () => myservice({ history: [2, 3, 4, 2] }) },
  "history_circuit_breaker": {
    args: "history --output table",
    world: () => deployedOnce("circuit_breaker_rollback"),
  },
  "history_circuit_breaker_json": {
    args: "history --output json",
    world: () => deployedOnce("circuit_breaker_rollback"),
  },
  "history_stopped_by_the_circuit_breaker": {
    args: "history --output table",
    world: () => deployedOnce("circuit_breaker"),
  },
  "history_alarm": { args: "history --output table", world: () => deployedOnce("alarm_rollback") },
  "history_ends_denied": {
    args: "history --output table",
    world: () => faulty("DescribeServiceDeployments", accessDenied(), Infinity, deployedOnce("alarm_rollback")),
  },
  "history_stopped": { args: "history --output table", world: () => stoppedByHand(deploying()) },
  "history_in_progress": { args: "history --output table", world: deploying },
  "history_going_back": {
    args: "history --output table",
    world: () => createScenario("circuit_breaker_rolling_back"),
  },
  "history_blue_green": { args: "history --output table", world: () => createScenario("blue_green") },
  "history_blue_green_in_progress": {
    args: "history --output table",
    world: () => deploying(createScenario("blue_green")),
  },
  "history_denied": {
    args: "history",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity),
  },
  "history_revisions_denied": {
    args: "history",
    world: () => faulty("DescribeServiceRevisions", accessDenied(), Infinity),
  },
  "history_empty": { args: "history --output table", world: () => afterDays(91) },
  "history_empty_json": { args: "history --output json", world: () => afterDays(91) },
  "history_of_the_first_on_record": { args: "history --output table", world: () => deploying(afterDays(91)) },
  "history_since": { args: "history --output table --since 6m", world: () => myservice({ history: [2, 3, 4] }) },
  "history_since_what": { args: "history --since yesterday" },
  "history_no_service": { args: "history", world: () => new Emulator() },
  "history_since_tomorrow": { args: "history --since 2030-01-01T00:00" },
  "help_history": { args: "history --help" },
  "revisions": { args: "revisions" },
  "revisions_json": { args: "revisions --output json" },
  "revisions_table": { args: "revisions --output table" },
  "revisions_tsv": { args: "revisions --output tsv", world: () => createScenario("small_pages") },
  "revisions_on_a_terminal": { args: "revisions", world: myservice, options: { isTerminal: true } },
  "revisions_history_not_allowed": {
    args: "revisions --output table",
    world: () => faulty("ListServiceDeployments", accessDenied()),
  },
  "revisions_of_two_bad_in_a_row": {
    args: "revisions --output table",
    world: () => createScenario("two_bad_in_a_row"),
  },
  "revisions_of_a_way_back": { args: "revisions --output table", world: broughtBack },
  "revisions_earliest_not_allowed": {
    args: "revisions --output table",
    world: () => faulty("DescribeServiceDeployments", accessDenied()),
  },
  "revisions_uses_not_allowed": {
    args: "revisions --output table",
    world: () => faulty("ListTasks", accessDenied()),
  },
  "revisions_tsv_no_cluster": {
    args: "revisions --output tsv",
    options: { files: changedFiles("ecspresso.yml", "cluster: default", "cluster: elsewhere") },
  },
  "revisions_newest": { args: "revisions --output table", world: () => myservice({ revisions: 101 }) },
  "revisions_all_of_one": { args: "revisions --all --revision 2" },
  "revisions_deployments": { args: "revisions --deployments --since 6m", world: myservice },
  "revisions_since": { args: "revisions --since 7d" },
  "revisions_deployments_of_one": { args: "revisions --deployments --revision 2" },
  "revisions_current": { args: "revisions --revision current" },
  "revisions_latest": { args: "revisions --revision latest" },
  "revisions_one": { args: "revisions --revision 2" },
  "revisions_unknown": { args: "revisions --revision 9" },
  "revisions_none": {
    args: "revisions --output table",
    options: withFiles({
      "ecspresso.yml": "region: ap-northeast-1\nservice: myservice\ntask_definition: ecs-task-def.json\n",
      "ecs-task-def.json": '{"family": "new"}',
    }),
  },
  "revisions_no_family": {
    args: "revisions",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\nservice: yourservice\n" }),
  },
  "help_revisions": { args: "revisions --help" },
  "no_service_revisions": { args: "revisions --output table", world: myservice, options: withFiles(WITHOUT_SERVICE) },
  "no_service_no_family": {
    args: "revisions",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\n" }),
  },
};
