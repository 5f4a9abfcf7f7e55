// duckdb.mjs - the full cube as an expert would have DuckDB do it; a peer of benchmarks/bench.py.
//
//   node duckdb.mjs PERSONS.csv THREADS REPEAT [RESULT.csv]
//
// Prints "name seconds" lines, REPEAT of each but `order` (one) and what takes over a minute (one):
//   load       benchmarks/make_survey's persons, CSV to a typed table in memory
//   order      that table by stratum and PSU, and the strata: what our import does too
//   cube       14 indicators x all margins of (country, area, sex, age band, education): estimate, Taylor SE, n, n_psu
//   estimates  the same cells, estimates alone: finest cells, and a CUBE of them
//   write      the cube as CSV
//
// The cube is a cascade. A PSU's totals of the finest cells are formed once; each margin over the axes that vary inside a
// PSU is a sum of the smallest margin that contains it; of each margin squares are summed by stratum, centred with the
// number of PSUs of the stratum (those with nobody in the cell count), and added up by country and area, which are the same
// for a whole stratum; margins over those are sums of few rows. That is one statement for SLICE rows' worth of strata, whose
// sums fit in caches and need no fresh memory after the first slice.
//
// What was tried, seconds of processor on 2 threads (1.5.6, a busy machine, side by side):
//   1 million rows   wide columns, a table a margin, n carried along, margins over country and area of strata      21 to 26
//                    the same by GROUPING SETS of PSU totals (10 million rows: 90 s of wall clock, 14 GB on disk)
//                    sums by country and area first, n by cells alone, sum(CASE) for sum() FILTER                 10.7 to 11.3
//                    the same with PSU and cell in one integer (12 to 14), every margin out of the rows (11 to 12)
//                    the table in order of strata: a table a margin 9.5, one statement                            8.6
//   4 million rows   in order: a table a margin 28.9, one statement 30.0, one statement a million rows            24.1
//   estimates        1 million rows: sum() FILTER 0.95, sum(CASE) 0.57, in order of strata 0.40; country as a number changes nothing
import { DuckDBInstance } from '@duckdb/node-api';

const [csv, threads, repeat, result] = process.argv.slice(2);
const SLICE = 1e6;
const LONG = 60; // seconds, over which once must do
const questions = Array.from({ length: 14 }, (_, k) => k);
const each = (f) => questions.map(f).join(', ');
const inner = ['sex', 'band', 'education'];
const outer = ['country', 'area'];
const list = (...columns) => columns.flat().join(', ');

const db = await DuckDBInstance.create(':memory:', { threads });
const sql = await db.connect();

async function timed(name, times, statements) {
  for (let i = 0, seconds = 0; i < times && seconds < LONG; i++) {
    const from = process.hrtime.bigint();
    for (const s of statements) await sql.run(s);
    seconds = Number(process.hrtime.bigint() - from) / 1e9;
    console.log(`${name} ${seconds}`);
  }
}

async function numbers(query) {
  return (await (await sql.runAndReadAll(query)).getRows()).map((row) => row.map(Number));
}

await timed('load', repeat, [`CREATE OR REPLACE TABLE p AS SELECT country, stratum, psu, weight AS w, sex, (least(age, 75) // 5)::UTINYINT AS band,
  area, education, ${each((k) => `q${k}`)}
  FROM read_csv('${csv}', header = true, columns = {country: 'VARCHAR', stratum: 'USMALLINT', psu: 'UINTEGER', weight: 'DOUBLE',
  sex: 'UTINYINT', age: 'UTINYINT', area: 'UTINYINT', education: 'UTINYINT', wealth: 'UTINYINT', ${each((k) => `q${k}: 'TINYINT'`)}})`]);

// Strata numbered, PSUs are of one stratum, a stratum of one country and area.
await timed('order', 1, [
  `CREATE TABLE psus AS SELECT psu, (dense_rank() OVER (ORDER BY country, stratum) - 1)::USMALLINT AS h, country, area
    FROM (SELECT psu, any_value(country) AS country, any_value(area) AS area, any_value(stratum) AS stratum FROM p GROUP BY psu)`,
  `CREATE TABLE strata AS SELECT h, any_value(country) AS country, any_value(area) AS area, count(*)::DOUBLE AS nh FROM psus GROUP BY h`,
  `CREATE TABLE ordered AS SELECT h, p.* EXCLUDE (stratum) FROM p JOIN psus USING (psu) ORDER BY h, psu`,
]);
const [[rows, strata]] = await numbers('SELECT count(*), max(h) + 1 FROM ordered');

// ---- the cascade: margins by the axes they keep, each after the one it is a sum of --------------
const margins = [
  [inner], [['sex', 'band'], inner], [['band', 'education'], inner], [['sex', 'education'], inner],
  [['band'], ['sex', 'band']], [['sex'], ['sex', 'education']], [['education'], ['sex', 'education']], [[], ['sex']],
];
const named = (keep) => ['psu_totals', ...keep].join('_');
const sums = (k) => `sum(CASE WHEN q${k} = 1 THEN w ELSE 0 END) AS a${k}, sum(CASE WHEN q${k} = 0 THEN w ELSE 0 END) AS b${k}`;
const totals = (keep, from) => `${named(keep)} AS MATERIALIZED (SELECT ${list('h', 'psu', keep)},
  ${each((k) => (from ? `sum(a${k}) AS a${k}, sum(b${k}) AS b${k}`
    : sums(k)))}
  FROM ${from ? named(from) : 'slice'} GROUP BY ALL)`;
