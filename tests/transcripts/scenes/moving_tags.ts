import { DEFINITION_FILES } from "../../definition_files.ts";
import type { Behaviour } from "../../emulator/behaviours.ts";
import { Emulator } from "../../emulator/emulator.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { imageWithTag, type MyService, myservice, taskDefinition, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { changed, stopDeployment } from "./worlds.ts";

/** Revision 3 ran, then 4: both name a tag that has been pushed again in between. */
export function tagMoved(world: MyService = {}): Emulator {
  return myservice({ movingTag: "latest", ...world });
}

export const LATEST = imageWithTag("latest");

/** ... and somebody has gone back to what 3 ran. */
export function rolledBackByDigest(): Emulator {
  const emulator = tagMoved();
  const ran = emulator.imageDigests(LATEST).at(-2);
  emulator.registerTaskDefinition({
    ...taskDefinition(3, `${LATEST.replace(":latest", "")}@${ran}`),
    tags: [{ key: "ecspresso:copied-from", value: "myservice:3" }],
  });
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:5" });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

/** The service runs what these files say, by a tag. */
export function onMutableTag(): Emulator {
  return myservice({ movingTag: "latest", history: [4] });
}

/** ... which has been pushed again since. */
export function pushedAgain(): Emulator {
  return changed((emulator) => emulator.setImage(LATEST), onMutableTag());
}

/** ... with an image that is broken. */
export function pushedBroken(behaviour: Behaviour, deploymentCircuitBreaker?: JsonObject): Emulator {
  const service = deploymentCircuitBreaker && { deploymentConfiguration: { deploymentCircuitBreaker } };
  const emulator = myservice({ movingTag: "latest", history: [4], ...(service && { service }) });
  emulator.setBehaviour(emulator.setImage(LATEST), behaviour);
  return emulator;
}

export const MUTABLE_TAG = {
  ...DEFINITION_FILES,
  "ecs-task-def.json": JSON.stringify(taskDefinition(4, LATEST), undefined, 2),
};

/** The image that 3 has run is in the registry no more. */
export function imageOf3Gone(): Emulator {
  const emulator = tagMoved();
  const ran = emulator.imageDigests(LATEST).at(-2);
  emulator.setImage(`${LATEST.replace(":latest", "")}@${ran}`, false);
  return emulator;
}

/** The tag was pushed again and deployed by force; ECS is rolling that deployment back. */
export function goingBackFromPush(): Emulator {
  return changed((emulator) => {
    emulator.updateService({ service: "myservice", forceNewDeployment: true });
    emulator.advance(5_000);
    stopDeployment(emulator);
    emulator.advance(1_000);
  }, pushedAgain());
}
