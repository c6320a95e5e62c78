import type { Host, Output } from "../host.ts";
import { type RunScope, subjectName } from "../model/service.ts";
import type { Context } from "./context.ts";
import type { GlobalOptions } from "./global_options.ts";

export const isColored = ({ color }: GlobalOptions, { isTerminal }: Output, { env }: Host) =>
  color ?? (isTerminal && !env.get("NO_COLOR"));

/** From now on, the log names the service, and errors the region. */
export async function openLog(context: Context, options: GlobalOptions, scopes: readonly RunScope[]): Promise<void> {
  const { host, reporter } = context;
  const { debug, verbose, logFormat: format } = options;
  const color = isColored(options, host.stderr, host);
  const [scope, ...others] = scopes;
  const isOfMany = scope === undefined || others.length > 0;
  // How many there are is not known before those that are sought are found.
  const isFound = scopes.every(({ service }) => service !== undefined);
  const subject = isOfMany ? isFound ? `all ${scopes.length}` : "all" : subjectName(scope);
  Object.assign(reporter.logSettings, { subject, isOfMany, debug, verbose, color, format });
  // An error that is about no service is of them all.
  context.region = others.every(({ region }) => region === scope?.region) ? scope?.region : undefined;
  await reporter.openLog();
}
