/* fuzz_mapping.c - any bytes as a mapping file: findings, never a crash. */
#include "catalog/mapping.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static ict_catalog *catalog; /* read once: it is not what is fuzzed */
  if (!catalog && ict_catalog_open(NULL, NULL, 0, &catalog, NULL, NULL) != ICT_OK) abort();
  ict_findings *findings = ict_findings_new();
  ict_mapping *mapping = NULL;
  ict_status st =
      ict_mapping_load(fuzz_file(data, size, ".yaml"), catalog, &mapping, findings, NULL);
  if ((st == ICT_OK) != (mapping != NULL)) abort();
  if (st == ICT_REFUSED && ict_findings_count_of(findings, ICT_ERROR) > 0) {
    char text[4096];
    for (size_t i = 0; i < ict_findings_count(findings); i++)
      ict_findings_text(findings, i, text, sizeof text);
  }
  ict_mapping_free(mapping);
  ict_findings_free(findings);
  return 0;
}
