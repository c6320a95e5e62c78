/** Random rollbacks: the options, and the run of one of them. */
import fc from "fast-check";
import { SERVICE } from "../emulator/myservice.ts";
import { CONFIG_FILES } from "../in_process.ts";
import type { CommonOptions, Observed } from "./observed.ts";
import { observeRun } from "./observe_run.ts";
import type { Script } from "./rollback_faults.ts";
import type { WorldSpec } from "./world_spec.ts";

export interface Options extends CommonOptions {
  /** How the revision is named: by its number, with its family, with another service's family, or as the previous one. */
  readonly naming: "number" | "family" | "otherFamily" | "previous";
  readonly revision: number;
  readonly deregister: boolean;
  readonly reregister: boolean;
}

export const arbitraryOptions: fc.Arbitrary<Options> = fc.record({
  revision: fc.oneof(
    { weight: 4, arbitrary: fc.constant(3) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }) },
    { weight: 1, arbitrary: fc.constant(5) },
  ),
  naming: fc.oneof(
    { weight: 12, arbitrary: fc.constant("number" as const) },
    { weight: 3, arbitrary: fc.constant("family" as const) },
    { weight: 6, arbitrary: fc.constant("previous" as const) },
    { weight: 1, arbitrary: fc.constant("otherFamily" as const) },
  ),
  deregister: fc.boolean(),
  reregister: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  dryRun: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  wait: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  scaling: fc.oneof(
    { weight: 2, arbitrary: fc.constant({ suspend: false, resume: false }) },
    { weight: 5, arbitrary: fc.constant({ suspend: true, resume: true }) },
    { weight: 1, arbitrary: fc.constant({ suspend: true, resume: false }) },
    { weight: 1, arbitrary: fc.constant({ suspend: false, resume: true }) },
  ),
  timeoutS: fc.oneof(
    { weight: 2, arbitrary: fc.integer({ min: 20, max: 60 }) },
    { weight: 3, arbitrary: fc.integer({ min: 60, max: 240 }) },
    { weight: 1, arbitrary: fc.constant(600) },
  ),
}).map(({ scaling: { suspend, resume }, wait, deregister, ...others }) => ({
  ...others,
  suspend,
  resume,
  wait,
  // Most runs without waiting are to get past the check of the options.
  deregister: deregister && (wait || others.timeoutS % 8 === 0),
}));

function nameRevision({ naming, revision }: Options): string {
  if (naming === "previous") return naming;
  if (naming === "number") return String(revision);
  return `${naming === "family" ? SERVICE : "yourservice"}:${revision}`;
}

function argumentsOf(options: Options): string[] {
  return [
    "rollback",
    `--revision=${nameRevision(options)}`,
    `--timeout=${options.timeoutS}s`,
    ...(options.deregister ? ["--deregister"] : []),
    ...(options.reregister ? ["--reregister"] : []),
    ...(options.dryRun ? ["--dry-run"] : []),
    ...(options.wait ? [] : ["--no-wait"]),
    ...(options.suspend ? ["--suspend-auto-scaling"] : []),
    ...(options.resume ? ["--resume-auto-scaling"] : []),
  ];
}

/** Runs the program; throws when it does not end. */
export function observe(world: WorldSpec, options: Options, script: Script): Promise<Observed<Options>> {
  return observeRun({ world, options, script }, {
    args: argumentsOf(options),
    files: CONFIG_FILES,
    usesMatter: options.deregister,
    settingsMatter: false,
  });
}
