import assert from "node:assert/strict";
import { makeCertificates } from "../certificates.ts";
import { createScenario } from "../emulator/scenarios.ts";
import { runCli } from "./cli_process.ts";

/** A company's proxy or endpoint with a certificate authority of its own: AWS_CA_BUNDLE names it, as for the AWS CLI. */

function hasOpenssl(): boolean {
  try {
    return new Deno.Command("openssl", { args: ["version"], stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    console.log("skipped: the test of AWS_CA_BUNDLE needs the command openssl, which is not on this machine");
    return false;
  }
}

Deno.test({
  name: "AWS_CA_BUNDLE is trusted, and nothing is without it",
  ignore: !hasOpenssl(),
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "ecspresso-tls-" });
    await makeCertificates(folder);
    const emulator = createScenario("healthy");
    const read = (name: string) => Deno.readTextFileSync(`${folder}/${name}`);
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, cert: read("cert.pem"), key: read("key.pem"), onListen: () => {} },
      async (request) => {
        const target = request.headers.get("x-amz-target") ?? "";
        const answer = emulator.handle({ target, body: await request.text() });
        assert.ok(!("drop" in answer));
        return new Response(answer.body, { status: answer.status, headers: answer.headers });
      },
    );
    try {
      const url = `https://127.0.0.1:${server.addr.port}`;
      const args = ["rollback", "--revision", "3", "--no-wait"];
      const untrusted = await runCli(url, args);
      assert.equal(untrusted.code, 5, untrusted.stderr);
      assert.match(untrusted.stderr, /DescribeServices failed: NotConnected: .*certificate/);
      const trusted = await runCli(url, args, { env: { AWS_CA_BUNDLE: `${folder}/ca.pem` } });
      assert.equal(trusted.code, 0, trusted.stderr);
      const missing = await runCli(url, args, { env: { AWS_CA_BUNDLE: `${folder}/none.pem` } });
      assert.equal(missing.code, 3);
      assert.match(missing.stderr, /none\.pem: no such file \(AWS_CA_BUNDLE names it\)/);
    } finally {
      await server.shutdown();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
