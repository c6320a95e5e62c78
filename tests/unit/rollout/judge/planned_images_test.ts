import assert from "node:assert/strict";
import {
  type ImageToday,
  type KnownImages,
  type PinPolicy,
  planImages,
  runsWhatRan,
  startsTheSame,
  withoutCopy,
} from "../../../../src/rollout/judge/planned_images.ts";

const OLD = `sha256:${"1f2e".repeat(16)}`;
const NEW = `sha256:${"9a8b".repeat(16)}`;
const TAG = "example/web:latest";
const PINNED = `example/web@${OLD}`;

const app = (digest: string | undefined, image = TAG) => [{ container: "app", image, digest }];
const written = (image = TAG, isConsistent = true) => [{ container: "app", image, isConsistent }];

function known(changes: Partial<KnownImages> & { tag?: ImageToday }): KnownImages {
  const { tag, ...others } = changes;
  return { running: app(NEW), ran: app(OLD), today: new Map(tag === undefined ? [] : [[TAG, tag]]), ...others };
}

/** What starts, and under which name. */
function starts(state: KnownImages, pin: PinPolicy = "auto", names = written()) {
  const [image] = planImages(names, state, pin);
  return [image?.starts, image?.pinnedTo];
}

Deno.test("a tag that has moved is pinned to what ran, unless the user goes by the tag", () => {
  const moved = known({ tag: { digest: NEW } });
  assert.deepEqual(starts(moved), [OLD, PINNED]);
  assert.deepEqual(starts(moved, "always"), [OLD, PINNED]);
  assert.deepEqual(starts(moved, "never"), [NEW, undefined]);
});

Deno.test("a tag that still names what ran is left alone, unless everything is to be pinned", () => {
  const same = known({ tag: { digest: OLD } });
  assert.deepEqual(starts(same), [OLD, undefined]);
  assert.deepEqual(starts(same, "always"), [OLD, PINNED]);
});

Deno.test("a tag that is gone is pinned to what ran, and starts nothing by itself", () => {
  assert.deepEqual(starts(known({ tag: "missing" })), [OLD, PINNED]);
  assert.deepEqual(starts(known({ tag: "missing" }), "never"), [undefined, undefined]);
});

Deno.test("where the registry cannot be asked, what runs now shows that a tag has moved", () => {
  assert.deepEqual(starts(known({ tag: "unknown" })), [OLD, PINNED]);
  assert.deepEqual(starts(known({ running: app(NEW, "example/web:2") })), [undefined, undefined], "the tag decides");
  assert.deepEqual(starts(known({ running: undefined })), [undefined, undefined]);
});

Deno.test("without a record, and without version consistency, the tag decides", () => {
  const today = known({ ran: undefined, tag: { digest: NEW } });
  assert.deepEqual(starts(today), [NEW, undefined]);
  assert.deepEqual(starts(today, "always"), [NEW, undefined]);
  assert.deepEqual(starts(known({ tag: { digest: NEW } }), "auto", written(TAG, false)), [NEW, undefined]);
});

Deno.test("a name by digest needs no pin", () => {
  assert.deepEqual(starts(known({ tag: { digest: NEW } }), "always", written(PINNED)), [OLD, undefined]);
});

Deno.test("the same starts only where every digest is known and the same", () => {
  const same = (state: KnownImages, pin: PinPolicy = "auto") => startsTheSame(planImages(written(), state, pin));
  assert.equal(same(known({ tag: { digest: NEW } }), "never"), true);
  assert.equal(same(known({ tag: { digest: NEW } })), false);
  assert.equal(same(known({ running: undefined, tag: { digest: NEW } })), false);
  assert.equal(same(known({ running: app(OLD), tag: { digest: OLD } })), true);
  assert.equal(startsTheSame([]), false);
  const two = [...written(), { container: "side", image: "side:1", isConsistent: true }];
  assert.equal(startsTheSame(planImages(two, known({ tag: { digest: NEW } }), "never")), false);
});

Deno.test("of what the service has already, only a copy starts what ran: also where the tag has not moved", () => {
  const deployed = (state: KnownImages, pin: PinPolicy = "auto") => {
    const [image] = planImages(written(), state, pin, true);
    return [image?.starts, image?.pinnedTo];
  };
  assert.deepEqual(deployed(known({ tag: { digest: OLD } })), [OLD, PINNED]);
  assert.deepEqual(deployed(known({ running: app(undefined), tag: { digest: OLD } })), [OLD, PINNED]);
  assert.deepEqual(deployed(known({ running: app(OLD), tag: { digest: OLD } })), [OLD, undefined]);
  assert.deepEqual(deployed(known({ tag: { digest: OLD } }), "never"), [OLD, undefined]);
});

Deno.test("where a copy is registered, it names by digest also what may have moved", () => {
  const state = { ...known({ running: app(NEW, "example/web:2") }) };
  const copied = (pin: PinPolicy, names = written()) =>
    planImages(names, state, pin, false, true).map(({ pinnedTo }) => pinnedTo);
  assert.deepEqual(copied("auto"), [PINNED]);
  assert.deepEqual(copied("never"), [undefined]);
  assert.deepEqual(copied("auto", written(TAG, false)), [undefined]);
  const side = { container: "side", image: "side:1" };
  const both = planImages(
    [...written(), { ...side, isConsistent: true }],
    { running: app(NEW), ran: [...app(OLD), { ...side, digest: NEW }], today: new Map() },
    "auto",
  );
  assert.deepEqual(both.map(({ pinnedTo }) => pinnedTo), [PINNED, `side@${NEW}`]);
});

Deno.test("other images run where a digest differs, or where there is nothing to start", () => {
  const same = (state: KnownImages, names = written()) => runsWhatRan(planImages(names, state, "auto"), state);
  assert.equal(same(known({})), false);
  assert.equal(same(known({}), written(TAG, false)), true, "without version consistency nothing is known");
  assert.equal(same(known({ running: app(OLD) })), true);
  assert.equal(same(known({ running: app(undefined) })), true);
  assert.equal(same(known({ running: [{ ...app(undefined)[0]!, isGone: true }] })), false);
});

Deno.test("where ECS goes back by itself, the images start as they ran, unless tags are resolved for each task", () => {
  const asRan = (isConsistent: boolean) => {
    const images = planImages(written(TAG, isConsistent), known({ tag: { digest: NEW } }), "never");
    return withoutCopy(images, false).map(({ starts, pinnedTo }) => [starts, pinnedTo])[0];
  };
  assert.deepEqual(asRan(true), [OLD, undefined]);
  assert.deepEqual(asRan(false), [NEW, undefined]);
});
