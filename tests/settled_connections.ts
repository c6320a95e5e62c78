/**
 * Answers what each client of the SDK asks of its surroundings with what it would come to by itself: a setting that nothing
 * answers is looked for in the environment and in files, with an error for either, which takes longer than a call.
 */
const SETTINGS = {
  AWS_AUTH_SCHEME_PREFERENCE: "sigv4",
  AWS_DISABLE_CLOCK_SKEW_CORRECTION: "false",
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false",
  AWS_RETRY_MODE: "standard",
  AWS_SDK_UA_APP_ID: "",
  AWS_USE_DUALSTACK_ENDPOINT: "false",
  AWS_USE_FIPS_ENDPOINT: "false",
};

for (const [name, value] of Object.entries(SETTINGS)) Deno.env.set(name, value);
