import { BODIES } from "./bodies.ts";
import { CONNECTIONS } from "./connections.ts";
import type { Misbehaviour } from "./misbehaviour.ts";
import { REDIRECTS } from "./redirects.ts";
import { STATUSES } from "./statuses.ts";

/** Everything that the network, a proxy, a load balancer, a captive portal or AWS itself is known to do. */
export const MISBEHAVIOURS: readonly Misbehaviour[] = [...CONNECTIONS, ...REDIRECTS, ...STATUSES, ...BODIES];
