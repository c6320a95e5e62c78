import { DEFINITION_FILES } from "../../definition_files.ts";
import { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, answerWith } from "../../emulator/faults.ts";
import { imageWithTag, myservice, taskDefinition, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import type { Scene } from "../scene.ts";
import { withFiles } from "./files.ts";
import { LATEST, rolledBackByDigest, tagMoved } from "./moving_tags.ts";
import { badTwice, broughtBack, changed, faulty, movedFromWeb } from "./worlds.ts";

/** 4 was deployed once more, with another image, and somebody has gone back from that by a copy. */
function leftForced(): Emulator {
  const emulator = tagMoved({ history: [3, 4, 4] });
  const ran = emulator.imageDigests(LATEST).at(-2);
  emulator.registerTaskDefinition({
    ...taskDefinition(4, `${LATEST.replace(":latest", "")}@${ran}`),
    tags: [{ key: "ecspresso:copied-from", value: "myservice:4" }],
  });
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:5" });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

/** The tag was pushed again each time: 3 was deployed, an hour later forced once more, and then 4. */
function forcedAgain(): Emulator {
  const emulator = tagMoved({ history: [3] });
  for (const taskDefinition of ["myservice:3", "myservice:4"]) {
    emulator.advance(3_600_000);
    emulator.setImage(imageWithTag("latest"));
    emulator.updateService({ service: "myservice", taskDefinition, forceNewDeployment: true });
  }
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

export const ROLLBACK_TARGET_SCENES: Readonly<Record<string, Scene>> = {
  "rollback_previous": { args: "rollback --revision previous" },
  "rollback_previous_never_ran": {
    args: "rollback --revision previous --dry-run",
    world: () => myservice({ history: [4] }),
  },
  "rollback_previous_allow_unproven": {
    args: "rollback --revision previous --dry-run --allow-unproven",
    world: () => myservice({ history: [4] }),
  },
  "rollback_previous_unproven_confirmed": {
    args: "rollback --revision previous --no-wait",
    world: () => myservice({ history: [4] }),
    options: { isTerminal: true, typed: ["y"], env: { NO_COLOR: "1" } },
  },
  "rollback_previous_unproven_not_confirmed": {
    args: "rollback --revision previous",
    world: () => myservice({ history: [4] }),
    options: { isTerminal: true, typed: ["n"], env: { NO_COLOR: "1" } },
  },
  "rollback_previous_twice": { args: "rollback --revision previous", world: broughtBack },
  "rollback_previous_twice_on_a_terminal": {
    args: "rollback --revision previous --no-wait",
    world: broughtBack,
    options: { isTerminal: true, typed: ["yes"], env: { NO_COLOR: "1" } },
  },
  "rollback_previous_twice_an_hour_later": {
    args: "rollback --revision previous --dry-run",
    world: () => changed((emulator) => emulator.advance(3_600_000), broughtBack()),
  },
  "rollback_previous_twice_without_records": {
    args: "rollback --revision previous --allow-unproven",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, broughtBack()),
  },
  "rollback_previous_from": { args: "rollback --revision previous --from 4 --dry-run" },
  "rollback_previous_from_again": { args: "rollback --revision previous --from 4", world: broughtBack },
  "rollback_previous_from_under_way": {
    args: "rollback --revision previous --from 4",
    world: () =>
      changed(
        (emulator) => emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" }),
        myservice({ history: [2, 3, 4] }),
      ),
  },
  "rollback_previous_from_another": { args: "rollback --revision previous --from 2" },
  "rollback_previous_from_another_region": {
    args: "rollback --revision previous --from arn:aws:ecs:us-east-1:123456789012:task-definition/myservice:4",
  },
  "rollback_previous_from_previous": { args: "rollback --revision previous --from previous" },
  "rollback_number_from_again": { args: "rollback --revision 3 --from 4", world: broughtBack },
  "rollback_previous_another_family": {
    args: "rollback --revision previous --deregister",
    world: movedFromWeb,
    options: withFiles(DEFINITION_FILES),
  },
  "rollback_named_family": { args: "rollback --revision web:1 --dry-run", world: movedFromWeb },
  "rollback_named_family_without_records": {
    args: "rollback --revision web:1 --dry-run",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, movedFromWeb()),
  },
  "rollback_named_family_allow_unproven": {
    args: "rollback --revision web:1 --allow-unproven --no-wait",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, movedFromWeb()),
  },
  "no_revision_without_records": {
    args: "rollback",
    world: () => faulty("ListServiceDeployments", accessDenied()),
  },
  "rollback_previous_reverting_without_records": {
    args: "rollback --revision previous",
    world: () =>
      faulty("ListServiceDeployments", accessDenied(), Infinity, createScenario("circuit_breaker_rolling_back")),
  },
  "rollback_previous_turned_back": {
    args: "rollback --revision previous",
    world: () => createScenario("circuit_breaker_rolling_back"),
  },
  "rollback_previous_deregistered": {
    args: "rollback --revision previous",
    world: () => changed((emulator) => emulator.deregisterTaskDefinition("myservice:3"), myservice()),
  },
  "rollback_previous_not_to_be_known": {
    args: "rollback --revision previous",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, myservice({ history: [1] })),
  },
  "rollback_previous_without_records": {
    args: "rollback --revision previous --dry-run",
    world: () =>
      faulty(
        "ListServiceDeployments",
        answerWith("UnsupportedFeatureException", "The specified task isn't supported in this Region."),
        Infinity,
        myservice(),
      ),
  },
  "no_revision_and_no_service": {
    args: "rollback",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\nservice: myservce\n" }),
  },
  "rollback_previous_none": {
    args: "rollback --revision previous --config ecspresso.yml",
    world: () => myservice({ history: [1] }),
  },
  "rollback_from_a_copy": {
    args: "rollback --revision 2 --no-wait",
    world: rolledBackByDigest,
  },
  "rollback_previous_of_a_forced_deployment": {
    args: "rollback --revision previous",
    world: () => tagMoved({ history: [3, 4, 4] }),
  },
  "rollback_previous_of_a_forced_deployment_again": {
    args: "rollback --revision previous --from 4",
    world: leftForced,
  },
  "rollback_previous_of_a_forced_deployment_pin_never": {
    args: "rollback --revision previous --pin never",
    world: () => tagMoved({ history: [3, 4, 4] }),
  },
  "rollback_previous_of_a_forced_deployment_under_way": {
    args: "rollback --revision previous",
    world: () => tagMoved({ history: [3, 4, 4], afterLastMs: 500 }),
  },
  "rollback_previous_of_two_bad": { args: "rollback --revision previous --dry-run", world: badTwice },
  "rollback_stable": { args: "rollback --revision stable", world: badTwice },
  "rollback_stable_dry_run": { args: "rollback --revision stable --dry-run", world: badTwice },
  "rollback_stable_min_served": { args: "rollback --revision stable --min-served 1m --dry-run", world: badTwice },
  "rollback_stable_from_another": { args: "rollback --revision stable --from 4", world: badTwice },
  "rollback_stable_of_a_forced_deployment": { args: "rollback --revision stable --dry-run", world: forcedAgain },
  "rollback_stable_none": { args: "rollback --revision stable" },
  "rollback_stable_without_records": {
    args: "rollback --revision stable",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, badTwice()),
  },
  "rollback_min_served_without_stable": { args: "rollback --revision 3 --min-served 1h" },
  "rollback_at": { args: "rollback --at -2h --dry-run", world: badTwice },
  "rollback_at_of_a_forced_deployment": { args: "rollback --at=2023-01-01T12:30Z --no-wait", world: forcedAgain },
  "rollback_at_what_runs": { args: "rollback --at -1m", world: badTwice },
  "rollback_at_before_the_record": { args: "rollback --at=2022-12-24T18:00Z", world: badTwice },
  "rollback_at_tomorrow": { args: "rollback --at=2023-01-02T18:00+09:00", world: badTwice },
  "rollback_at_without_a_moment": { args: "rollback --at --dry-run" },
  "rollback_at_with_a_revision": { args: "rollback --revision 3 --at -2h" },
  "rollback_image_tag": { args: "rollback --image-tag 1.2.0 --dry-run", world: badTwice },
  "rollback_image_tag_unknown": { args: "rollback --image-tag 1.2.9", world: badTwice },
  "rollback_image_tag_of_several": { args: "rollback --image-tag latest", world: forcedAgain },
  "rollback_deployment": { args: "rollback --deployment 5634153ca3182b6153d90 --dry-run", world: forcedAgain },
  "rollback_deployment_unknown": { args: "rollback --deployment ecs-svc/1000", world: badTwice },
  "rollback_deployment_without_records": {
    args: "rollback --deployment 0123456789abcdef",
    world: () => faulty("DescribeServiceRevisions", accessDenied(), Infinity, badTwice()),
  },
};
