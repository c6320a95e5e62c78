/**
 * `deno task clarity`: each scripted cause, and whether the program makes it clear. With a part of a name, just those rows,
 * and what they print.
 */
import { ROWS } from "./rows.ts";
import { COLUMNS, type Score, score } from "./score.ts";

const [wanted] = Deno.args;
const chosen = wanted === undefined ? ROWS : ROWS.filter(({ name }) => name.includes(wanted));
const scores: Score[] = [];
for (const row of chosen) scores.push(await score(row));

const width = Math.max(...chosen.map(({ name }) => name.length));
console.log(`${"".padEnd(width)}  ${COLUMNS.map((column) => column.padEnd(9)).join(" ")}`);
for (const { row, wrong, seconds, output } of scores) {
  const cells = COLUMNS.map((column) => {
    const said = wrong[column];
    const mark = said === undefined ? "-" : said.length === 0 ? "yes" : "NO";
    return (column === "seconds" && seconds !== undefined ? `${seconds}${said?.length ? " NO" : ""}` : mark).padEnd(9);
  });
  console.log(`${row.name.padEnd(width)}  ${cells.join(" ")}`);
  for (const column of COLUMNS) for (const what of wrong[column] ?? []) console.log(`    ${column}: ${what}`);
  if (wanted !== undefined) console.log(output);
}
const totals = COLUMNS.map((column) => {
  const of = scores.filter(({ wrong }) => wrong[column] !== undefined);
  return `${column} ${of.filter(({ wrong }) => wrong[column]?.length === 0).length}/${of.length}`;
});
console.log(totals.join(" · "));
