import type { Ended, Invocation, Processes } from "./processes.ts";

/** Go's HTTP client on a machine with too much to do: it closes a connection while it reads from it. */
const LOST_BY_THE_CLIENT = /use of closed network connection/;

/** Runs Kayac's ecspresso; once more where its own client has lost an answer, which says nothing about the two. */
export async function runKayac(processes: Processes, invocation: Invocation): Promise<Ended> {
  const ended = await processes.run(invocation);
  return LOST_BY_THE_CLIENT.test(ended.stderr) ? await processes.run(invocation) : ended;
}
