import { fileURLToPath } from "node:url";

/** A longer function does more than one thing, and so does a longer file. */
const LONGEST_FUNCTION = 40;
const LONGEST_FILE = 250;

/** Several words in a row, or nothing but two; a code is one word. */
const PROSE = /[A-Za-z]{2,}[,;:]? [a-z]{2,}[,;:]? [A-Za-z]{2,}|^[A-Za-z]{2,} [A-Z]?[a-z]+$/;
/** In a template two words in a row, or one beside a value, with a space between. */
const PROSE_OF_TEMPLATE = /[A-Za-z]{2,}[,;:]? [a-z]{2,}|(?:^|[, ])[A-Za-z]{2,} $|^ [A-Za-z]{2,}(?:[, ]|$)/;
/** The rooms from `report` upwards may have words for users; those below speak in codes. */
const ABOVE_REPORT = /^(?:app|commands|session|report)[\\/]/;
/**
 * Files whose words are not for users, or not ours: patterns for ECS's messages, scripts for shells and Jsonnet,
 * and the list of words that are no secrets.
 */
const OTHER_WORDS = /^completion[\\/]|[\\/](?:find_subject|\w+_texts|text_rules|evaluate_jsonnet|own_words)\.ts$/;
/** Classes whose arguments may be words: errors for programmers, and patterns. */
const WITH_WORDS = ["Error", "TypeError", "RangeError", "RegExp", "DOMException"];

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const SRC = fileURLToPath(new URL("../src/", import.meta.url));
/** Where files and functions are held to their lengths. */
const OWN = /^(?:src|tests|tools)[\\/]/;

type AnyFunction =
  | Deno.lint.FunctionDeclaration
  | Deno.lint.FunctionExpression
  | Deno.lint.ArrowFunctionExpression;

/**
 * The rules of CONTRIBUTING.md that a linter can check. `deno lint` and editors get them from deno.json. But for the
 * lengths, which are those of tests and tools, too, they apply to `src` only.
 */
const houseRules: Deno.lint.Plugin = {
  name: "house",
  rules: {
    "function-length": inOwn((context) => {
      const check = (node: AnyFunction) => {
        const lines = linesOf(context.sourceCode.getText(node));
        if (lines <= LONGEST_FUNCTION) return;
        context.report({ node, message: `${nameOf(node)}: ${lines} lines, ${LONGEST_FUNCTION} are the most` });
      };
      return { FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check };
    }),
    "file-length": inOwn((context) => ({
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
    "words-in-report": inSrc((context) => {
      const path = context.filename.slice(SRC.length);
      if (ABOVE_REPORT.test(path) || OTHER_WORDS.test(path)) return {};
      const message = "words for users belong to src/report; here is a code with data";
      const report = (node: Deno.lint.Node) =>
        isArgumentOf(WITH_WORDS, node) || isCompared(node) || context.report({ node, message });
      return {
        Literal: (node) => typeof node.value === "string" && PROSE.test(node.value) && report(node),
        TemplateElement: (node) => PROSE_OF_TEMPLATE.test(node.cooked) && report(node),
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

function inOwn(create: Deno.lint.Rule["create"]): Deno.lint.Rule {
  const isOwn = (path: string) => path.startsWith(ROOT) && OWN.test(path.slice(ROOT.length));
  return { create: (context) => isOwn(context.filename) ? create(context) : {} };
}

function inSrc(create: Deno.lint.Rule["create"]): Deno.lint.Rule {
  return { create: (context) => context.filename.startsWith(SRC) ? create(context) : {} };
}

/** Whether a node is within the arguments of `new` with one of these classes. */
function isArgumentOf(classes: readonly string[], node: Deno.lint.Node): boolean {
  for (let part = node; "parent" in part && part.parent; part = part.parent as Deno.lint.Node) {
    if (part.type !== "NewExpression") continue;
    return part.callee.type === "Identifier" && classes.includes(part.callee.name);
  }
  return false;
}

/** Whether a text is compared with something: then it is in the words of others. */
function isCompared(node: Deno.lint.Node): boolean {
  const parent = "parent" in node ? node.parent as Deno.lint.Node : node;
  return parent.type === "BinaryExpression" && /^[!=]==$/.test(parent.operator);
}

function linesOf(text: string): number {
  return text.split("\n").length;
}

/** The name of a function, or of the variable, property or method that holds it. */
function nameOf(node: AnyFunction): string {
  const parent = node.parent as { id?: { name?: string }; key?: { name?: string } };
  return node.id?.name ?? parent.id?.name ?? parent.key?.name ?? "a function without a name";
}
