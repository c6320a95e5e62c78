import assert from "node:assert/strict";
import { nameProxy, readProxies } from "../../../src/config/read_proxies.ts";
import { inWords } from "../../in_words.ts";

function read(env: Readonly<Record<string, string>>) {
  return readProxies({ get: (name) => env[name] });
}

const CASES: readonly {
  readonly env: Readonly<Record<string, string>>;
  readonly https?: string;
  readonly http?: string;
  readonly direct?: readonly string[];
}[] = [
  { env: {} },
  { env: { HTTPS_PROXY: "" } },
  { env: { HTTPS_PROXY: "http://proxy.example:3128" }, https: "http://proxy.example:3128" },
  { env: { HTTPS_PROXY: "proxy.example:3128" }, https: "http://proxy.example:3128" },
  { env: { HTTPS_PROXY: "//proxy.example:3128/" }, https: "http://proxy.example:3128" },
  { env: { HTTPS_PROXY: "https://proxy.example" }, https: "https://proxy.example" },
  { env: { HTTPS_PROXY: "socks5h://[::1]:1080" }, https: "socks5h://[::1]:1080" },
  { env: { HTTPS_PROXY: "http://user:p%40ss@10.0.0.1:3128" }, https: "http://user:p%40ss@10.0.0.1:3128" },
  { env: { HTTPS_PROXY: "http://user:p@ss@proxy.example" }, https: "http://user:p%40ss@proxy.example" },
  { env: { HTTPS_PROXY: "http://user@proxy.example" }, https: "http://user:@proxy.example" },
  { env: { HTTP_PROXY: " http://proxy.example " }, http: "http://proxy.example" },
  // As Python and curl have it, the small letters count, and nothing is a value, too.
  { env: { https_proxy: "http://small.example", HTTPS_PROXY: "http://large.example" }, https: "http://small.example" },
  { env: { https_proxy: "", HTTPS_PROXY: "http://large.example" } },
  { env: { ALL_PROXY: "http://all.example" }, https: "http://all.example", http: "http://all.example" },
  {
    env: { all_proxy: "http://all.example", HTTPS_PROXY: "http://own.example" },
    https: "http://own.example",
    http: "http://all.example",
  },
  { env: { HTTPS_PROXY: "http://proxy.example", NO_PROXY: "*" } },
  {
    env: { NO_PROXY: ".Example.com, *.amazonaws.com 10.0.0.0/8,localhost:4566,[::1]:80,,fd00::/8" },
    direct: [".example.com", ".amazonaws.com", "10.0.0.0/8", "localhost", "::1", "fd00::/8"],
  },
];

for (const { env, https, http, direct = [] } of CASES) {
  Deno.test(`readProxies() of ${JSON.stringify(env)}`, () => {
    assert.deepEqual(read(env), { https, http, direct });
  });
}

for (const value of ["http://", "ftp://u:topsecret@proxy", "http://u:top#secret@proxy", "http://proxy:99999", "a b"]) {
  Deno.test(`readProxies() refuses ${value}, and does not quote it`, () => {
    assert.throws(inWords(() => read({ HTTPS_PROXY: value })), (error: Error) => {
      assert.equal(error.name, "ConfigError");
      assert.match(error.message, /^HTTPS_PROXY is not the address of a proxy/);
      assert.ok(!error.message.includes("secret"));
      return true;
    });
  });
}

Deno.test("nameProxy() names the one that a URL goes through, without its login", () => {
  const proxies = read({
    HTTPS_PROXY: "http://jane:secret@proxy.example:3128",
    NO_PROXY: ".internal,exact.example,127.0.0.1",
  });
  const table: readonly (readonly [string, string | undefined])[] = [
    ["https://ecs.amazonaws.com/", "proxy.example:3128"],
    ["https://notexact.example/", "proxy.example:3128"],
    ["https://10.0.0.1:8443/", "proxy.example:3128"],
    ["http://ecs.amazonaws.com/", undefined],
    ["https://vpce.internal/", undefined],
    ["https://exact.example/", undefined],
    ["https://127.0.0.1:8443/", undefined],
    ["no URL", undefined],
  ];
  for (const [url, expected] of table) assert.equal(nameProxy(proxies, url), expected, url);
  const some = read({ HTTPS_PROXY: "proxy.example", NO_PROXY: "10.0.0.0/8" });
  assert.equal(nameProxy(some, "https://10.0.0.1/"), undefined);
  assert.equal(nameProxy(some, "https://ecs.amazonaws.com/"), "proxy.example");
});
