/* test_catalog_help.h - broken snippets and what is said about them. */
#ifndef ICT_TEST_CATALOG_HELP_H
#define ICT_TEST_CATALOG_HELP_H

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "catalog/catalog.h"
#include "catalog/mapping.h"
#include "folder.h"
#include "suite.h"

/* A wrong text, and the error it must give. words: parts of the message (the sentence,
 * what was expected, the fix), separated by '|'. */
typedef struct broken {
  const char *text;
  unsigned line, column;
  const char *words;
} broken;

/* One finding of the list stands at the place and has all the words. */
static inline void check_finding(const ict_findings *findings, const broken *b) {
  char shown[4096] = "nothing found";
  for (size_t i = 0; i < ict_findings_count(findings); i++) {
    const ict_err *err = ict_findings_at(findings, i, NULL);
    ict_findings_text(findings, i, shown, sizeof shown);
    if (err->line != b->line || err->column != b->column) continue;
    bool all = true;
    char words[512];
    snprintf(words, sizeof words, "%s", b->words);
    for (char *word = strtok(words, "|"); word; word = strtok(NULL, "|"))
      all = all && strstr(shown, word);
    if (all) {
      CU_ASSERT_TRUE(all);
      return;
    }
  }
  printf("\n--- wanted %u:%u %s\n--- for\n%s\n--- the last finding is\n%s\n", b->line, b->column,
         b->words, b->text, shown);
  CU_FAIL("the finding is not there");
}

/* The shipped catalogue with one more file of this text. */
static inline ict_status open_with(const char *text, ict_catalog **out, ict_findings *findings,
                                   ict_err *err) {
  folder f = folder_make();
  const char *extra = folder_write(&f, "extra.yaml", text, strlen(text));
  ict_status st = ict_catalog_open(ICT_TEST_SOURCE "/indicators", &extra, 1, out, findings, err);
  folder_remove(&f);
  return st;
}

/* Each text is refused, at the place and with the words given. */
static inline void check_refused(const broken *wrong, size_t n) {
  for (size_t i = 0; i < n; i++) {
    ict_catalog *catalog = NULL;
    ict_err err = {0};
    ict_findings *findings = ict_findings_new();
    CU_ASSERT_EQUAL(open_with(wrong[i].text, &catalog, findings, &err), ICT_REFUSED);
    CU_ASSERT_PTR_NULL(catalog);
    CU_ASSERT_EQUAL(err.status, ICT_REFUSED);
    check_finding(findings, &wrong[i]);
    ict_findings_free(findings);
    ict_catalog_free(catalog);
  }
}

/* The catalogue that ships with the program. */
static inline ict_catalog *shipped(void) {
  ict_catalog *catalog = NULL;
  ict_err err = {0};
  if (ict_catalog_open(ICT_TEST_SOURCE "/indicators", NULL, 0, &catalog, NULL, &err) != ICT_OK) {
    char text[4096];
    ict_err_text(&err, text, sizeof text);
    printf("%s\n", text);
    abort();
  }
  return catalog;
}

#endif
