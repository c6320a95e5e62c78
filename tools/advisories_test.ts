import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type Allowed, judge } from "./advisories/judge.ts";
import { type Advisory, readReport } from "./advisories/read_report.ts";

const TOOL = fileURLToPath(new URL("advisories.ts", import.meta.url));

const INJECTION = {
  id: 1106913,
  url: "https://github.com/advisories/GHSA-35jh-r3h4-6jhm",
  title: "Command Injection in lodash",
  severity: "high",
  vulnerable_versions: "<4.17.21",
};

/** A lock file with a version of lodash that has a known hole, and what npm answers for it. */
const FILES: Readonly<Record<string, unknown>> = {
  "deno.json": { imports: { lodash: "npm:lodash@4.17.15" } },
  "deno.lock": {
    version: "5",
    specifiers: { "npm:lodash@4.17.15": "4.17.15" },
    npm: {
      "lodash@4.17.15": {
        integrity: "sha512-8xOcRHvCjnocdS5cpwXQXVzmmh5e5+saE2QGoeQmbKmRS6J3VQppPOIt0MnmE+4xlZoumy0GPG0D0MVIQbNA1A==",
      },
    },
    workspace: { dependencies: ["npm:lodash@4.17.15"] },
  },
  "high.json": { lodash: [INJECTION] },
  "low.json": { lodash: [{ ...INJECTION, severity: "low" }] },
  "older.json": { lodash: [{ ...INJECTION, vulnerable_versions: "<4.17.12" }] },
  "none.json": {},
  "allowed.json": [{ id: "GHSA-35jh-r3h4-6jhm", reason: "no template is compiled", until: "2999-12-31" }],
  "expired.json": [{ id: "GHSA-35jh-r3h4-6jhm", reason: "no template is compiled", until: "2020-12-31" }],
};

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const folder = await Deno.makeTempDir({ prefix: "ecspresso-advisories-" });
  try {
    for (const [name, value] of Object.entries(FILES)) {
      await Deno.writeTextFile(`${folder}/${name}`, JSON.stringify(value));
    }
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-config", "--no-lock", TOOL, ...args],
      cwd: folder,
      env,
    }).output();
    return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("deno task advisories fails for a hole in what the lock file has, unless it is allowed", async () => {
  const cases: [string[], number, RegExp][] = [
    [["--answers", "high.json"], 1, /^advisories: high: lodash <4\.17\.21: Command Injection in lodash \(GHSA-/],
    [
      ["--answers", "high.json", "--allowed", "allowed.json"],
      0,
      /; allowed until 2999-12-31: no template is compiled\n/,
    ],
    [["--answers", "high.json", "--allowed", "expired.json"], 1, /; no longer allowed, since 2020-12-31: /],
    [["--answers", "low.json"], 0, /^advisories: low: lodash .*\nadvisories: nothing to fix\n$/],
    [["--answers", "older.json"], 0, /^advisories: nothing to fix\n$/],
    [
      ["--answers", "none.json", "--allowed", "allowed.json"],
      0,
      /^advisories: GHSA-.* is allowed, and no advisory any more: .*\n/,
    ],
  ];
  for (const [args, code, said] of cases) {
    const ended = await run(args);
    assert.equal(ended.code, code, `${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
    assert.match(ended.stdout, said);
  }
});

Deno.test("deno task advisories says where the registry cannot be asked, and fails nothing", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const nowhere = await run([], { NPM_CONFIG_REGISTRY: `http://127.0.0.1:${port}` });
  assert.equal(nowhere.code, 0, nowhere.stderr);
  assert.match(
    nowhere.stdout,
    /^advisories: npm's registry could not be asked, so none are known: .*Connection refused/,
  );

  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    return new Response("", { status: 405 });
  });
  const refusing = await run([], { NPM_CONFIG_REGISTRY: `http://127.0.0.1:${server.addr.port}` });
  await server.shutdown();
  assert.equal(refusing.code, 0, refusing.stderr);
  assert.match(refusing.stdout, /could not be asked, so none are known: ./);
});

const HIGH: Advisory = { id: "GHSA-1", title: "Hole", severity: "high", package: "a", vulnerable: "<2" };

Deno.test("judge() wants a reason and a day for what is allowed", () => {
  const allow = (more: Partial<Allowed> = {}) => [{ id: "GHSA-1", reason: "unused", until: "2026-12-31", ...more }];
  const isFine = (allowed: readonly Allowed[], today = "2026-12-31") => judge([HIGH], allowed, today).isFine;
  assert.equal(isFine(allow()), true);
  assert.equal(isFine(allow(), "2027-01-01"), false);
  assert.equal(isFine(allow({ reason: " " })), false);
  assert.equal(isFine(allow({ until: "never" })), false);
  assert.equal(isFine(allow({ id: "GHSA-2" })), false);
  assert.equal(judge([{ ...HIGH, severity: "moderate" }], [], "2026-12-31").isFine, false);
});

Deno.test("readReport() reads everything, or says that it cannot", () => {
  assert.equal(readReport("\n"), undefined);
  assert.deepEqual(readReport("No known vulnerabilities found\n"), []);
  const block = "╭ Hole\n│ Severity:   high\n│ Package:    a\n│ Vulnerable: <2\n╰ Info:       https://x/GHSA-1\n";
  assert.deepEqual(readReport(`${block}\nFound 1 vulnerabilities\n`), [HIGH]);
  assert.throws(() => readReport(`${block}\nFound 2 vulnerabilities\n`), /cannot be read/);
  assert.throws(
    () => readReport(`${block.replace("high", "unheard of")}\nFound 1 vulnerabilities\n`),
    /cannot be read/,
  );
  assert.throws(() => readReport("Something else\n"), /cannot be read/);
});
