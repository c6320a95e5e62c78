import type { Behaviour } from "./emulator/behaviours.ts";
import type { Emulator } from "./emulator/emulator.ts";
import { imageWithTag, type MyService, myservice } from "./emulator/myservice.ts";

const MINUTE_MS = 60_000;

/** Services with a bad release, 4, a while after which an alarm fires. Revision 3 had served for long. */
export const BAD_RELEASES = {
  "deployed": () => released(20 * MINUTE_MS),
  "still being deployed": () => released(20_000),
  "deployed, of a tag that was pushed again": () => released(20 * MINUTE_MS, { movingTag: "latest" }),
  "still being deployed, of a tag that was pushed again": () => released(20_000, { movingTag: "latest" }),
} satisfies Readonly<Record<string, () => Emulator>>;

/** @param wayBack how the tasks of 3 behave from now on */
export function released(agoMs: number, world: MyService = {}, wayBack?: Behaviour): Emulator {
  const emulator = myservice({ history: [2, 3], revisions: 4, ...world });
  emulator.advance(60 * MINUTE_MS);
  if (world.movingTag !== undefined) emulator.setImage(imageWithTag(world.movingTag));
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
  emulator.advance(agoMs);
  if (wayBack !== undefined) emulator.setBehaviour("myservice:3", wayBack);
  return emulator;
}
