import assert from "node:assert/strict";
import { createScenario } from "../emulator/scenarios.ts";
import { runCli } from "./cli_process.ts";

/** A company's proxy or endpoint with a certificate authority of its own: AWS_CA_BUNDLE names it, as for the AWS CLI. */

async function openssl(folder: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args, cwd: folder, stdout: "null", stderr: "piped" })
    .output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

/** Leaves ca.pem, and cert.pem and key.pem for 127.0.0.1, in `folder`. */
async function makeCertificates(folder: string): Promise<void> {
  const newKey = ["-newkey", "rsa:2048", "-nodes"];
  const authority = ["-subj", "/CN=test authority", "-addext", "basicConstraints=critical,CA:TRUE"];
  await openssl(folder, "req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", ...authority);
  await openssl(folder, "req", ...newKey, "-keyout", "key.pem", "-out", "leaf.csr", "-subj", "/CN=127.0.0.1");
  await Deno.writeTextFile(`${folder}/leaf.ext`, "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n");
  const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "leaf.ext"];
  await openssl(folder, "x509", "-req", "-in", "leaf.csr", ...signing, "-out", "cert.pem");
}

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
