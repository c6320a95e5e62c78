import assert from "node:assert/strict";
import { refuseRelativePath } from "../../../src/host/refuse_relative_path.ts";

const ignore = Deno.build.os === "windows";

async function withPrograms(test: (folder: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const path of ["here", "sub/there", "safe/there", "plain/there", "plain/plain"]) {
      await Deno.mkdir(`${folder}/${path.split("/").slice(0, -1).join("/")}`, { recursive: true });
      await Deno.writeTextFile(`${folder}/${path}`, "#!/bin/sh\n");
      await Deno.chmod(`${folder}/${path}`, path.startsWith("plain") ? 0o644 : 0o755);
    }
    test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "refuseRelativePath() names what an entry of PATH would lead to that is no absolute path",
  ignore,
  fn: async () => {
    await withPrograms((folder) => {
      for (const path of ["", ".", ":/nowhere", "/nowhere:", "/nowhere::/bin", "./", "./.", "missing:."]) {
        const message = `it would be ${folder}/here, by an entry of PATH`;
        assert.throws(() => refuseRelativePath("here", folder, path), (error) => String(error).includes(message), path);
      }
      const up = Deno.cwd().split("/").map(() => "..").join("/");
      const fromHere = `${up}${folder}/sub`;
      assert.throws(() => refuseRelativePath("there", "/nowhere", fromHere), /\/sub\/there, by an entry of PATH/);
      assert.throws(
        () => refuseRelativePath("there", folder, `sub:${folder}/safe`),
        /\/sub\/there, by an entry of PATH/,
      );
    });
  },
});

Deno.test({
  name: "refuseRelativePath() lets what an absolute entry finds first be, and what nothing finds",
  ignore,
  fn: async () => {
    await withPrograms((folder) => {
      refuseRelativePath("there", folder, `${folder}/safe:sub`);
      refuseRelativePath("there", folder, `plain:missing:${folder}/safe:sub`);
      refuseRelativePath("plain", folder, "plain");
      refuseRelativePath("missing", folder, ".:sub");
    });
  },
});
