// duckdb.mjs - the full cube as an expert would have DuckDB do it; a peer of benchmarks/bench.py.
//
//   node duckdb.mjs PERSONS.csv THREADS REPEAT [RESULT.csv]
//
// Loads benchmarks/make_survey's persons into a typed table in memory, then, REPEAT times each:
//   cube       14 indicators x all margins of (country, area, sex, age band, education): estimate, Taylor SE, n, n_psu
//   estimates  the same cells, estimates alone: finest cells, and a CUBE of them
//   write      the cube as CSV, once
// and prints "name seconds" lines. A PSU's totals are formed once, their margins over the axes that vary inside a
// PSU are grouping sets of those totals, squares are summed by stratum, and strata roll up linearly.
import { DuckDBInstance } from '@duckdb/node-api';

const [csv, threads, repeat, result] = process.argv.slice(2);
const questions = Array.from({ length: 14 }, (_, k) => k);
const each = (f) => questions.map(f).join(', ');
const inner = ['sex', 'band', 'education'];
const subsets = Array.from({ length: 1 << inner.length }, (_, bits) => inner.filter((_, i) => bits >> i & 1));

const db = await DuckDBInstance.create(':memory:', { threads });
const sql = await db.connect();

async function timed(name, statements) {
  const from = process.hrtime.bigint();
  for (const s of statements) await sql.run(s);
  console.log(`${name} ${Number(process.hrtime.bigint() - from) / 1e9}`);
}

await timed('load', [`CREATE TABLE p AS SELECT country::VARCHAR AS country, stratum::USMALLINT AS stratum, psu::UINTEGER AS psu,
  weight::DOUBLE AS w, sex::UTINYINT AS sex, (least(age, 75) // 5)::UTINYINT AS band, area::UTINYINT AS area,
  education::UTINYINT AS education, ${each((k) => `q${k}::TINYINT AS q${k}`)}
  FROM read_csv('${csv}', header = true, columns = {country: 'VARCHAR', stratum: 'USMALLINT', psu: 'UINTEGER', weight: 'DOUBLE',
  sex: 'UTINYINT', age: 'UTINYINT', area: 'UTINYINT', education: 'UTINYINT', wealth: 'UTINYINT', ${each((k) => `q${k}: 'TINYINT'`)}})`]);

const cube = [
  'DROP TABLE IF EXISTS fine', 'DROP TABLE IF EXISTS strata', 'DROP TABLE IF EXISTS cube',
  `CREATE TEMP TABLE fine AS SELECT country, area, stratum, psu, ${inner.join(', ')},
    ${each((k) => `sum(w) FILTER (q${k} = 1) AS a${k}, sum(w) FILTER (q${k} = 0) AS b${k}, count(q${k}) AS n${k}`)}
    FROM p GROUP BY ALL`,
  // margins are not kept: a table of them would be several times the survey
  `CREATE TEMP TABLE strata AS WITH margins AS (SELECT country, area, stratum, psu, ${inner.join(', ')},
    ${each((k) => `coalesce(sum(a${k}), 0) AS a${k}, coalesce(sum(b${k}), 0) AS b${k}, sum(n${k}) AS n${k}`)}
    FROM fine GROUP BY GROUPING SETS (${subsets.map((s) => `(country, area, stratum, psu${s.map((v) => ', ' + v).join('')})`).join(', ')})),
    sums AS (SELECT country, area, stratum, ${inner.join(', ')},
    ${each((k) => `sum(a${k}) AS a${k}, sum(b${k}) AS b${k}, sum(a${k} * a${k}) AS aa${k}, sum(a${k} * b${k}) AS ab${k},
      sum(b${k} * b${k}) AS bb${k}, sum(n${k}) AS n${k}, count(*) FILTER (n${k} > 0) AS m${k}`)}
    FROM margins GROUP BY country, area, stratum, ${inner.join(', ')}),
    h AS (SELECT country, stratum, count(DISTINCT psu) AS nh FROM p GROUP BY country, stratum)
    SELECT s.country, area, s.stratum, ${inner.join(', ')},
    ${each((k) => `a${k}, b${k}, n${k}, m${k}, (aa${k} - a${k} * a${k} / nh) * nh / (nh - 1) AS aa${k},
      (ab${k} - a${k} * b${k} / nh) * nh / (nh - 1) AS ab${k}, (bb${k} - b${k} * b${k} / nh) * nh / (nh - 1) AS bb${k}`)}
    FROM sums s JOIN h ON s.country = h.country AND s.stratum = h.stratum`,
  // an axis that is summed over inside the PSU is NULL already: it stays a group of its own
  `CREATE TEMP TABLE cube AS WITH t AS (SELECT country, area, ${inner.join(', ')},
    ${each((k) => `sum(a${k}) AS a${k}, sum(b${k}) AS b${k}, sum(n${k}) AS n${k}, sum(m${k}) AS m${k},
      sum(aa${k}) AS aa${k}, sum(ab${k}) AS ab${k}, sum(bb${k}) AS bb${k}`)}
    FROM strata GROUP BY GROUPING SETS ((country, area, ${inner.join(', ')}), (country, ${inner.join(', ')}),
      (area, ${inner.join(', ')}), (${inner.join(', ')})))
    SELECT country, area, ${inner.join(', ')},
    ${each((k) => `a${k} / (a${k} + b${k}) AS e${k}, n${k}, m${k},
      sqrt(greatest(0, b${k} * b${k} * aa${k} - 2 * a${k} * b${k} * ab${k} + a${k} * a${k} * bb${k})) / (a${k} + b${k}) ** 2 AS s${k}`)}
    FROM t`,
];
// Without a variance the finest cells are all that is needed: they are few, and margins of them are cheap.
const estimates = ['DROP TABLE IF EXISTS means',
  `CREATE TEMP TABLE means AS WITH finest AS (SELECT country, area, ${inner.join(', ')},
    ${each((k) => `sum(w) FILTER (q${k} = 1) AS a${k}, sum(w) FILTER (q${k} = 0) AS b${k}`)}
    FROM p GROUP BY ALL)
    SELECT country, area, ${inner.join(', ')},
    ${each((k) => `sum(a${k}) / (coalesce(sum(a${k}), 0) + coalesce(sum(b${k}), 0)) AS e${k}`)}
    FROM finest GROUP BY CUBE (country, area, ${inner.join(', ')})`];

for (let i = 0; i < Number(repeat); i++) await timed('cube', cube);
for (let i = 0; i < Number(repeat); i++) await timed('estimates', estimates);

if (result) { // one line a cell and indicator, to be compared before a time counts
  const all = questions.map((k) => `SELECT country, area, sex, band, education, ${k} AS question, e${k} AS estimate, s${k} AS se,
    n${k}::BIGINT AS n, m${k}::BIGINT AS n_psu FROM cube WHERE n${k} > 0`).join(' UNION ALL ');
  await timed('write', [`COPY (${all}) TO '${result}' (FORMAT csv, HEADER)`]);
}
