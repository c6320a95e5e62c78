/**
 * Prints how many bytes of the heap each service takes while a rollback of so many is watched, all of them ordered: the
 * program's and the emulator's together. Needs `--v8-flags=--expose-gc`.
 */

import { fleet, fleetService } from "../emulator/fleet.ts";
import { runInProcess } from "../in_process.ts";

declare const gc: () => void;

function heapBytes(): number {
  // What finalizers let go, the next one collects.
  for (let round = 0; round < 3; round++) gc();
  return Deno.memoryUsage().heapUsed;
}

const services = Number(Deno.args[0]);
const emulator = fleet({ services });
// What is loaded, and kept of any run, is not of a service.
await runInProcess(fleet({ services: 2 }), ["rollback", "--revision", "previous", "--service", "*"], { isFleet: true });
const before = heapBytes();
const updatesBefore = () => emulator.calls.filter(({ operation }) => operation === "UpdateService").length;
const handle = emulator.handle.bind(emulator);
let looks = 0;
emulator.handle = (request) => {
  const isLook = request.target.endsWith(".DescribeServices") && updatesBefore() === services;
  // Each has been looked at by then, ten a call: the rest of the run takes as long, and says no more of memory.
  if (isLook && ++looks > services / 5) {
    console.log(heapBytes() - before);
    Deno.exit();
  }
  return handle(request);
};
const many = ["--max-services", String(services), "--parallel", String(services)];
const files = Object.fromEntries(Array.from({ length: services }, (_, index) => {
  const service = fleetService(index + 1);
  return [`${service}.yml`, `region: ap-northeast-1\ncluster: default\nservice: ${service}\ntimeout: 30m\n`];
}));
const args = ["rollback", "--revision", "previous", "--config", "*.yml", ...many];
const { stderr } = await runInProcess(emulator, args, { files, isFleet: true });
throw new Error(`it ended before all were watched: ${stderr}`);