const cells = (keep) => `SELECT ${list(outer, inner.map((axis) => (keep.includes(axis) ? axis : `NULL::UTINYINT AS ${axis}`)))},
  ${each((k) => `sum(a${k}) AS a${k}, sum(b${k}) AS b${k}, sum(m${k}) AS m${k}, sum((aa${k} - a${k} * a${k} / nh) * nh / (nh - 1)) AS aa${k},
    sum((ab${k} - a${k} * b${k} / nh) * nh / (nh - 1)) AS ab${k}, sum((bb${k} - b${k} * b${k} / nh) * nh / (nh - 1)) AS bb${k}`)}
  FROM (SELECT ${list('h', keep)}, ${each((k) => `sum(a${k}) AS a${k}, sum(b${k}) AS b${k}, sum(a${k} * a${k}) AS aa${k}, sum(a${k} * b${k}) AS ab${k},
    sum(b${k} * b${k}) AS bb${k}, sum((a${k} + b${k} > 0)::DOUBLE) AS m${k}`)}
    FROM ${named(keep)} GROUP BY ALL) JOIN strata USING (h) GROUP BY ${list(outer, keep)}`;
const slices = Math.max(1, Math.round(rows / SLICE));
const border = (i) => Math.round(strata * i / slices);
const slice = (i) => `${i === 0 ? 'CREATE OR REPLACE TEMP TABLE cells AS' : 'INSERT INTO cells'}
  WITH slice AS (SELECT * FROM ordered WHERE h >= ${border(i)} AND h < ${border(i + 1)}), ${margins.map(([keep, from]) => totals(keep, from)).join(', ')}
  ${margins.map(([keep]) => cells(keep)).join(' UNION ALL ')}`;

// An axis that was summed over inside the PSU is NULL already, which stays a group of its own. No count of rows is needed by
// PSU: of those the finest cells are enough.
const cube = [
  ...Array.from({ length: slices }, (_, i) => slice(i)),
  `CREATE OR REPLACE TEMP TABLE counts AS WITH finest AS (SELECT ${list(outer, inner)}, ${each((k) => `count(q${k}) AS n${k}`)} FROM ordered GROUP BY ALL)
    SELECT ${list(outer, inner)}, ${each((k) => `sum(n${k}) AS n${k}`)} FROM finest GROUP BY CUBE (${list(outer, inner)})`,
  `CREATE OR REPLACE TEMP TABLE cube AS WITH t AS (SELECT ${list(outer, inner)},
    ${each((k) => ['a', 'b', 'm', 'aa', 'ab', 'bb'].map((x) => `sum(${x}${k}) AS ${x}${k}`).join(', '))}
    FROM cells GROUP BY GROUPING SETS ((${list(outer, inner)}), (${list('country', inner)}), (${list('area', inner)}), (${list(inner)})))
    SELECT ${list([...outer, ...inner].map((axis) => `t.${axis}`))}, ${each((k) => `a${k} / (a${k} + b${k}) AS e${k}, n${k}, m${k},
      sqrt(greatest(0, b${k} * b${k} * aa${k} - 2 * a${k} * b${k} * ab${k} + a${k} * a${k} * bb${k})) / (a${k} + b${k}) ** 2 AS s${k}`)}
    FROM t JOIN counts c ON ${[...outer, ...inner].map((axis) => `t.${axis} IS NOT DISTINCT FROM c.${axis}`).join(' AND ')}`,
];
// Without a variance the finest cells are all that is needed: they are few, and margins of them are cheap.
const estimates = [`CREATE OR REPLACE TEMP TABLE means AS WITH finest AS (SELECT ${list(outer, inner)}, ${each(sums)} FROM ordered GROUP BY ALL)
  SELECT ${list(outer, inner)}, ${each((k) => `sum(a${k}) / (sum(a${k}) + sum(b${k})) AS e${k}`)} FROM finest GROUP BY CUBE (${list(outer, inner)})`];

await timed('estimates', repeat, estimates);
await timed('cube', repeat, cube);

const [[apart]] = await numbers(`SELECT count(*) FROM means m FULL JOIN cube c
  ON ${[...outer, ...inner].map((axis) => `m.${axis} IS NOT DISTINCT FROM c.${axis}`).join(' AND ')}
  WHERE ${questions.map((k) => `(m.e${k} IS DISTINCT FROM c.e${k} AND NOT coalesce(abs(m.e${k} - c.e${k}) <= 1e-9 * abs(c.e${k}), false))`).join(' OR ')}`);
if (apart > 0) throw new Error(`${apart} cells of the estimates alone are not those of the cube`);

if (result) { // one line a cell and indicator, to be compared before a time counts
  const all = questions.map((k) => `SELECT ${list(outer, inner)}, ${k} AS question, e${k} AS estimate, s${k} AS se,
    n${k}::BIGINT AS n, m${k}::BIGINT AS n_psu FROM cube WHERE n${k} > 0`).join(' UNION ALL ');
  await timed('write', repeat, [`COPY (${all}) TO '${result}' (FORMAT csv, HEADER)`]);
}
