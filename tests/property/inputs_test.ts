import fc from "fast-check";
import { DEFINITION_FILES } from "../definition_files.ts";
import { INVISIBLE_TEXT } from "../invisible_characters.ts";
import { ARGUMENTS, COMMANDS, configText, definitionText, envfileText, word } from "./arbitrary_inputs.ts";
import { INPUTS, tries } from "./how_often.ts";
import { checkRun, ENDINGS } from "./run_on_inputs.ts";
import { arbitraryTampering } from "./strange_answers.ts";

/**
 * Whatever stands in the user's files, on the command line and in AWS's answers: the program ends, with one of its exit
 * codes and words of its own, and neither a stack trace nor an "unforeseen" error.
 */

const TIMEOUT_S = 60;

Deno.test(`${INPUTS} answers of AWS of the wrong shape`, async () => {
  const args = fc.subarray(["--deregister", "--suspend-auto-scaling", "--resume-auto-scaling", "--dry-run", "--debug"]);
  const revision = fc.constantFrom("3", "3", "3", "4", "9", undefined);
  await fc.assert(
    fc.asyncProperty(args, revision, arbitraryTampering, async (options, number, tampering) => {
      const asked = number === undefined ? [] : [`--revision=${number}`];
      await checkRun({ args: ["rollback", ...asked, `--timeout=${TIMEOUT_S}s`, ...options], tampering });
    }),
    tries(INPUTS),
  );
});

Deno.test(`${INPUTS} configs, templates, envfiles and environments`, async () => {
  const name = fc.constantFrom("ecspresso.yml", "ecspresso.yml", "ecspresso.json", "ecspresso.yaml");
  const env = fc.dictionary(
    fc.constantFrom(
      "ECSPRESSO_CONFIG",
      "ECSPRESSO_ENVFILE",
      "ECSPRESSO_TIMEOUT",
      "ECSPRESSO_DEBUG",
      "ECSPRESSO_COLOR",
      "AWS_REGION",
      "AWS_DEFAULT_REGION",
      "AWS_CA_BUNDLE",
      "SERVICE",
      "USER",
      "GITHUB_ACTOR",
    ),
    word,
    { maxKeys: 3 },
  );
  await fc.assert(
    fc.asyncProperty(
      name,
      configText,
      envfileText,
      definitionText,
      env,
      async (name, config, envfile, definition, env) => {
        const files = { [name]: config, ".env": envfile, "taskdef.json": definition };
        const scaling = ["--suspend-auto-scaling", "--resume-auto-scaling"];
        await checkRun({ args: ["rollback", "--revision=3", "--envfile=.env", ...scaling], files, env });
      },
    ),
    tries(INPUTS),
  );
});

Deno.test(`${INPUTS} command lines`, async () => {
  const argument = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...ARGUMENTS) },
    { weight: 1, arbitrary: fc.oneof(fc.constant(INVISIBLE_TEXT), fc.string({ unit: "binary", maxLength: 10 })) },
    { weight: 1, arbitrary: fc.string({ maxLength: 6 }).map((name) => `--${name}`) },
  );
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(argument, { maxLength: 7 }), async (isRollback, args) => {
      await checkRun({ args: isRollback ? ["rollback", "--revision=3", ...args] : args });
    }),
    tries(INPUTS),
  );
});

Deno.test(`${INPUTS} command lines of every command, with definition files`, async () => {
  const argument = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...ARGUMENTS) },
    { weight: 1, arbitrary: fc.oneof(fc.constant(INVISIBLE_TEXT), fc.string({ unit: "binary", maxLength: 10 })) },
  );
  const command = fc.constantFrom(...COMMANDS);
  await fc.assert(
    fc.asyncProperty(command, fc.array(argument, { maxLength: 4 }), async (name, args) => {
      const endings = new Set([...ENDINGS, 9]);
      await checkRun({ args: [name, ...args, "--timeout=5m"], files: DEFINITION_FILES }, endings);
    }),
    tries(INPUTS),
  );
});
