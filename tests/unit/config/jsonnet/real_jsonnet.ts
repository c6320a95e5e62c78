import { systemHost } from "../../../../src/host/system_host.ts";

/** Whether there is a `jsonnet` command; when not, says which test is left out. */
export async function hasJsonnet(test: string): Promise<boolean> {
  const { invoke, clock } = systemHost();
  const invocation = {
    program: "jsonnet",
    args: ["--version"],
    stdin: "",
    directory: ".",
    signal: clock.deadline(10_000),
  };
  if ((await invoke(invocation))?.code === 0) return true;
  console.log(`skipped, since there is no jsonnet command: ${test}`);
  return false;
}
