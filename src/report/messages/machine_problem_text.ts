import { inMib } from "./log.ts";
import type { MachineProblem, Reason, WaitedFor } from "../../problems.ts";
import { byCode, type Cases } from "./cases.ts";

export const RAISE_OPEN_FILES = "raise the limit of open files: ulimit -n 1024";

export const MACHINE_TEXTS: Cases<MachineProblem, "code", string> = {
  notText: ({ variable }) => `the variable ${variable} is not UTF-8 text: set it again, or unset it`,
  moreThan: ({ mostBytes, bytes }) =>
    `it is ${bytes === undefined ? "" : `${inMib(bytes)} large, which is `}more than ${inMib(mostBytes)}`,
  notTaken: ({ withinMs, bytes }) =>
    `nobody has read ${bytes === undefined ? "it" : `the last ${inMib(bytes)}`}` +
    (withinMs === undefined ? "" : ` within ${withinMs / 1_000} s`),
  streamTakes: ({ program, isThere }) =>
    `it is a pipe or a device, which needs the program ${program}, and ` +
    (isThere ? "no program may be started any more" : "there is none"),
  programEnded: ({ program, exitCode }) => `${program} ended with exit code ${exitCode}`,
  relativePath: ({ program }) =>
    `it would be ${program}, by an entry of PATH that is not an absolute path (remove that entry from PATH)`,
  noUsableCertificate: () => "none of the certificates can be used",
  leadsOut: ({ kind }) => `--untrusted: it leads out of ${FOLDERS[kind]} (move the file there)`,
  notPlainFile: () => "--untrusted: it is not a plain file (name one)",
  runsNothing: () => "--untrusted runs no program (keep the file as JSON)",
};

const FOLDERS = {
  ofConfig: "the folder of the config",
  working: "the working directory",
  named: "the folder that it is named in",
} as const;

const describeMachineProblem = byCode(MACHINE_TEXTS);

/** Why something on this machine failed, as a clause. */
export function describeReasonOf(reason: Reason): string {
  return typeof reason === "string" ? reason : describeMachineProblem(reason);
}

/** What an output shows in place of a part that was lost. */
export function describeGap(bytes: number): string {
  return `[${bytes} bytes of output are lost here: nobody read them in time]\n`;
}

export function describeWaitedFor({ code, path }: WaitedFor): string {
  return code === "jsonnet"
    ? `jsonnet was evaluating ${path}`
    : `${path} was being read (a pipe ends when nobody writes to it any more)`;
}
