import type { Host, HostOutput } from "../host.ts";

/** A host whose outputs and files get no value that is to be hidden, whatever is written to them. */
export function hidingHost(host: Host, mask: (text: string) => string): Host {
  const { files } = host;
  return {
    ...host,
    stdout: hidingOutput(host.stdout, mask),
    stderr: hidingOutput(host.stderr, mask),
    files: {
      ...files,
      writeText: (path, text) => files.writeText(path, mask(text)),
      appendText: (path, text) => files.appendText(path, mask(text)),
    },
  };
}

function hidingOutput(output: HostOutput, mask: (text: string) => string): HostOutput {
  return {
    isTerminal: output.isTerminal,
    get failure() {
      return output.failure;
    },
    get isStalled() {
      return output.isStalled;
    },
    write: (text) => output.write(mask(text)),
    finish: (until) => output.finish(until),
  };
}
