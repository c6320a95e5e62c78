/** As the AWS SDK has it: a part of a host's name, so that no region leads to another host. */
const REGION = /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/;

export function isRegion(text: string): boolean {
  return REGION.test(text);
}

/** What a message says of a text that is none. */
export const NO_REGION = "is no region such as ap-northeast-1";
