/** Who starts tasks: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html */
const TASKS = "ecs-tasks.amazonaws.com";

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
}

/**
 * Whether a trust policy lets ECS assume the role for a task. Conditions and denials are not judged: of a policy that
 * cannot be read the answer is yes, for a wrong "no" would stop a deploy that works.
 *
 * @param policy JSON, as IAM answers it
 */
export function letsTasksAssume(policy: string): boolean {
  try {
    const { Statement: statements } = JSON.parse(policy) as { Statement?: Statement | readonly Statement[] };
    if (statements === undefined) return true;
    return [statements].flat().some(({ Effect, Principal, Action }) =>
      Effect === "Allow" && namesTasks(Principal) &&
      listOf(Action).some((action) => /^(?:\*|sts:(?:\*|Assume))/.test(action))
    );
  } catch {
    return true;
  }
}

function namesTasks(principal: unknown): boolean {
  if (principal === "*") return true;
  if (typeof principal !== "object" || principal === null) return false;
  const { Service, AWS } = principal as { Service?: unknown; AWS?: unknown };
  return listOf(Service).includes(TASKS) || listOf(AWS).includes("*");
}

function listOf(value: unknown): readonly string[] {
  return [value].flat().filter((one) => typeof one === "string");
}
