/** V8's flags in the executable, and in the end-to-end tests: kept code is good for the same flags only. */
export const V8_FLAGS: readonly string[] = [
  // V8 compiles functions that have run a few times on another thread, which disturbs a short run more than it helps: a
  // start-up takes two to four milliseconds longer with it.
  "--no-concurrent-sparkplug",
  // The program waits for AWS most of its time. What V8's optimizing compilers take while they work is more than they
  // save.
  "--no-turbofan",
  "--no-maglev",
  // V8's heap grows to many times what is in use before garbage is collected: a run of two hundred services took twice
  // the memory. One service does not come near these sizes.
  "--initial-old-space-size=32",
  "--heap-growing-percent=45",
  // To give memory back while a program waits, V8 looks through all of its heap: the most that a run takes is no less
  // for it.
  "--no-memory-reducer",
  "--max-semi-space-size=4",
];
