import { REGION } from "./aws_environment.ts";
import type { Tools } from "./install.ts";
import type { Processes } from "./processes.ts";

/** moto on loopback, with `web` in the cluster `default`. */
export interface Moto {
  /** The endpoint. */
  readonly url: string;
  /** Makes the world anew: see `makeWorld`. */
  reset(): Promise<void>;
  /** Sends a request by itself, without any client. Throws an Error for an error answer. */
  ask<Answer>(target: string, input: object): Promise<Answer>;
}

export const ECS = "AmazonEC2ContainerServiceV20141113";
export const SCALING = "AnyScaleFrontendService";
export const TARGET = {
  ServiceNamespace: "ecs",
  ResourceId: "service/default/web",
  ScalableDimension: "ecs:service:DesiredCount",
};

/**
 * What our program asks and moto does not know. moto's answer to these is a page of HTML with status 500, which would be
 * asked for again and again; it gets what a role gets that is not allowed to ask.
 */
const UNKNOWN_TO_MOTO = [
  `${ECS}.ListServiceDeployments`,
  `${ECS}.DescribeServiceDeployments`,
  `${ECS}.DescribeServiceRevisions`,
  `${SCALING}.ListTagsForResource`,
  `${SCALING}.TagResource`,
  `${SCALING}.UntagResource`,
];
const READY_MS = 60_000;
const ANSWER_MS = 30_000;

/** Starts moto's server, which runs until `processes` end it. */
export async function startMoto(processes: Processes, tools: Tools): Promise<Moto> {
  const { motoServer } = await tools.python();
  const command = [motoServer, "-H", "127.0.0.1", "-p", "0"];
  const url = await processes.serve({ command, timeoutMs: READY_MS }, /http:\/\/127\.0\.0\.1:\d+/);
  const gateway = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => pass(request, url));
  const moto: Moto = {
    url: `http://127.0.0.1:${gateway.addr.port}`,
    async reset() {
      await (await fetch(`${url}/moto-api/reset`, { method: "POST" })).body?.cancel();
      await makeWorld(moto);
    },
    async ask(target, input) {
      const response = await fetch(url, {
        method: "POST",
        headers: {
          "x-amz-target": target,
          "content-type": "application/x-amz-json-1.1",
          authorization: signed(target),
        },
        body: JSON.stringify(input),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`moto answers ${target} with ${response.status}: ${text.slice(0, 300)}`);
      return JSON.parse(text);
    },
  };
  return moto;
}

async function pass(request: Request, url: string): Promise<Response> {
  const target = request.headers.get("x-amz-target") ?? "";
  const body = await request.text();
  if (UNKNOWN_TO_MOTO.includes(target)) {
    const message = `moto does not know ${target}`;
    return Response.json({ __type: "AccessDeniedException", message }, { status: 400 });
  }
  return await fetch(url, {
    method: request.method,
    headers: request.headers,
    body,
    signal: AbortSignal.timeout(ANSWER_MS),
  });
}

/** Enough of a signature for moto, which only reads the service and the region from it. */
function signed(target: string): string {
  const service = target.startsWith(ECS) ? "ecs" : "application-autoscaling";
  return `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20230101/${REGION}/${service}/aws4_request, ` +
    "SignedHeaders=host, Signature=0";
}

/** Three revisions of `web`, of which the service runs the third, and a scalable target. */
async function makeWorld(moto: Moto): Promise<void> {
  await moto.ask(`${ECS}.CreateCluster`, { clusterName: "default" });
  for (const tag of [1, 2, 3]) {
    await moto.ask(`${ECS}.RegisterTaskDefinition`, {
      family: "web",
      containerDefinitions: [{ name: "app", image: `example/app:${tag}`, essential: true, memory: 128 }],
    });
  }
  await moto.ask(`${ECS}.CreateService`, { serviceName: "web", taskDefinition: "web:3", desiredCount: 2 });
  await moto.ask(`${SCALING}.RegisterScalableTarget`, { ...TARGET, MinCapacity: 1, MaxCapacity: 4 });
}
