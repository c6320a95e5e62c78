import { DEFINITION_FILES } from "../../definition_files.ts";
import { secretNotFound } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { FaultEffect } from "../../emulator/faults.ts";
import { type MyService, myservice } from "../../emulator/myservice.ts";
import { runInProcess, type RunOptions } from "../../in_process.ts";

/** Runs of `deploy` over the files of a team, against the emulator. */

export const NEW_IMAGE: RunOptions = { files: DEFINITION_FILES, env: { TAG: "1.4.0" } };
export const TO_3 = ["--revision", "3", "--preflight", "off"];
export const EVENTS = ["--rollback-events", "DEPLOYMENT_FAILURE"];
export const BOTH = ["--suspend-auto-scaling", "--resume-auto-scaling"];
export const NO_SECRET = secretNotFound("arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:myservice/api_key");
export const MINUTE_MS = 60_000;

export function breaker(rollback: boolean): MyService {
  return {
    history: [2, 4],
    service: { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback } } },
  };
}

/** Revision 5, which is still to be registered, will not start. */
export function failing(rollback = false): Emulator {
  const emulator = myservice(breaker(rollback));
  emulator.setBehaviour("myservice:5", NO_SECRET);
  return emulator;
}

export function on(emulator: Emulator, operation: string, nth: number, effect: FaultEffect): Emulator {
  emulator.inject({ operation, nth, effect });
  return emulator;
}

export function faulty(operation: string, effect: FaultEffect, emulator = myservice()): Emulator {
  emulator.inject({ operation, effect });
  return emulator;
}

export function deploy(emulator: Emulator, args: readonly string[], options: RunOptions = { files: DEFINITION_FILES }) {
  return runInProcess(emulator, ["deploy", ...args], options);
}

export function running(emulator: Emulator): string {
  return emulator.state().services["default/myservice"]!.taskDefinition;
}

export function count(emulator: Emulator, operation: string): number {
  return emulator.calls.filter((call) => call.operation === operation).length;
}

export function updates(emulator: Emulator) {
  return emulator.calls.filter(({ operation }) => operation === "UpdateService").map(({ input }) => input);
}
