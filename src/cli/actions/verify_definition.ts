import type { Ecs } from "../../aws/ecs_adapter.ts";
import type { JsonObject } from "../../ecs/json.ts";
import { findReferences } from "../../registry/find_references.ts";
import { verifyReferences } from "../../registry/verify_references.ts";
import { renderVerified } from "../../ui/verify_text.ts";
import { reportNoTaskDefinition } from "../carry_out.ts";
import { EXIT } from "../exit_code.ts";
import { loadTaskDefinition } from "../load_checked.ts";
import { readFamily } from "../read_family.ts";
import type { Session } from "../session.ts";

/**
 * Looks whether the roles, images, secrets and parameters that a task definition names are there: that of the file, or a
 * registered one. Answers with the exit code; what is not known is no failure.
 */
export async function verifyDefinition(session: Session, revision: number | undefined): Promise<number> {
  const { log, signal } = session;
  const ecs = await session.connectEcs();
  const name = revision === undefined ? undefined : `${await readFamily(session, ecs)}:${revision}`;
  log.info(`Verifying ${name ?? session.config.taskDefinition ?? "the task definition"}`);
  const definition = await readDefinition(session, ecs, name);
  if (definition === undefined) return reportNoTaskDefinition(String(name), session);
  const verified = await verifyReferences(findReferences(definition), await session.connectInventory(), signal);
  session.print(renderVerified(verified));
  const missing = verified.filter(({ state }) => state === "missing").length;
  const unknown = verified.filter(({ state }) => state === "unknown").length;
  if (unknown > 0) log.warn(`of ${unknown} it is not known whether they are there`);
  if (missing === 0) {
    log.info("Nothing is known to be missing");
    return EXIT.ok;
  }
  log.error(`${missing} missing: tasks will not start`);
  return EXIT.refused;
}

/** @param name `undefined`: the file's */
async function readDefinition(
  session: Session,
  ecs: Ecs,
  name: string | undefined,
): Promise<JsonObject | undefined> {
  return name === undefined
    ? (await loadTaskDefinition(session, ecs)).value
    : await ecs.readTaskDefinition(name, session.signal);
}
