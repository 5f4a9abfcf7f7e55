/* Every allocation of an import fails once: nothing leaks, nothing crashes, and the
 * failure is told. */
#include "ictstat/import.h"
#include "test_intake_help.h"

static const char mapping[] =
    "ictstat: mapping/1\n"
    "survey: {id: T, title: Test, area: {from: country, map: {1: BRA, 2: ARG}}, period: {from: "
    "year}}\n"
    "concepts:\n"
    "  net: {title: Net, type: code, codes: {Y: Yes, N: No}}\n"
    "  years: {title: Years, type: integer, range: [0, 120]}\n"
    "  cost: {title: Cost, type: real}\n"
    "files:\n"
    "  hh: {path: hh.csv, delimiter: \",\", key: [id]}\n"
    "  ind: {path: ind.csv, delimiter: \",\", key: [hh, no], link: {to: hh, by: [hh], unmatched: "
    "drop}}\n"
    "units:\n"
    "  household:\n    file: hh\n"
    "    design: {strata: none, psu: none, weight: none, lonely_psu: adjust}\n"
    "    variables: {net: {from: [n1, n2], combine: any, map: {1: Y, 0: N, 2..4: N}}}\n"
    "  individual:\n    file: ind\n    scope: years >= 10\n"
    "    design: {strata: h, psu: p, weight: {from: w, missing: drop}, nested: false,\n"
    "             fpc: {population: np}, lonely_psu: adjust}\n"
    "    variables: {years: {from: age, missing: {99: refused}}, cost: {from: hh.cost}}\n";

static void write_files(desk *d, const char *age) {
  desk_file(d, "hh.csv",
            "id,country,year,n1,n2,cost\n1,1,2016,1,0,2.5\n2,1,2016,0,0,1\n3,2,2016,1,1,3\n"
            "4,2,2015,2,0,3\n");
  ict_str s;
  ict_str_init(&s);
  ict_str_addf(&s,
               "hh,no,h,p,w,np,age\n1,1,a,1,1.5,9,%s\n1,2,a,1,2,9,99\n2,1,a,2,,9,20\n"
               "3,1,b,3,2,9,20\n4,1,b,4,2,9,21\n5,1,b,5,1,9,30\n",
               age);
  desk_file(d, "ind.csv", s.text);
  ict_str_done(&s);
}

/* Of the intake alone: the mapping is read before the hook is set. */
static void intake_survives(void) {
  desk d = desk_make();
  for (int bad = 0; bad < 2; bad++) {
    write_files(&d, bad ? "old" : "40");
    ict_status whole = desk_run(&d, mapping);
    CU_ASSERT_EQUAL_FATAL(whole, bad ? ICT_REFUSED : ICT_OK);
    ict_intake_free(d.intake);
    d.intake = NULL;
    for (int with = 0; with < 2; with++) {
      ict_status st = ICT_FAIL;
      long n = 0;
      for (; n < 20000; n++) {
        ict_err err = {0};
        ict_findings *findings = with ? ict_findings_new() : NULL;
        ict_intake *intake = NULL;
        ict_mem_fail_after(n);
        st =
            ict_intake_run(d.mapping, &(ict_intake_options){.threads = 1}, &intake, findings, &err);
        bool passed = ict_mem_count() <= n;
        ict_mem_fail_after(-1);
        if (!passed && st == ICT_OK && !with) CU_FAIL("a failed allocation went unseen");
        if (st != ICT_OK) {
          CU_ASSERT_PTR_NULL(intake);
          CU_ASSERT_TRUE(err.what[0] != '\0');
        }
        ict_intake_free(intake);
        ict_findings_free(findings);
        if (passed) break;
      }
      CU_ASSERT_EQUAL(st, whole);
      CU_ASSERT_TRUE(n > 100);
    }
  }
  desk_remove(&d);
}

SUITE("intake.oom", TEST(intake_survives))
