import assert from "node:assert/strict";
import type { Emulator } from "../../emulator/emulator.ts";
import {
  imageOf,
  type MyService,
  myservice,
  SERVICE,
  taskDefinition,
  UNTIL_STEADY_MS,
} from "../../emulator/myservice.ts";
import { CONFIG_FILES } from "../../in_process.ts";
import { countRoundTrips } from "../../round_trips.ts";

/** What somebody waits for whose service is down: each round trip in a row before the first write costs the way to AWS. */

/** How long ECS keeps records of deployments. */
const KEPT_MS = 90 * 24 * 3_600_000;

const rollback = (...args: string[]) => ["rollback", "--no-wait", ...args];

const WORLDS: Readonly<Record<string, MyService>> = {
  "with tags that stay": {},
  "with a tag that has moved": { movingTag: "latest" },
  "with a tag that has moved, and revisions deployed again and again": {
    movingTag: "latest",
    history: [3, 4, 4, 3, 4],
  },
  "with many deployments": { history: Array.from({ length: 30 }, (_, index) => 1 + index % 4) },
};

/** The tag of 3 was pushed again after it ran, and what runs has another tag. */
function pushedAgain(): Emulator {
  const emulator = myservice();
  emulator.setImage(imageOf(3));
  return emulator;
}

/** How a target can be named, and how many round trips in a row may come before the first write. */
const CHOICES = [
  [["--revision", "3"], 3],
  [["--revision", "previous"], 4],
  [["--revision", "stable", "--min-served", "1m"], 4],
  [["--at", "-7m"], 4],
  [["--image-tag", imageOf(3).split(":")[1]!], 4],
] as const;

for (const [title, world] of Object.entries(WORLDS)) {
  for (const [choice, limit] of CHOICES) {
    const isPinned = world.movingTag !== undefined;
    // Where all have the same tag, it names none of them.
    if (isPinned && choice[0] === "--image-tag") continue;
    Deno.test(`rollback ${choice.join(" ")} ${title} writes after at most ${limit} round trips in a row`, async () => {
      const { reads, write, stderr } = await countRoundTrips(() => myservice(world), rollback(...choice));
      assert.equal(write, isPinned ? "RegisterTaskDefinition" : "UpdateService", stderr);
      assert.ok(reads.length <= limit, reads.map((side) => side.join(", ")).join("\n"));
    });
  }
}

/**
 * Revision 5 is the copy that an earlier rollback to 3 has registered, with the image by digest, and the tag was pushed again.
 * After the copy, 4 was deployed once more, two hours ago.
 */
function withCopy(world: MyService = {}): Emulator {
  const emulator = myservice(world);
  const [repository] = imageOf(3).split(":");
  const digest = emulator.imageDigests(imageOf(3))[2];
  emulator.registerTaskDefinition({
    ...taskDefinition(3, `${repository}@${digest}`),
    tags: [
      { key: "ecspresso:copied-from", value: `${SERVICE}:3` },
      { key: "ecspresso:image-tag", value: "app=1.2.0" },
    ],
  });
  emulator.setImage(imageOf(3));
  for (const revision of [5, 4]) {
    emulator.updateService({ service: SERVICE, taskDefinition: `${SERVICE}:${revision}` });
    emulator.advance(UNTIL_STEADY_MS);
  }
  emulator.advance(120 * 60_000);
  return emulator;
}

for (
  const [choice, limit, write, world] of [
    [["--revision", "3"], 3, "UpdateService"],
    [["--revision", "5"], 3, "UpdateService"],
    // What 5 is likely to be a copy of is read while 5 is.
    [["--revision", "previous"], 4, "UpdateService"],
    [["--revision", "stable", "--min-served", "1m"], 4, "UpdateService"],
    [["--at", "-127m"], 4, "UpdateService"],
    [["--image-tag", "1.2.0"], 4, "UpdateService"],
    // Only the copy's tag says so, which is a read more.
    [["--image-tag", "1.2.0"], 4, "UpdateService", { history: [2, 4] }],
  ] as const
) {
  const where = world === undefined ? "with a registered copy" : "with a copy of what is not on record";
  Deno.test(`rollback ${choice.join(" ")} ${where} writes after at most ${limit} round trips in a row`, async () => {
    const made = await countRoundTrips(() => withCopy(world && { history: [...world.history] }), rollback(...choice));
    assert.equal(made.write, write, made.stderr);
    assert.ok(made.reads.length <= limit, made.reads.map((side) => side.join(", ")).join("\n"));
  });
}

Deno.test("what was read more than a second ago is read again before the first write, and only then", async () => {
  // A copy is registered first, so that it is not the order alone that looks.
  const world = () => myservice({ movingTag: "latest" });
  const servicesRead = async (latencyMs: number) => {
    const { reads, write } = await countRoundTrips(world, rollback("--revision", "3"), latencyMs);
    assert.equal(write, "RegisterTaskDefinition");
    return reads.flat().filter((operation) => operation === "DescribeServices").length;
  };
  assert.deepEqual([await servicesRead(333), await servicesRead(334)], [1, 2]);
});

/** The user's files, with a definition of this family. */
function filesOf(family: string): Record<string, string> {
  const config = `${CONFIG_FILES["ecspresso.yml"]}task_definition: task.json\n`;
  return { "ecspresso.yml": config, "task.json": JSON.stringify({ ...taskDefinition(4), family }) };
}

Deno.test("a number is read with the service where the user's files name the family; a tag that stays takes no time", async () => {
  const count = (makeEmulator: () => Emulator, family = SERVICE) =>
    countRoundTrips(makeEmulator, rollback("--revision", "3"), 50, filesOf(family));
  const likely = await count(myservice);
  assert.deepEqual([likely.reads.length, likely.write], [2, "UpdateService"], likely.stderr);
  const [first, second] = likely.reads;
  assert.ok(first?.includes("DescribeTaskDefinition") && second?.includes("DescribeImages"), likely.reads.join("\n"));
  // That the image which ran is still there is asked when the tag is known to have moved.
  const moved = await count(pushedAgain);
  assert.deepEqual([moved.reads.length, moved.write], [3, "RegisterTaskDefinition"], moved.stderr);
  const other = await count(myservice, "other");
  assert.deepEqual([other.reads.length, other.write], [3, "UpdateService"], other.stderr);
  assert.match(other.stderr, /myservice:3/);
});

Deno.test("it is one round trip to see that a tag has moved, and that what ran is there", async () => {
  const { reads, write } = await countRoundTrips(pushedAgain, rollback("--revision", "3"));
  assert.deepEqual([reads.length, write], [3, "RegisterTaskDefinition"], reads.join("\n"));
});

/** Revision 2 ran for longer than ECS keeps records; since then there was one deployment, of 3. */
function ranBeforeRecord(): Emulator {
  const emulator = myservice({ history: [2] });
  emulator.advance(KEPT_MS + 1);
  emulator.updateService({ service: SERVICE, taskDefinition: `${SERVICE}:3` });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

// What it needs is known only when it is.
for (const [preflight, limit] of [["off", 4], ["3s", 5]] as const) {
  Deno.test(`what ran before ECS's record is found after at most ${limit} round trips with --preflight ${preflight}`, async () => {
    const args = rollback("--revision", "previous", "--preflight", preflight);
    const { reads, write, stderr } = await countRoundTrips(ranBeforeRecord, args);
    assert.equal(write, "UpdateService", stderr);
    assert.match(stderr, /myservice:2/);
    assert.ok(reads.length <= limit, reads.map((side) => side.join(", ")).join("\n"));
  });
}
