import { formatJson } from "../../ui/log.ts";
import { EXIT } from "../exit_code.ts";
import type { Session } from "../session.ts";

/** What can be rendered, by every name that it has. */
export const RENDERED = {
  config: "config",
  servicedef: "service",
  "service-definition": "service",
  taskdef: "task",
  "task-definition": "task",
} as const;

/** Prints files of the config after Jsonnet and templates. Answers with the exit code. */
export async function renderFiles(
  { definitions, host }: Session,
  names: readonly (keyof typeof RENDERED)[],
): Promise<number> {
  for (const name of names) {
    switch (RENDERED[name]) {
      case "config":
        host.stdout.write(withLineEnd(await definitions.renderConfig()));
        break;
      case "service":
        host.stdout.write(`${formatJson((await definitions.loadServiceDefinition()).value, 2)}\n`);
        break;
      case "task":
        host.stdout.write(`${formatJson((await definitions.loadTaskDefinition()).value, 2)}\n`);
    }
  }
  return EXIT.ok;
}

function withLineEnd(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
