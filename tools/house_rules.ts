import { fileURLToPath } from "node:url";

/** A function longer than this has several ideas, and so has such a file. */
const LONGEST_FUNCTION = 40;
const LONGEST_FILE = 250;

const SRC = fileURLToPath(new URL("../src/", import.meta.url));

type AnyFunction =
  | Deno.lint.FunctionDeclaration
  | Deno.lint.FunctionExpression
  | Deno.lint.ArrowFunctionExpression;

/**
 * The rules of CONTRIBUTING.md that a linter can hold. `deno lint` and editors have them from deno.json; they are about
 * `src` alone.
 */
const houseRules: Deno.lint.Plugin = {
  name: "house",
  rules: {
    "function-length": inSrc((context) => {
      const check = (node: AnyFunction) => {
        const lines = linesOf(context.sourceCode.getText(node));
        if (lines <= LONGEST_FUNCTION) return;
        context.report({ node, message: `${nameOf(node)}: ${lines} lines, ${LONGEST_FUNCTION} are the most` });
      };
      return { FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check };
    }),
    "file-length": inSrc((context) => ({
      Program(node) {
        const lines = linesOf(context.sourceCode.text) - 1;
        if (lines <= LONGEST_FILE) return;
        const name = context.filename.replace(/^.*[\\/]/, "");
        context.report({ node, message: `${name}: ${lines} lines, ${LONGEST_FILE} are the most` });
      },
    })),
    "only-host-uses-deno": inSrc((context) => {
      if (/^host[\\/]/.test(context.filename.slice(SRC.length))) return {};
      const message = "only src/host uses Deno";
      return {
        'MemberExpression[object.name="Deno"]': (node: Deno.lint.Node) => context.report({ node, message }),
        'MemberExpression[property.name="Deno"]': (node: Deno.lint.Node) => context.report({ node, message }),
        'TSQualifiedName[left.name="Deno"]': (node: Deno.lint.Node) => context.report({ node, message }),
      };
    }),
    "no-class-name": inSrc((context) => {
      const message = "the executable does not keep the names of classes";
      const report = (node: Deno.lint.Node) => context.report({ node, message });
      return {
        'MemberExpression[property.name="name"][object.name=/^[A-Z]\\w*[a-z]/]': report,
        'MemberExpression[property.name="name"][object.property.name="constructor"]': report,
      };
    }),
  },
};

export default houseRules;

function inSrc(create: Deno.lint.Rule["create"]): Deno.lint.Rule {
  return { create: (context) => context.filename.startsWith(SRC) ? create(context) : {} };
}

function linesOf(text: string): number {
  return text.split("\n").length;
}

/** Its own name, or that of the variable, the property or the method that it is. */
function nameOf(node: AnyFunction): string {
  const parent = node.parent as { id?: { name?: string }; key?: { name?: string } };
  return node.id?.name ?? parent.id?.name ?? parent.key?.name ?? "a function without a name";
}
