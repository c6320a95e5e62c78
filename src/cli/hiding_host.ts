import type { Host, Output } from "../host.ts";

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

function hidingOutput(output: Output, mask: (text: string) => string): Output {
  const hiding: Output = Object.create(output);
  return Object.assign(hiding, { write: (text: string) => output.write(mask(text)) });
}
