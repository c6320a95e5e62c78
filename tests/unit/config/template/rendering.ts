import { renderTemplate } from "../../../../src/config/template/render_template.ts";
import { CallError, type TemplateFunction } from "../../../../src/config/template/template_functions.ts";

export const functions: Record<string, TemplateFunction> = {
  show: (args) => `[${args.join("|")}]`,
  same: ([text]) => text ?? "",
  later: ([text]) => Promise.resolve(`later ${text}`),
  lines: () => "one\ntwo\nthree",
  value: () => ({ b: true, a: [1, "<b>", null] }),
  secretive: () => {
    throw new CallError({ code: "notFound", kind: "variable" }, "of this name");
  },
  tricky: () => "{{ show `x` }}",
  nothing: () => "",
  refuse: () => {
    throw new CallError({ code: "notFound", kind: "variable" });
  },
  crash: () => {
    throw new TypeError("a bug");
  },
};

export const known = { functions, explainUnknown: () => undefined };

export async function render(source: string): Promise<string> {
  return (await renderTemplate(source, "t.yml", known)).text;
}
