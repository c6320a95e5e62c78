import { isTrue, type TemplateValue, TemplateValueError } from "./template_function.ts";

/** An argument that is evaluated when it is asked for. */
type Argument = () => Promise<TemplateValue>;

/**
 * The functions of Go's own that conditions are made of (https://pkg.go.dev/text/template#hdr-Functions). `and` and `or`
 * look at no argument behind the one that decides.
 */
export const LOGIC_FUNCTIONS: Readonly<Record<string, (args: readonly Argument[]) => Promise<TemplateValue>>> = {
  and: (args) => firstThat(args, (value) => !isTrue(value)),
  or: (args) => firstThat(args, isTrue),
  not: async (args) => {
    if (args.length !== 1) throw new TemplateValueError(`one argument is needed, and there are ${args.length}`);
    return !isTrue(await args[0]!());
  },
  eq: async (args) => {
    const [first, ...others] = await allOf(args);
    return others.some((other) => isEqual(first!, other));
  },
  ne: async (args) => {
    if (args.length !== 2) throw new TemplateValueError(`two arguments are needed, and there are ${args.length}`);
    const [one, other] = await allOf(args);
    return !isEqual(one!, other!);
  },
};

/** The first argument whose value decides, else the last one. */
async function firstThat(
  args: readonly Argument[],
  decides: (value: TemplateValue) => boolean,
): Promise<TemplateValue> {
  let value: TemplateValue | undefined;
  for (const arg of args) {
    value = await arg();
    if (decides(value)) return value;
  }
  if (value === undefined) throw new TemplateValueError("an argument is needed");
  return value;
}

async function allOf(args: readonly Argument[]): Promise<TemplateValue[]> {
  if (args.length < 2) throw new TemplateValueError(`two arguments are needed, and there are ${args.length}`);
  const values: TemplateValue[] = [];
  for (const arg of args) values.push(await arg());
  return values;
}

function isEqual(one: TemplateValue, other: TemplateValue): boolean {
  if (typeof one !== typeof other) {
    throw new TemplateValueError("a text, a number and true or false cannot be compared with each other");
  }
  return one === other;
}
