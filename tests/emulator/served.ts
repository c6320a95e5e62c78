import type { Emulator } from "./emulator.ts";
import { startEmulatorServer } from "./server.ts";

/** Serves an emulator while `body` runs; its clock stands still unless a speed is given. */
export async function served(emulator: Emulator, body: (url: string) => Promise<void>, speed = 0): Promise<void> {
  const server = await startEmulatorServer(emulator, { speed });
  try {
    await body(server.url);
  } finally {
    await server.close();
  }
}

/** One request as a client sends it, but by `fetch`: what is tested is what arrives, not how an SDK takes it. */
export function post(url: string, operation: string, input: unknown = {}, signed = true): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: {
      "x-amz-target": `AmazonEC2ContainerServiceV20141113.${operation}`,
      ...(signed ? { authorization: "AWS4-HMAC-SHA256 Credential=x" } : {}),
    },
    body: JSON.stringify(input),
  });
}
