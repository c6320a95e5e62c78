import { crashLoop } from "../../emulator/behaviours.ts";
import { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, answerWith, dropBefore, throttle } from "../../emulator/faults.ts";
import { myservice, taskDefinition, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import type { Scene } from "../scene.ts";
import { imageOf3Gone, LATEST, rolledBackByDigest, tagMoved } from "./moving_tags.ts";
import { changed, crashing, faulty, movedFromWeb } from "./worlds.ts";

/** The tag is in the registry no more, and the images that it has named are. */
function tagGone(): Emulator {
  const emulator = tagMoved();
  emulator.setImage(LATEST, false);
  return emulator;
}

/** ECS has what the program does not know in revision 5, which is deregistered, and takes no more of it. */
function incompleteCopies(): Emulator {
  const answered = { TaskDefinition: { futureIsolation: "String" } };
  const emulator = myservice({
    options: { furtherMembers: { ...answered, RegisterTaskDefinitionRequest: { futureIsolation: "String" } } },
  });
  emulator.registerTaskDefinition({ ...taskDefinition(2), futureIsolation: "STRICT" });
  emulator.deregisterTaskDefinition("myservice:5");
  emulator.configure({ furtherMembers: answered });
  return emulator;
}

export const ROLLBACK_IMAGES_SCENES: Readonly<Record<string, Scene>> = {
  "rollback_reregister": {
    args: "rollback --revision 2 --reregister",
    world: () => changed((emulator) => emulator.deregisterTaskDefinition("myservice:2")),
  },
  "rollback_reregister_again": {
    args: "rollback --revision 2 --reregister",
    world: () =>
      changed((emulator) => {
        emulator.deregisterTaskDefinition("myservice:2");
        const tags = [{ key: "ecspresso:copied-from", value: "myservice:2" }];
        emulator.registerTaskDefinition({ ...taskDefinition(2), tags });
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:5" });
      }),
  },
  "rollback_reregister_incomplete": {
    args: "rollback --revision 5 --reregister",
    world: incompleteCopies,
  },
  "rollback_reregister_unknown_dry_run": {
    args: "rollback --revision 5 --reregister --dry-run",
    world: incompleteCopies,
  },
  "rollback_tag_moved": { args: "rollback --revision 3", world: tagMoved },
  "rollback_tag_moved_dry_run": { args: "rollback --revision 3 --dry-run", world: tagMoved },
  "rollback_tag_moved_twice": { args: "rollback --revision 3", world: rolledBackByDigest },
  "rollback_tag_moved_pin_never": { args: "rollback --revision 3 --pin never --dry-run", world: tagMoved },
  "rollback_tag_moved_by_a_deployment_under_way": {
    args: "rollback --revision 3 --pin never --dry-run",
    world: () => tagMoved({ behaviours: { 4: crashLoop() } }),
  },
  "rollback_tag_moved_stop_refused": {
    args: "rollback --revision 3",
    world: () =>
      faulty("StopServiceDeployment", accessDenied(), Infinity, tagMoved({ behaviours: { 4: crashLoop() } })),
  },
  "rollback_to_a_registered_copy": {
    args: "rollback --revision 3",
    world: () => {
      const emulator = rolledBackByDigest();
      emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
      emulator.advance(UNTIL_STEADY_MS);
      return emulator;
    },
  },
  "rollback_image_gone_stop_refused": {
    args: "rollback --revision 3",
    world: () => {
      const emulator = tagMoved({ history: [2, 3, 4], behaviours: { 4: crashLoop() } });
      const ofRevision3 = emulator.imageDigests(LATEST).at(-2);
      emulator.setImage(`${LATEST.split(":")[0]}@${ofRevision3}`, false);
      return faulty("StopServiceDeployment", accessDenied(), Infinity, emulator);
    },
  },
  "rollback_tag_gone_pin_never": {
    args: "rollback --revision 3 --pin never --preflight off --dry-run",
    world: tagGone,
  },
  "rollback_tag_gone_refused": { args: "rollback --revision 3 --pin never", world: tagGone },
  "rollback_pin_always": { args: "rollback --revision 3 --pin always --dry-run", world: myservice },
  "rollback_previous_pin_never": {
    args: "rollback --revision previous --pin never --dry-run",
    world: tagMoved,
  },
  "rollback_tag_moved_copy_denied": {
    args: "rollback --revision 3",
    world: () => faulty("RegisterTaskDefinition", accessDenied(), Infinity, tagMoved()),
  },
  "rollback_tag_moved_registry_denied": {
    args: "rollback --revision 3 --dry-run",
    world: () => faulty("DescribeImages", accessDenied(), Infinity, tagMoved()),
  },
  "rollback_tag_moved_records_denied": {
    args: "rollback --revision 3 --dry-run",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, tagMoved()),
  },
  "rollback_image_gone": { args: "rollback --revision 3", world: imageOf3Gone },
  "rollback_stop_waits_for_nothing": {
    args: "rollback --revision 3 --dry-run",
    world: () => {
      const emulator = crashing();
      emulator.inject({
        operation: ["DescribeSecret", "DescribeImages", "GetRole"],
        effect: throttle(),
        times: Infinity,
      });
      return emulator;
    },
  },
  "rollback_same_images": {
    args: "rollback --revision 3 --pin never",
    world: () => tagMoved({ history: [3, 7], revisions: 8 }),
  },
  "rollback_reregister_dry_run": {
    args: "rollback --revision 2 --reregister --dry-run",
    world: () => changed((emulator) => emulator.deregisterTaskDefinition("myservice:2")),
  },
  "rollback_reregister_denied": {
    args: "rollback --revision 2 --reregister",
    world: () =>
      faulty(
        "RegisterTaskDefinition",
        accessDenied(),
        Infinity,
        changed((emulator) => emulator.deregisterTaskDefinition("myservice:2")),
      ),
  },
  "rollback_registered_then_denied": {
    args: "rollback --revision 2 --reregister --no-wait",
    world: () =>
      faulty(
        "UpdateService",
        accessDenied(),
        Infinity,
        changed((emulator) => emulator.deregisterTaskDefinition("myservice:2")),
      ),
  },
  "rollback_registered_then_refused": {
    args: "rollback --revision 3",
    world: () =>
      faulty("UpdateService", answerWith("InvalidParameterException", "Invalid namespace."), Infinity, tagMoved()),
  },
  "rollback_registered_then_refused_in_another_family": {
    args: "rollback --revision web:1 --reregister",
    world: () =>
      faulty(
        "UpdateService",
        accessDenied(),
        Infinity,
        changed((emulator) => emulator.deregisterTaskDefinition("web:1"), movedFromWeb()),
      ),
  },
  "rollback_registration_lost": {
    args: "rollback --revision 3",
    world: () => faulty("RegisterTaskDefinition", dropBefore(), Infinity, tagMoved()),
  },
};
