import type { Action, Fail, Token } from "./lex_action.ts";
import type { TemplateValue } from "./template_function.ts";

/** A call of a function; `source` is the call as it stands in the file, with what is piped into it. */
export interface Call {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly Operand[];
  readonly start: number;
  readonly source: string;
}

/** What is written as it is, a variable (with its `$`), or a pipeline in parentheses. */
export type Operand =
  | { readonly kind: "literal"; readonly value: TemplateValue }
  | { readonly kind: "variable"; readonly name: string }
  | Pipeline;

/** Commands whose results are each the last argument of the next; all but the first are calls. */
export interface Pipeline {
  readonly kind: "pipeline";
  readonly first: Operand | Call;
  readonly rest: readonly Call[];
}

/** What a template may call. */
export interface KnownFunctions {
  readonly names: readonly string[];
  /** Those of Go's own; a refusal of another name does not list them. */
  readonly builtIn: readonly string[];
  /** What is to be said of another name, when there is more to say than which functions there are. */
  readonly explainUnknown: (name: string) => string | undefined;
}

/** A pipeline whose value goes into the text or, where `variable` is there, into that. */
export interface Statement {
  readonly pipeline: Pipeline;
  readonly variable?: { readonly name: string; readonly isNew: boolean };
}

/** Far deeper than anyone nests by hand, and far from exhausting the stack. */
export const DEEPEST_NESTING = 100;

/** A recursive descent over the tokens of one action. */
export class ActionParser {
  #next = 0;

  constructor(
    private readonly source: string,
    private readonly action: Action,
    private readonly known: KnownFunctions,
    /** The variables that there are at this place. */
    private readonly variables: readonly string[],
    private readonly fail: Fail,
  ) {}

  takeKeyword(): Token | undefined {
    const token = this.#peek();
    if (token?.kind !== "keyword") return undefined;
    this.#next++;
    return token;
  }

  /** The rest of the action: a pipeline, `$x := PIPELINE` or `$x = PIPELINE`. */
  parseStatement(): Statement {
    const [name, sign] = [this.#peek(), this.action.tokens[this.#next + 1]];
    if (name?.kind !== "variable" || sign?.kind !== ":=" && sign?.kind !== "=") return { pipeline: this.#parseRest() };
    const isNew = sign.kind === ":=";
    if (!isNew) this.#checkVariable(name);
    this.#next += 2;
    return { pipeline: this.#parseRest(), variable: { name: name.text, isNew } };
  }

  end(): void {
    const extra = this.#peek();
    if (extra !== undefined) this.fail(`unexpected ${extra.text}`, extra.start);
  }

  #parseRest(): Pipeline {
    const pipeline = this.#parsePipeline(0);
    this.end();
    return pipeline;
  }

  #checkVariable({ text, start }: Token): void {
    if (!this.variables.includes(text)) this.fail(`there is no variable ${text} here`, start);
  }

  #parsePipeline(depth: number): Pipeline {
    const start = this.#offset();
    const first = this.#parseFirstCommand(start, depth);
    const rest: Call[] = [];
    while (this.#peek()?.kind === "|") {
      this.#next++;
      const token = this.#peek();
      if (token?.kind !== "name") return this.fail("the name of a function is missing after |", this.#offset());
      rest.push(this.#parseCall(token, start, depth));
    }
    return { kind: "pipeline", first, rest };
  }

  #parseFirstCommand(start: number, depth: number): Operand | Call {
    const token = this.#peek();
    if (token?.kind === "name") return this.#parseCall(token, start, depth);
    const operand = this.#parseOperand(depth);
    if (operand === undefined) return this.fail("a function or a value is missing here", start);
    const argument = this.#peek();
    if (argument !== undefined && argument.kind !== "|" && argument.kind !== ")") {
      return this.fail("only a function takes arguments", argument.start);
    }
    return operand;
  }

  #parseCall(name: Token, pipelineStart: number, depth: number): Call {
    const isKnown = this.known.names.includes(name.text) || this.known.builtIn.includes(name.text);
    if (!isKnown) return this.fail(this.#describeUnknown(name.text), name.start);
    this.#next++;
    const args: Operand[] = [];
    for (let arg = this.#parseOperand(depth); arg !== undefined; arg = this.#parseOperand(depth)) args.push(arg);
    const end = this.action.tokens[this.#next - 1]!.end;
    const source = this.source.slice(pipelineStart, end);
    return { kind: "call", name: name.text, args, start: name.start, source };
  }

  #describeUnknown(name: string): string {
    const explanation = this.known.explainUnknown(name);
    if (explanation !== undefined) return `${name}: ${explanation}`;
    return `there is no template function ${name} (known: ${[...this.known.names].sort().join(", ")})`;
  }

  #parseOperand(depth: number): Operand | undefined {
    const token = this.#peek();
    switch (token?.kind) {
      case "string":
      case "number":
      case "boolean":
        this.#next++;
        return { kind: "literal", value: literalOf(token) };
      case "variable":
        this.#checkVariable(token);
        this.#next++;
        return { kind: "variable", name: token.text };
      case "(":
        return this.#parseParentheses(token, depth + 1);
      case "name":
        return this.fail(`a call among the arguments needs parentheses: (${token.text} ...)`, token.start);
      default:
        return undefined;
    }
  }

  #parseParentheses(open: Token, depth: number): Pipeline {
    if (depth > DEEPEST_NESTING) return this.fail("the parentheses are nested too deeply", open.start);
    this.#next++;
    const pipeline = this.#parsePipeline(depth);
    if (this.#peek()?.kind !== ")") return this.fail("this ( has no partner", open.start);
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

function literalOf({ kind, text }: Token): TemplateValue {
  if (kind === "number") return BigInt(text);
  return kind === "boolean" ? text === "true" : text;
}
