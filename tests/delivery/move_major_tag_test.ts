import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

/** The last step of a release, with a repository in a folder in GitHub's place. */

const SCRIPT = fileURLToPath(new URL("../../.github/release/move_major_tag.sh", import.meta.url));

interface Clone {
  /** Commits, and pushes the commit with an annotated tag. */
  release(tag: string): Promise<void>;
  /** From now on every push is refused. */
  refusePushes(): Promise<void>;
  /** Moves the tag of the major version and returns what the script has said. */
  move(tag: string): Promise<string>;
  /** The release that a tag of the repository points at. */
  target(tag: string): Promise<string>;
  /** What a tag of the repository points at: `commit` or `tag`. */
  kind(tag: string): Promise<string>;
}

async function inClone(test: (clone: Clone) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ecspresso-tags-" });
  const env = {
    PATH: Deno.env.get("PATH") ?? "",
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "a",
    GIT_AUTHOR_EMAIL: "a@example.com",
    GIT_COMMITTER_NAME: "a",
    GIT_COMMITTER_EMAIL: "a@example.com",
  };
  const run = async (cwd: string, command: string, ...args: string[]) => {
    const { success, stdout, stderr } = await new Deno.Command(command, { args, cwd, env, clearEnv: true }).output();
    const text = new TextDecoder().decode(stdout);
    assert.ok(success, `${command} ${args.join(" ")}: ${text}${new TextDecoder().decode(stderr)}`);
    return text.trim();
  };
  const origin = `${folder}/origin`;
  const clone = `${folder}/clone`;
  try {
    await run(folder, "git", "init", "--quiet", "--bare", origin);
    await run(folder, "git", "clone", "--quiet", origin, clone);
    await test({
      async release(tag) {
        await run(clone, "git", "commit", "--quiet", "--allow-empty", "--message", tag);
        await run(clone, "git", "tag", "--annotate", "--message", tag, tag);
        await run(clone, "git", "push", "--quiet", "origin", tag);
      },
      refusePushes: () => Deno.writeTextFile(`${origin}/hooks/pre-receive`, "#!/bin/sh\nexit 1\n", { mode: 0o755 }),
      move: (tag) => run(clone, "bash", SCRIPT, tag),
      target: (tag) => run(origin, "git", "log", "-1", "--format=%s", tag),
      kind: (tag) => run(origin, "git", "cat-file", "-t", tag),
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const ignore = Deno.build.os === "windows";

Deno.test({
  name: "the tag of a major version follows its newest release",
  ignore,
  fn: () =>
    inClone(async ({ release, move, target, kind }) => {
      for (const tag of ["v1.0.0", "v1.9.0", "v1.10.0"]) {
        await release(tag);
        await move(tag);
        assert.equal(await target("v1"), tag);
      }
      // Not at the annotated tag of the release, which has another name.
      assert.equal(await kind("v1"), "commit");
      await release("v2.0.0");
      await move("v2.0.0");
      assert.deepEqual([await target("v1"), await target("v2")], ["v1.10.0", "v2.0.0"]);
    }),
});

Deno.test({
  name: "the tag of a major version goes neither back nor to a pre-release",
  ignore,
  fn: () =>
    inClone(async ({ release, move, target }) => {
      await release("v1.1.0");
      await move("v1.1.0");
      await release("v1.0.1");
      assert.equal(await move("v1.0.1"), "v1.1.0 is newer than v1.0.1: v1 is not moved");
      await release("v1.2.0-rc.1");
      assert.match(await move("v1.2.0-rc.1"), /is a pre-release/);
      assert.equal(await target("v1"), "v1.1.0");

      await release("v1.1.1");
      await move("v1.1.1");
      assert.equal(await target("v1"), "v1.1.1");
    }),
});

Deno.test({
  name: "what to type is said where the tag of the major version could not be moved",
  ignore,
  fn: () =>
    inClone(async ({ release, move, refusePushes }) => {
      await release("v1.0.0");
      await refusePushes();
      const command = "git push --force origin refs/tags/v1.0.0^{commit}:refs/tags/v1";
      await assert.rejects(move("v1.0.0"), ({ message }) => message.trim().endsWith(command));
    }),
});
