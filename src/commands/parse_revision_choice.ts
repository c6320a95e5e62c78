import { parseTaskDefinitionArn } from "../model/arn.ts";
import type { RevisionChoice } from "../rollout/read/revision_choice.ts";
import { UsageError } from "../errors.ts";
import { parseCount } from "../session/parse_number.ts";

/**
 * Reads what `--revision` of a rollback says: a number, `previous`, `family:number` or a task definition's full ARN.
 * Throws a UsageError, which names the option, for anything else.
 */
export function parseRevisionChoice(text: string, option = "--revision"): RevisionChoice {
  if (text === "previous") return { kind: "previous" };
  if (text.startsWith("arn:")) {
    try {
      const { family, revision } = parseTaskDefinitionArn(text);
      return { kind: "named", name: text, family, revision };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new UsageError(`${option}: ${error.message}`);
    }
  }
  const named = /^([A-Za-z0-9_-]{1,255}):([^:]+)$/.exec(text);
  if (named !== null) {
    return { kind: "named", name: text, family: named[1]!, revision: parseCount(option, named[2]!) };
  }
  if (/^[A-Za-z_-]/.test(text)) {
    throw new UsageError(
      `${option} takes a number, family:number${option === "--from" ? " or an ARN" : ", an ARN or previous"}, not ${
        JSON.stringify(text.slice(0, 60))
      }`,
    );
  }
  return { kind: "number", revision: parseCount(option, text) };
}
