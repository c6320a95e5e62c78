import assert from "node:assert/strict";
import { makeCertificates } from "../certificates.ts";
import { createScenario } from "../emulator/scenarios.ts";

/** The emulated ECS over TLS, on the loopback interface. */
interface TlsServer {
  readonly url: string;
  /** With what `makeCertificates` leaves. */
  readonly folder: string;
  /** What it was asked for, such as `AmazonEC2ContainerServiceV20141113.DescribeServices`. */
  readonly targets: readonly string[];
}

/** Serves a healthy service while `test` runs, with a certificate by an authority that nobody knows. */
export async function withTlsServer(test: (server: TlsServer) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ecspresso-tls-" });
  await makeCertificates(folder);
  const emulator = createScenario("healthy");
  const targets: string[] = [];
  const read = (name: string) => Deno.readTextFileSync(`${folder}/${name}`);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, cert: read("cert.pem"), key: read("key.pem"), onListen: () => {} },
    async (request) => {
      const target = request.headers.get("x-amz-target") ?? "";
      targets.push(target);
      const answer = emulator.handle({ target, body: await request.text() });
      assert.ok(!("drop" in answer));
      return new Response(answer.body, { status: answer.status, headers: answer.headers });
    },
  );
  try {
    await test({ url: `https://127.0.0.1:${server.addr.port}`, folder, targets });
  } finally {
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
}
