import { REGION } from "./emulated.ts";
import { installPython } from "./install_python.ts";

/** moto on loopback, with `web` in the cluster `default`. */
export interface Moto {
  /** The endpoint. */
  readonly url: string;
  /** Makes the world anew: see `makeWorld`. */
  reset(): Promise<void>;
  /** Sends a request by itself, without any client. Throws an Error for an error answer. */
  // deno-lint-ignore no-explicit-any
  ask(service: keyof typeof TARGETS, operation: string, input: object): Promise<any>;
}

const PACKAGE = "moto[server]==5.2.5";
const TARGETS = {
  "ecs": "AmazonEC2ContainerServiceV20141113",
  "application-autoscaling": "AnyScaleFrontendService",
} as const;
/**
 * What our program asks and moto does not know. moto's answer to these is a page of HTML with status 500, which would be
 * asked for again and again; it gets what a role gets that is not allowed to ask.
 */
const UNKNOWN_TO_MOTO = [
  "ListServiceDeployments",
  "DescribeServiceDeployments",
  "DescribeServiceRevisions",
  "ListTagsForResource",
  "TagResource",
  "UntagResource",
];
const ANSWER_MS = 30_000;

export const SCALING_TARGET = {
  ServiceNamespace: "ecs",
  ResourceId: "service/default/web",
  ScalableDimension: "ecs:service:DesiredCount",
};

/** Starts moto's server, which runs until this process ends. Says why, and returns `undefined`, where it cannot be had. */
export async function startMoto(): Promise<Moto | undefined> {
  const server = await installPython(PACKAGE, "moto_server").catch((error) => console.log(`skipped: ${error.message}`));
  if (server === undefined) return undefined;
  const url = await serve(server);
  const gateway = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => pass(request, url));
  const moto: Moto = {
    url: `http://127.0.0.1:${gateway.addr.port}`,
    async reset() {
      await (await fetch(`${url}/moto-api/reset`, { method: "POST" })).body?.cancel();
      await makeWorld(moto);
    },
    async ask(service, operation, input) {
      // moto only reads the service and the region from a signature.
      const authorization = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20230101/${REGION}/${service}/aws4_request, ` +
        "SignedHeaders=host, Signature=0";
      const target = `${TARGETS[service]}.${operation}`;
      const response = await fetch(url, {
        method: "POST",
        headers: { "x-amz-target": target, "content-type": "application/x-amz-json-1.1", authorization },
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

/** Runs the server until this process ends, and returns its address once it listens. */
async function serve(server: string): Promise<string> {
  const args = ["-H", "127.0.0.1", "-p", "0"];
  const child = new Deno.Command(server, { args, stdin: "null", stdout: "null", stderr: "piped" }).spawn();
  globalThis.addEventListener("unload", () => child.kill("SIGKILL"));
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const read = async () => {
    let last = "";
    // To the end: with nobody reading, the server would one day wait for room in the pipe.
    for await (const part of child.stderr.pipeThrough(new TextDecoderStream())) {
      last = (last + part).slice(-2_000);
      const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(last) ?? [];
      if (address !== undefined) resolve(address);
    }
    reject(new Error(`moto has ended: ${last.trim()}`));
  };
  read();
  return await promise;
}

async function pass(request: Request, url: string): Promise<Response> {
  const target = request.headers.get("x-amz-target") ?? "";
  const body = await request.text();
  if (UNKNOWN_TO_MOTO.includes(target.split(".").at(-1)!)) {
    const message = `moto does not know ${target}`;
    return Response.json({ __type: "AccessDeniedException", message }, { status: 400 });
  }
  const { method, headers } = request;
  return await fetch(url, { method, headers, body, signal: AbortSignal.timeout(ANSWER_MS) });
}

/** Three revisions of `web`, of which the service runs the third, and a scalable target. */
async function makeWorld(moto: Moto): Promise<void> {
  await moto.ask("ecs", "CreateCluster", { clusterName: "default" });
  for (const tag of [1, 2, 3]) {
    await moto.ask("ecs", "RegisterTaskDefinition", {
      family: "web",
      containerDefinitions: [{ name: "app", image: `example/app:${tag}`, essential: true, memory: 128 }],
    });
  }
  await moto.ask("ecs", "CreateService", { serviceName: "web", taskDefinition: "web:3", desiredCount: 2 });
  const capacity = { MinCapacity: 1, MaxCapacity: 4 };
  await moto.ask("application-autoscaling", "RegisterScalableTarget", { ...SCALING_TARGET, ...capacity });
}
