import assert from "node:assert/strict";
import { formatAddress } from "../../../../src/config/tfstate/format_address.ts";
import { TemplateValueError } from "../../../../src/config/template/template_function.ts";

Deno.test("formatAddress() puts the arguments in their places", () => {
  const table: [string, string[], string][] = [
    ["a.b.c", [], "a.b.c"],
    ["a.b['%s'].%s", ["k", "id"], "a.b['k'].id"],
    ["a.b[%d].id", ["12"], "a.b[12].id"],
    ["a.%v[%d]", ["b", "-1"], "a.b[-1]"],
    ["100%% %s", ["%s"], "100% %s"],
  ];
  for (const [format, args, address] of table) assert.equal(formatAddress(format, args), address, format);
});

Deno.test("formatAddress() says what does not fit", () => {
  const table: [string, string[], string][] = [
    ["%q", ["a"], "its format may hold %s, %d, %v and %% only"],
    ["%02d", ["1"], "its format may hold %s, %d, %v and %% only"],
    ["a%", [], "its format may hold %s, %d, %v and %% only"],
    ["%s.%s", ["a"], "its format asks for more arguments than there are"],
    ["%d", ["a"], "its format asks for a whole number (%d)"],
    ["%s", ["a", "b"], "there are more arguments than its format asks for"],
  ];
  for (const [format, args, message] of table) {
    assert.throws(() => formatAddress(format, args), new TemplateValueError(message), format);
  }
});
