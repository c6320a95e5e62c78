import assert from "node:assert/strict";
import { clockSkew, delay, dropAfter, dropBefore, halfSent } from "./faults.ts";
import { createScenario } from "./scenarios.ts";
import { post, served } from "./served.ts";

const UPDATE = { service: "myservice", taskDefinition: "myservice:3" };

Deno.test("the world's clock follows the wall's, faster", async () => {
  const emulator = createScenario("healthy");
  const before = emulator.now();
  await served(emulator, async (url) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await (await post(url, "ListServices")).body?.cancel();
  }, 1000);
  assert.ok(emulator.now() - before >= 20_000, `${emulator.now() - before} ms`);
});

Deno.test("clients see broken connections, before and after the call was carried out", async (t) => {
  const table = [["before", dropBefore(), false], ["after", dropAfter(), true], ["half", halfSent(), true]] as const;
  for (const [name, effect, applied] of table) {
    await t.step(name, async () => {
      const emulator = createScenario("healthy");
      emulator.inject({ operation: "UpdateService", effect });
      await served(emulator, async (url) => {
        await assert.rejects(post(url, "UpdateService", UPDATE).then((response) => response.json()), TypeError);
        assert.equal((await (await post(url, "ListServices")).json()).serviceArns.length, 1);
      });
      assert.equal(emulator.state().services["default/myservice"]?.taskDefinition === "myservice:3", applied);
    });
  }
});

Deno.test("a late answer is late on the wall", async () => {
  const emulator = createScenario("healthy");
  emulator.inject({ effect: delay(60) });
  await served(emulator, async (url) => {
    const startedAtMs = performance.now();
    await (await post(url, "ListServices")).body?.cancel();
    assert.ok(performance.now() - startedAtMs >= 55);
  });
});

Deno.test("a skewed clock shows in the Date of the answer", async () => {
  const emulator = createScenario("healthy");
  emulator.inject({ effect: clockSkew(3_600_000) });
  await served(emulator, async (url) => {
    const response = await post(url, "ListServices");
    assert.equal((await response.json()).__type, "InvalidSignatureException");
    const skewMs = Date.parse(response.headers.get("date") ?? "") - Date.now();
    assert.ok(Math.abs(skewMs - 3_600_000) < 5_000, `${skewMs} ms`);
  });
});

Deno.test("a request without a signature is refused and not carried out", async () => {
  const emulator = createScenario("healthy");
  await served(emulator, async (url) => {
    const response = await post(url, "ListServices", {}, false);
    assert.equal(response.status, 400);
    assert.equal((await response.json()).__type, "MissingAuthenticationTokenException");
  });
  assert.equal(emulator.calls.length, 0);
});

Deno.test("a request without a signature is refused by S3 in XML", async () => {
  const emulator = createScenario("healthy");
  emulator.setObject("states", "there", "{}");
  await served(emulator, async (url) => {
    const seen = async (path: string, headers: Record<string, string>) => {
      const response = await fetch(`${url}${path}`, { headers });
      return [response.status, /<Code>(.*)<\/Code>/.exec(await response.text())?.[1]];
    };
    assert.deepEqual(await seen("/states/there", {}), [403, "AccessDenied"]);
    const signed = { authorization: "AWS4-HMAC-SHA256 Credential=x" };
    assert.deepEqual(await seen("/states/none", signed), [404, "NoSuchKey"]);
  });
});

Deno.test("large requests arrive whole", async () => {
  const emulator = createScenario("healthy");
  const environment = [{ name: "LARGE", value: "日".repeat(40_000) }];
  const containerDefinitions = [{ name: "app", image: "example/app:1", memory: 128, environment }];
  await served(emulator, async (url) => {
    const response = await post(url, "RegisterTaskDefinition", { family: "large", containerDefinitions });
    assert.deepEqual((await response.json()).taskDefinition.containerDefinitions[0].environment, environment);
  });
});
