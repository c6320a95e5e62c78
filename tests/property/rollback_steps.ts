/** The steps of a rollback, from the two places where they are told: a dry run's plan and the log of a real run. */

const PLANNED: readonly [RegExp, (match: RegExpExecArray) => string[]][] = [
  [/^suspend auto scaling of (\S+) /, ([, target]) => [`suspend ${target}`]],
  [/^stop the deployment under way \((\S+)\): ECS goes back to (\S+)$/, ([, arn, to]) => [`to ${to}`, `stop ${arn}`]],
  [/^register a copy of (\S+), which gets a number of its own$/, ([, of]) => [`copy ${of}`]],
  [/^update the service to the one registered before$/, () => ["to the copy"]],
  [/^update the service to (\S+)$/, ([, to]) => [`to ${to}`]],
  [/^wait until its deployment is completed/, () => []],
  [/^wait until deployment (\S+) is completed/, ([, which]) => [`follow ${which}`]],
  [/^set auto scaling of (\S+) to: (.+)$/, ([, target, state]) => [`set ${target} to ${state}`]],
  [/^deregister (\S+), unless it is in use$/, ([, which]) => [`deregister ${which}`]],
];

const ANNOUNCED: readonly [RegExp, (match: RegExpExecArray) => string][] = [
  [/ Suspending auto scaling of (\S+)$/, ([, target]) => `suspend ${target}`],
  [/ Already rolling back to task definition: \S+: following deployment (\S+)$/, ([, which]) => `follow ${which}`],
  [/ Rolling back to task definition: (\S+)$/, ([, to]) => `to ${to}`],
  [/ Registering a copy of (\S+)$/, ([, of]) => `copy ${of}`],
  [/ Stopping the deployment under way: (\S+)$/, ([, arn]) => `stop ${arn}`],
  [/ Setting auto scaling of (\S+) to: (.+)$/, ([, target, state]) => `set ${target} to ${state}`],
  [/ Deregistering task definition: (\S+)$/, ([, which]) => `deregister ${which}`],
];

/** The steps that a dry run's plan lists. Throws an Error for one of an unknown kind. */
export function plannedSteps(plan: string): string[] {
  return [...plan.matchAll(/^ {2}\d+\. (.+)$/gm)].flatMap(([, step]) => {
    for (const [pattern, tell] of PLANNED) {
      const match = pattern.exec(step!);
      if (match !== null) return tell(match);
    }
    throw new Error(`a step of an unknown kind: ${step}`);
  });
}

/** The steps that a real run has announced. A plan does not know a copy's number yet. */
export function announcedSteps(log: string): string[] {
  const steps = log.split("\n").flatMap((line) => {
    for (const [pattern, tell] of ANNOUNCED) {
      const match = pattern.exec(line);
      if (match !== null) return [tell(match)];
    }
    return [];
  });
  const copies = steps.some((step) => step.startsWith("copy "));
  return copies ? steps.map((step) => step.startsWith("to ") ? "to the copy" : step) : steps;
}
