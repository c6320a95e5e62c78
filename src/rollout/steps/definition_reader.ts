import { asAwsError, AwsError, isPassing } from "../../errors.ts";
import type { JsonObject } from "../../model/json.ts";
import type { PlanEvent } from "../events.ts";
import type { PlanRun } from "../plan_run.ts";

/** Reads the task definition of tasks that fail, once: it says which containers they have, and where those log. */
export class DefinitionReader {
  #known: JsonObject | undefined;
  #isAllowed = true;

  /** @param arn of the task definition that the followed deployment is to bring */
  constructor(private readonly run: Pick<PlanRun, "context" | "plannedFrom">, private readonly arn: string) {
    const target = run.plannedFrom?.target;
    if (target?.arn === arn) this.#known = target.raw;
  }

  /** What is read is optional: a denial is reported once, and what fails otherwise may be read later. */
  async *read(signal: AbortSignal): AsyncGenerator<PlanEvent, JsonObject | undefined, void> {
    if (this.#known !== undefined || !this.#isAllowed) return this.#known;
    const read = await this.run.context.ecs.describeTaskDefinition(this.arn, signal).catch(asAwsError);
    if (!(read instanceof AwsError)) return this.#known = read?.raw;
    if (isPassing(read)) return undefined;
    this.#isAllowed = false;
    yield { kind: "notice", notice: { code: "definitionNotRead", error: read.failure } };
    return undefined;
  }
}
