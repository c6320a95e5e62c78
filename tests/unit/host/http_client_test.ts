import assert from "node:assert/strict";
import { systemHost } from "../../../src/host/system_host.ts";
import { hasOpenssl, makeCertificates } from "../../certificates.ts";

const DIRECT = { http: undefined, https: undefined, direct: [] };
/** Framed as a certificate is, and none. */
const BROKEN = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n";

function open(certificates: readonly string[], addsToDefaults: boolean): Deno.HttpClient {
  const authorities = { certificates, addsToDefaults };
  return (systemHost().fetchOptions({ authorities, proxies: DIRECT, keepsConnections: false }) as {
    client: Deno.HttpClient;
  }).client;
}

Deno.test({
  name: "fetchOptions() trusts what it can use of a store that has something else in it",
  ignore: !hasOpenssl("the test of an odd store"),
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "ecspresso-store-" });
    await makeCertificates(folder);
    const read = (name: string) => Deno.readTextFileSync(`${folder}/${name}`);
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, cert: read("cert.pem"), key: read("key.pem"), onListen: () => {} },
      () => new Response("reached"),
    );
    const url = `https://127.0.0.1:${server.addr.port}/`;
    try {
      using trusting = open([`# a store\n${BROKEN}${read("other.pem")}${read("ca.pem")}${BROKEN}`], true);
      assert.equal(await (await fetch(url, { client: trusting })).text(), "reached");
      using distrusting = open([`${BROKEN}${read("other.pem")}`], true);
      await assert.rejects(fetch(url, { client: distrusting }));
    } finally {
      await server.shutdown();
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("fetchOptions() goes without a store of which nothing can be used, and not without a file that is all", () => {
  open([BROKEN], true).close();
  assert.throws(() => open([BROKEN], false), { problem: { code: "noUsableCertificate" } });
});

Deno.test("fetchOptions() leaves the variables as they were", () => {
  const before = Deno.env.toObject();
  const proxies = { http: "http://proxy.example", https: "http://u:p@proxy.example", direct: ["a"] };
  const authorities = { certificates: [], addsToDefaults: true };
  (systemHost().fetchOptions({ authorities, proxies, keepsConnections: true }) as { client: Deno.HttpClient }).client
    .close();
  assert.deepEqual(Deno.env.toObject(), before);
});
