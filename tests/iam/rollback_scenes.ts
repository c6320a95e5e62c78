import { logging } from "../emulator/logging.ts";
import { myservice } from "../emulator/myservice.ts";
import { neededMore } from "../emulator/needing_more.ts";
import { waitingService } from "../emulator/waiting_service.ts";
import type { Scene } from "./scene.ts";
import {
  baked,
  behindLoadBalancer,
  besideAnother,
  blueGreen,
  breaks,
  cachedAndLeft,
  crashing,
  EVENTS,
  mounts,
  newTag,
  nextFails,
  withoutRevision2,
} from "./worlds.ts";

const SCALING = "--suspend-auto-scaling --resume-auto-scaling";

export const ROLLBACK_SCENES: Readonly<Record<string, readonly Scene[]>> = {
  "rollback": [
    { args: "rollback --revision 3" },
    { args: "rollback --revision 3", world: crashing },
    { args: "rollback --revision 3 --preflight off", world: breaks, code: 6 },
    { args: "rollback --revision 5 --timeout 1m --logs 10", world: logging, code: 7 },
    { args: "rollback --revision 3", world: blueGreen },
    { args: "rollback --revision 5 --no-wait", world: cachedAndLeft },
    { args: "rollback --revision 5 --no-wait", world: neededMore },
    { args: "rollback --revision 5 --no-wait", world: mounts },
    { args: "rollback --revision 3 --no-wait", world: behindLoadBalancer },
  ],
  "rollback --revision previous": [
    {
      args: "rollback --revision previous --allow-unproven",
      world: () => myservice({ history: [4] }),
      with: ["rollback"],
    },
  ],
  "rollback --revision stable": [
    { args: "rollback --revision stable --min-served 1m", with: ["rollback"] },
    { args: "rollback --at -6m", with: ["rollback"] },
    { args: "rollback --image-tag 1.2.0", with: ["rollback"] },
    { args: "rollback --revision 3 --if-deployed-within 60m", with: ["rollback"] },
  ],
  "rollback --reregister": [
    { args: "rollback --revision 2 --reregister", world: withoutRevision2, with: ["rollback"] },
  ],
  "rollback --deregister": [
    { args: "rollback --revision 3 --deregister", world: besideAnother, with: ["rollback"] },
    { args: `deploy ${EVENTS} --deregister-failed`, world: nextFails, options: newTag, with: ["deploy"], code: 6 },
  ],
  "scaling options": [
    { args: `rollback --revision 3 ${SCALING}`, with: ["rollback"] },
    { args: `deploy ${SCALING}`, options: newTag, with: ["deploy"] },
    { args: `scale --tasks 3 ${SCALING}`, with: ["scale"] },
    { args: "scale --auto-scaling-max 20", with: ["scale"] },
  ],
  "rollback --bake": [
    { args: "rollback --revision 3 --bake 2m --alarm web-5xx", world: baked, with: ["rollback"] },
    { args: "rollback --revision 3 --bake 2m", world: baked, with: ["rollback"] },
    { args: "rollback --revision 4 --bake 2m --alarm web-5xx", world: baked, with: ["rollback"] },
  ],
  "wait --bake": [
    { args: "wait --bake 2m --alarm web-5xx", world: baked, with: ["wait"] },
  ],
  "rollback --fast": [{ args: "rollback --revision 3 --fast", world: () => waitingService(), with: ["rollback"] }],
  "rollback --hold": [{ args: "rollback --revision 3 --hold 2h", with: ["rollback"] }],
  "rollback --reason": [{ args: "rollback --revision 3 --reason leaks", with: ["rollback"] }],
};
