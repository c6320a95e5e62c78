import assert from "node:assert/strict";
import { hasJsonnet } from "../unit/config/jsonnet/real_jsonnet.ts";
import { runCli } from "./cli_process.ts";
import { NOWHERE } from "./nowhere.ts";

const CONFIG = "region: ap-northeast-1\nservice: myservice\ntask_definition: taskdef.jsonnet\n";
const TASK_DEFINITION = `{
  family: 'myservice',
  containerDefinitions: [{
    name: 'app',
    image: 'app:1',
    command: [std.extVar('typed'), std.extVar('bare'), std.extVar('code'), std.native('must_env')('ASKED')],
  }],
}`;
const VALUES = ["typed-secret-1", "bare-secret-2", "code-secret-3", "asked-secret-4"];

const name = "what Jsonnet is given stands in no program's arguments";
Deno.test({
  name,
  ignore: Deno.build.os === "windows",
  async fn() {
    if (!await hasJsonnet(name)) return;
    const folder = await Deno.makeTempDir({ prefix: "ecspresso-jsonnet-" });
    try {
      // Looks at the arguments of all programs while this one runs, as any user of the machine can.
      const wrapper = `#!/bin/sh\nps -A -ww -o args >> '${folder}/seen'\nPATH="\${PATH#*:}"\nexec jsonnet "$@"\n`;
      await Deno.writeTextFile(`${folder}/jsonnet`, wrapper, { mode: 0o755 });
      const options = {
        files: { "ecspresso.yml": CONFIG, "taskdef.jsonnet": TASK_DEFINITION },
        env: {
          PATH: `${folder}:${Deno.env.get("PATH")}`,
          ECSPRESSO_EXT_STR: "typed=typed-secret-1;bare",
          ECSPRESSO_EXT_CODE: "code='code-' + 'secret-3'",
          bare: "bare-secret-2",
          ASKED: "asked-secret-4",
        },
      };
      const { code, stdout, stderr } = await runCli(NOWHERE, ["render", "taskdef"], options);
      assert.deepEqual([code, stderr], [0, ""]);
      assert.deepEqual(JSON.parse(stdout).containerDefinitions[0].command, VALUES);
      const seen = await Deno.readTextFile(`${folder}/seen`);
      assert.match(seen, /jsonnet --ext-str/, "the arguments are seen at all");
      assert.doesNotMatch(seen, /secret-\d/);
      const dry = await runCli(NOWHERE, ["register", "--dry-run"], options);
      assert.match(dry.stdout, /"command": \[\s+"\(hidden\)",\s+"\(hidden\)",/, dry.stderr);
      assert.doesNotMatch(dry.stdout + dry.stderr, /secret-\d/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
