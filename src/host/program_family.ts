/** A program that was started, with all that it has started itself. */
export interface Family {
  ask(): void;
  isAlive(): boolean;
  kill(): void;
}

/**
 * A program that leads a process group of its own, as `detached` starts it. All that it has started is in that group, also
 * once the program itself has ended.
 */
export function groupOf({ pid }: Deno.ChildProcess): Family {
  return {
    ask: () => void send(-pid, "SIGTERM"),
    // A process that is stopped gets the signal only when it goes on.
    isAlive: () => send(-pid, "SIGCONT"),
    kill: () => void send(-pid, "SIGKILL"),
  };
}

/**
 * A program in our own process group, where it may ask on the terminal. A signal to that group would be one to us, so the
 * family is what `ps` shows below the program.
 */
export function treeOf({ pid }: Deno.ChildProcess): Family {
  let known: readonly number[] = [pid];
  const sendAll = (signal: Deno.Signal) => known.map((one) => send(one, signal)).some((isThere) => isThere);
  return {
    ask() {
      // Before one of them ends: its children get another parent then.
      known = findBelow(known);
      sendAll("SIGTERM");
    },
    isAlive: () => sendAll("SIGCONT"),
    kill() {
      known = findBelow(known);
      sendAll("SIGKILL");
    },
  };
}

/** Windows knows neither groups nor signals: the program alone is ended. */
export function onlyOne(child: Deno.ChildProcess): Family {
  let hasEnded = false;
  void child.status.then(() => hasEnded = true);
  const end = () => {
    if (!hasEnded) child.kill("SIGKILL");
  };
  return { ask: end, isAlive: () => !hasEnded, kill: end };
}

function send(pid: number, signal: Deno.Signal): boolean {
  try {
    Deno.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

function findBelow(pids: readonly number[]): readonly number[] {
  const family = new Set(pids);
  const parents = readParents();
  // A set can grow while it is being walked: the new members are visited too.
  for (const parent of family) {
    for (const [pid, ppid] of parents) if (ppid === parent) family.add(pid);
  }
  return [...family];
}

/** Process and parent; nothing where there is no `ps`. */
function readParents(): readonly (readonly [number, number])[] {
  try {
    const { stdout } = new Deno.Command("ps", { args: ["-A", "-o", "pid=,ppid="], stderr: "null" }).outputSync();
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    return lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  } catch {
    return [];
  }
}
