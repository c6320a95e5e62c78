import { LONGEST_TEXT } from "../files/user_files.ts";
import type { FailAt } from "../files/positions.ts";
import type { Action, Token } from "./lex_action.ts";
import {
  CallError,
  type Evaluate,
  type FunctionTable,
  LOGIC_FUNCTIONS,
  type TemplateValue,
  writeGoJson,
} from "./template_functions.ts";

/** A variable of a template. No action runs twice, so each declaration has one value. */
export interface Variable {
  readonly name: string;
  value: TemplateValue;
}

export type KnownFunctions = Pick<FunctionTable, "functions" | "explainUnknown">;

/** A function with its arguments; a piped value is the last argument. */
type Call = (piped?: TemplateValue) => Promise<TemplateValue>;

/** Far deeper than anyone nests by hand, and far from exhausting the stack. */
export const DEEPEST_NESTING = 100;

/** A recursive-descent parser for the tokens of one action. It makes functions that evaluate the action. */
export class ActionParser {
  #next = 0;

  constructor(
    private readonly source: string,
    private readonly action: Action,
    private readonly known: KnownFunctions,
    /** The variables that are visible here; of several with the same name, the last counts. */
    private readonly variables: Variable[],
    private readonly fail: FailAt,
  ) {}

  takeKeyword(): Token | undefined {
    const token = this.#peek();
    if (token?.kind !== "keyword") return undefined;
    this.#next++;
    return token;
  }

  /** The rest of the action: a pipeline, whose value goes into the text, or `$x := PIPELINE` or `$x = PIPELINE`. */
  parseStatement(): { readonly evaluate: Evaluate; readonly isAssignment: boolean } {
    const [name, sign] = [this.#peek(), this.action.tokens[this.#next + 1]];
    if (name?.kind !== "variable" || sign?.kind !== ":=" && sign?.kind !== "=") {
      return { evaluate: this.#parseRest(), isAssignment: false };
    }
    const variable = sign.kind === ":=" ? { name: name.text, value: "" } : this.#findVariable(name);
    this.#next += 2;
    const evaluate = this.#parseRest();
    // Visible from here on: in its own pipeline, the name means an earlier variable.
    if (sign.kind === ":=") this.variables.push(variable);
    return { evaluate: async () => variable.value = await evaluate(), isAssignment: true };
  }

  end(): void {
    const extra = this.#peek();
    if (extra !== undefined) this.fail({ code: "unexpected", text: extra.text }, extra.start);
  }

  #parseRest(): Evaluate {
    const pipeline = this.#parsePipeline(0);
    this.end();
    return pipeline;
  }

  #findVariable({ text, start }: Token): Variable {
    const variable = this.variables.findLast(({ name }) => name === text);
    return variable ?? this.fail({ code: "noVariable", text }, start);
  }

  #parsePipeline(depth: number): Evaluate {
    const start = this.#offset();
    const first = this.#parseFirstCommand(start, depth);
    const rest: Call[] = [];
    while (this.#peek()?.kind === "|") {
      this.#next++;
      const token = this.#peek();
      if (token?.kind !== "name") return this.fail({ code: "functionMissing" }, this.#offset());
      rest.push(this.#parseCall(token, start, depth));
    }
    return async () => {
      let value = await first();
      for (const call of rest) value = await call(value);
      return value;
    };
  }

  #parseFirstCommand(start: number, depth: number): Evaluate {
    const token = this.#peek();
    if (token?.kind === "name") return this.#parseCall(token, start, depth);
    const operand = this.#parseOperand(depth);
    if (operand === undefined) return this.fail({ code: "valueMissing" }, start);
    const argument = this.#peek();
    if (argument !== undefined && argument.kind !== "|" && argument.kind !== ")") {
      return this.fail({ code: "notCallable" }, argument.start);
    }
    return operand;
  }

  #parseCall({ text: name, start, end }: Token, pipelineStart: number, depth: number): Call {
    const { functions } = this.known;
    if (![functions, LOGIC_FUNCTIONS].some((known) => Object.hasOwn(known, name))) {
      const why = this.known.explainUnknown(name) ?? Object.keys(functions).sort();
      return this.fail({ code: "unknownFunction", name, why }, start);
    }
    const firstArgument = ++this.#next;
    const args: Evaluate[] = [];
    for (let arg = this.#parseOperand(depth); arg !== undefined; arg = this.#parseOperand(depth)) args.push(arg);
    const tokens = this.action.tokens.slice(firstArgument, this.#next);
    return async (piped) => {
      try {
        return await call(name, functions, piped === undefined ? args : [...args, () => Promise.resolve(piped)]);
      } catch (error) {
        if (!(error instanceof CallError)) throw error;
        // As written in the file, with what is piped into it.
        const written = this.source.slice(pipelineStart, tokens.at(-1)?.end ?? end).replaceAll(/\s+/g, " ");
        const areLiterals = piped === undefined && tokens.every((token) => literalOf(token) !== undefined);
        const { problem, address } = error;
        const quoted = areLiterals && address !== undefined ? { address } : {};
        return this.fail({ code: "noValue", call: written, problem, ...quoted }, start);
      }
    };
  }

  #parseOperand(depth: number): Evaluate | undefined {
    const token = this.#peek();
    switch (token?.kind) {
      case "(":
        return this.#parseParentheses(token, depth + 1);
      case "name":
        return this.fail({ code: "needsParentheses", text: token.text }, token.start);
      case "variable": {
        const variable = this.#findVariable(token);
        this.#next++;
        return () => Promise.resolve(variable.value);
      }
    }
    const value = token && literalOf(token);
    if (value === undefined) return undefined;
    this.#next++;
    return () => Promise.resolve(value);
  }

  #parseParentheses(open: Token, depth: number): Evaluate {
    if (depth > DEEPEST_NESTING) return this.fail({ code: "tooManyNested", kind: "parentheses" }, open.start);
    this.#next++;
    const pipeline = this.#parsePipeline(depth);
    if (this.#peek()?.kind !== ")") return this.fail({ code: "noPartner", sign: "(", isOnLine: false }, open.start);
    this.#next++;
    return pipeline;
  }

  #peek(): Token | undefined {
    return this.action.tokens[this.#next];
  }

  #offset(): number {
    return this.#peek()?.start ?? this.action.closeStart;
  }
}

function literalOf({ kind, text }: Token): TemplateValue | undefined {
  if (kind === "string") return text;
  if (kind === "number") return BigInt(text);
  return kind === "boolean" ? text === "true" : undefined;
}

async function call(
  name: string,
  functions: FunctionTable["functions"],
  args: readonly Evaluate[],
): Promise<TemplateValue> {
  if (!Object.hasOwn(functions, name)) return await LOGIC_FUNCTIONS[name]!(args);
  const value = await functions[name]!(await Array.fromAsync(args, async (arg) => String(await arg())));
  const text = typeof value === "string" ? value : writeGoJson(value);
  if (text.length > LONGEST_TEXT) throw new CallError({ code: "valueTooLarge" });
  return text;
}
