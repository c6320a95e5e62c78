/** The steps of a deploy, from the two places where they are told: a dry run's plan and the log of a real run. */

const NAMES: readonly [planned: RegExp, announced: RegExp, name: string][] = [
  [/^register a task definition /, / Registering a new task definition\.\.\.$/, "register"],
  [/^suspend auto scaling of /, / Suspending auto scaling of /, "suspend"],
  [/^update the service/, / Updating service\.\.\.$/, "update"],
  [/^create the service with /, / Creating service with task definition: /, "create"],
  [/^wait until /, / Waiting for service \w+\.\.\./, "wait"],
  [/^set auto scaling of /, / Setting auto scaling of /, "restore"],
];

/** The steps that a dry run's plan lists. Throws an Error for one of an unknown kind. */
export function plannedSteps(plan: string): string[] {
  return [...plan.matchAll(/^ {2}\d+\. (.+)$/gm)].map(([, step]) => {
    const found = NAMES.find(([planned]) => planned.test(step!));
    if (found === undefined) throw new Error(`a step of an unknown kind: ${step}`);
    return found[2];
  });
}

/** The steps that a real run has announced, in their order. */
export function announcedSteps(log: string): string[] {
  return log.split("\n").flatMap((line) => NAMES.find(([, announced]) => announced.test(line))?.[2] ?? []);
}
