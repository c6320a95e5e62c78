import type { LogsPort } from "../model/ports.ts";
import { lazyApi } from "./api.ts";
import type { ConnectionOptions } from "./connection.ts";
import { optionalText, requiredList, text, undefinedWhen } from "./read_answer.ts";

/** "A returned page might only be partially full, or even empty" (API reference): so many in a row are looked at. */
const MOST_PAGES = 3;

/** Amazon CloudWatch Logs: the lines of containers. */
export function connectLogs(options: ConnectionOptions): LogsPort {
  const logs = lazyApi(options, () => import("./clients/cloudwatch_logs.ts"), (sdk) => sdk.CloudWatchLogsClient);
  return {
    async readLastEvents({ group, stream, region }, limit, signal) {
      const { sdk, api } = await logs(region);
      const readPage = (nextToken: string | undefined) => {
        const which = { logGroupName: group, logStreamName: stream, startFromHead: false, limit };
        const command = new sdk.GetLogEventsCommand({ ...which, nextToken });
        const reading = api.read(command, signal, ({ events, nextBackwardToken }) => ({
          messages: requiredList(events, "events").map(({ message }) => text(message, "message")),
          earlier: optionalText(nextBackwardToken, "nextBackwardToken"),
        }));
        return undefinedWhen(["ResourceNotFoundException"], reading);
      };
      let nextToken: string | undefined;
      for (let pages = 1;; pages++) {
        const page = await readPage(nextToken);
        if (page === undefined || page.messages.length > 0 || pages === MOST_PAGES) return page?.messages;
        // The token comes back as it was sent where the stream begins.
        if (page.earlier === undefined || page.earlier === nextToken) return [];
        nextToken = page.earlier;
      }
    },
  };
}
