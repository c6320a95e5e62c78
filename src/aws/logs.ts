import { withoutEscapes } from "../model/invisible_characters.ts";
import type { LogsPort } from "../model/ports.ts";
import { LazyApi } from "./lazy_api.ts";
import type { ConnectionOptions } from "./connection.ts";
import { optionalText, requiredList, text, undefinedWhen } from "./read_answer.ts";

/** How many empty pages in a row are read: "a returned page might only be partially full, or even empty" (AWS). */
const MAX_EMPTY_PAGES = 3;

/** Amazon CloudWatch Logs: the lines of containers. */
export function connectLogs(options: ConnectionOptions): LogsPort {
  const { mask = (text) => text } = options;
  const logs = new LazyApi(options, () => import("./clients/cloudwatch_logs.ts"), (sdk) => sdk.CloudWatchLogsClient);
  return {
    async readLastEvents({ group, stream, region }, limit, signal) {
      const which = { logGroupName: group, logStreamName: stream, startFromHead: false, limit };
      let nextToken: string | undefined;
      for (let pages = 1;; pages++) {
        const reading = logs.read(
          (sdk) => new sdk.GetLogEventsCommand({ ...which, nextToken }),
          signal,
          ({ events, nextBackwardToken }) => ({
            // Masked before they are cut into lines. Escape sequences could hide a value.
            messages: requiredList(events, "events").map(({ message }) =>
              mask(withoutEscapes(text(message, "message")))
            ),
            earlier: optionalText(nextBackwardToken, "nextBackwardToken"),
          }),
          region,
        );
        const page = await undefinedWhen(["ResourceNotFoundException"], reading);
        if (page === undefined || page.messages.length > 0 || pages === MAX_EMPTY_PAGES) return page?.messages;
        // At the beginning of the stream, AWS returns the token that was sent.
        if (page.earlier === undefined || page.earlier === nextToken) return [];
        nextToken = page.earlier;
      }
    },
  };
}
