import assert from "node:assert/strict";
import { folderOf, resolveBeside } from "../../../../src/config/files/user_files.ts";

Deno.test("resolveBeside() counts from the folder of a file; what is in none counts from the working directory", () => {
  const cases = [
    ["deploy/ecspresso.yml", "deploy/task.json"],
    ["ecspresso.yml", "task.json"],
    ["/dev/stdin", "task.json"],
    ["/dev/fd/63", "task.json"],
    ["/proc/self/fd/3", "task.json"],
    // A folder in memory, as builds use it.
    ["/dev/shm/build/ecspresso.yml", "/dev/shm/build/task.json"],
  ];
  for (const [file, resolved] of cases) assert.equal(resolveBeside(file!, "task.json"), resolved);
  assert.equal(resolveBeside("deploy/ecspresso.yml", "/etc/task.json"), "/etc/task.json");
  assert.equal(folderOf("/dev/shm/build/ecspresso.yml"), "/dev/shm/build");
});
