import assert from "node:assert/strict";
import type { LogFormat } from "../../../src/report/messages/log.ts";
import { HiddenValues } from "../../../src/secrets/hidden_values.ts";
import { Reporter } from "../../../src/session/reporter.ts";
import { madeUpHost } from "../../made_up_host.ts";
import { VirtualClock } from "../../virtual_clock.ts";

/** What the log of a narrow terminal shows of a warning with a hidden value; nothing but the reporter masks it. */
async function warn(value: string, format: LogFormat): Promise<string> {
  const hidden = new HiddenValues();
  hidden.add({ source: "variable", name: "DB_PASSWORD", value });
  const exit = () => assert.fail("the program ends itself");
  const { host, written } = madeUpHost({ args: [], clock: new VirtualClock(0), isTerminal: true, columns: 40, exit });
  const reporter = new Reporter(host, {}, format, hidden);
  Object.assign(reporter.logSettings, { subject: "myservice/default", color: true });
  await reporter.openLog();
  reporter.log.warn(`refused: ${value} is no password`);
  return written.stderr;
}

for (const format of ["text", "json"] as const) {
  Deno.test(`a hidden value is masked before a line of the log is wrapped, coloured or escaped (${format})`, async () => {
    for (const value of ["correct horse battery staple", "bell\x07and\ttabs", "line one\nline two"]) {
      const shown = await warn(value, format);
      assert.match(shown, /\(hidden\)/);
      for (const part of value.split(/[^a-z]+/)) assert.ok(!shown.includes(part), `${part} is in ${shown}`);
    }
  });
}
