import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { externalDataInterceptor } from "@smithy/core/config";
import { handInStreams } from "../../../src/aws/hand_in_streams.ts";
import type { PathKind } from "../../../src/host.ts";

async function handIn(variables: Record<string, string>, kinds: Record<string, PathKind>): Promise<string[]> {
  const read: string[] = [];
  await handInStreams({ get: (name) => variables[name] }, {
    kindOf: (path) => Promise.resolve(kinds[path]),
    readText: (path) => {
      read.push(path);
      return Promise.resolve(`[profile of-${path.length}]\n`);
    },
  });
  return read;
}

Deno.test("handInStreams() reads the pipes among the files of the AWS SDK, and no plain file", async () => {
  const variables = {
    HOME: "/home/alice",
    AWS_CONFIG_FILE: "~/config.pipe",
    AWS_WEB_IDENTITY_TOKEN_FILE: "/dev/fd/63",
  };
  deepStrictEqual(
    await handIn(variables, {
      "/home/alice/config.pipe": "stream",
      "/home/alice/.aws/credentials": "file",
      "/dev/fd/63": "stream",
    }),
    ["/home/alice/config.pipe", "/dev/fd/63"],
  );
  const handed = externalDataInterceptor.getFileRecord()["/home/alice/config.pipe"];
  strictEqual(await handed, "[profile of-23]\n");
});

Deno.test("handInStreams() names a file below HOME=/ as the SDK does", async () => {
  deepStrictEqual(await handIn({ HOME: "/" }, { "/.aws/config": "stream" }), ["/.aws/config"]);
});

Deno.test("handInStreams() looks in no home folder where the environment names none", async () => {
  deepStrictEqual(await handIn({}, { "/.aws/config": "stream", "~/.aws/config": "stream" }), []);
});
