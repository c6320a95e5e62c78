import type * as actions from "@actions/workflow-parser/actions/index";
import type * as parser from "@actions/workflow-parser";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

/** GitHub's own parser of workflows and actions, and what it finds wrong. */

interface Parser {
  readonly parseWorkflow: typeof parser.parseWorkflow;
  readonly convertWorkflowTemplate: typeof parser.convertWorkflowTemplate;
  readonly parseAction: typeof actions.parseAction;
  readonly NoOperationTraceWriter: typeof parser.NoOperationTraceWriter;
}

/** The package imports its schemas in a way that only bundlers understand. */
async function loadParser(): Promise<Parser> {
  const contents = 'export * from "@actions/workflow-parser"; export * from "@actions/workflow-parser/actions/index";';
  const stdin = { contents, resolveDir: fileURLToPath(new URL("../../", import.meta.url)) };
  try {
    const { outputFiles: [bundle] } = await esbuild.build({ stdin, bundle: true, format: "esm", write: false });
    return await import(`data:text/javascript,${encodeURIComponent(bundle!.text)}`);
  } finally {
    await esbuild.stop();
  }
}

const { parseWorkflow, convertWorkflowTemplate, parseAction, NoOperationTraceWriter } = await loadParser();

/** What is wrong with a workflow: its YAML, its keys and values, its expressions, and what its jobs need. */
export async function workflowErrors(name: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  const template = value === undefined ? undefined : await convertWorkflowTemplate(context, value);
  return [...context.errors.getErrors(), ...template?.errors ?? []].map((error) => {
    return "Message" in error ? error.Message : error.message;
  });
}

/** What is wrong with the definition of an action. */
export function actionErrors(name: string, content: string): string[] {
  const { context } = parseAction({ name, content }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
}
