/* test_catalog_yaml.c - the YAML reader: trees with places, and what it refuses. */
#include "catalog/yaml.h"
#include "test_catalog_help.h"

static ict_status load(const char *text, size_t len, ict_yaml **out, ict_err *err) {
  folder f = folder_make();
  ict_status st = ict_yaml_load(folder_write(&f, "a.yaml", text, len), true, out, err);
  folder_remove(&f);
  return st;
}

static void nodes_know_their_places(void) {
  static const char text[] =
      "# a comment\n"
      "ictstat: mapping/1\n"
      "area: NO\n"
      "code: 010\n"
      "list: [a, \"b: c\", 3]\n"
      "map:\n"
      "  k\xC3\xA9y: v\n"
      "  empty:\n"
      "  text: |\n"
      "    two\n"
      "    lines\n";
  ict_yaml *yaml = NULL;
  CU_ASSERT_EQUAL_FATAL(load(text, sizeof text - 1, &yaml, NULL), ICT_OK);
  const ict_node *root = yaml->root;
  CU_ASSERT_EQUAL(root->kind, ICT_NODE_MAP);
  CU_ASSERT_EQUAL(root->n, 5);
  CU_ASSERT_EQUAL(root->line, 2);
  CU_ASSERT_STRING_EQUAL(ict_node_get(root, "area")->text, "NO");
  CU_ASSERT_STRING_EQUAL(ict_node_get(root, "code")->text, "010");
  const ict_node *list = ict_node_get(root, "list");
  CU_ASSERT_EQUAL(list->n, 3);
  CU_ASSERT_EQUAL(list->line, 5);
  CU_ASSERT_EQUAL(list->column, 7);
  CU_ASSERT_STRING_EQUAL(list->items[1]->text, "b: c");
  CU_ASSERT_TRUE(list->items[1]->quoted);
  CU_ASSERT_EQUAL(list->items[1]->column, 11);
  const ict_node *map = ict_node_get(root, "map");
  CU_ASSERT_EQUAL(map->items[0]->line, 7);
  CU_ASSERT_EQUAL(map->items[0]->column, 8); /* in characters: the e with accent is one */
  CU_ASSERT_STRING_EQUAL(ict_node_get(map, "empty")->text, "");
  CU_ASSERT_TRUE(ict_node_get(map, "text")->block);
  CU_ASSERT_STRING_EQUAL(ict_node_get(map, "text")->text, "two\nlines\n");
  CU_ASSERT_PTR_NULL(ict_node_get(map, "none"));
  CU_ASSERT_STRING_EQUAL(yaml->text, text);
  CU_ASSERT_EQUAL(strlen(yaml->sha256), 64);
  ict_yaml_free(yaml);
}

static const broken wrong[] = {
    {"", 1, 1, "nothing in the file|ictstat: mapping/1"},
    {"# only a comment\n", 2, 1, "nothing in the file"},
    {"a: &x 1\n", 1, 4, "anchors"},
    {"a: 1\nb: *x\n", 2, 4, "aliases"},
    {"a: !!str 1\n", 1, 4, "tags"},
    {"a: !x [1]\n", 1, 4, "tags"},
    {"%TAG ! tag:x,2000:\n---\na: 1\n", 1, 1, "tags|%TAG"},
    {"a:\n  <<: {b: 1}\n", 2, 3, "merge keys"},
    {"a: 1\nb: 2\na: 3\n", 3, 1, "'a' is given twice|line 1"},
    {"m: {x: 1, y: 2, x: 3}\n", 1, 17, "'x' is given twice|line 1"},
    {"a: 1\n---\nb: 2\n", 2, 1, "second document"},
    {"? [a, b]\n: 1\n", 1, 3, "a key must be one word"},
    {": 1\n", 1, 1, "indentation"},
    {"m: {? : 1}\n", 1, 7, "a key is empty"},
    {"a:1\rb: 2\r", 2, 2, "a second ': '"},
    {"a: \"x\\0y\"\n", 1, 4, "null character"},
    {"a:\n\tb: 1\n", 2, 1, "tab in the indentation|indent with blanks"},
    {"a:\n  b: 1\n\tc: 2\n", 3, 1, "tab in the indentation"},
    {"title: Survey: second round\n", 1, 14, "a second ': ' on one line|put quotes"},
    {"a:\n  b:1\n  c: 2\n", 2, 3, "without a blank after its colon|key: value"},
    {"a: 1\nb\nc: 2\n", 2, 1, "a key without its colon"},
    {"a: [1, 2\nb: 3\n", 1, 4, "a '[' whose ']' was not found"},
    {"a: {b: 1\nc: 2\n", 1, 4, "a '{' whose '}' was not found"},
    {"a: \"x\nb: 1\n", 1, 4, "a quote that is never closed"},
    {"a: 'x\n", 1, 4, "a quote that is never closed"},
    {"a: @x\n", 1, 4, "cannot start a value|put quotes"},
    {"m: {*: 1}\n", 1, 5, "\"*\""},
    {"a: \"\\q\"\n", 1, 5, "unknown escape"},
    {"a:\n    b: 1\n  c: 2\n", 3, 3, "indentation does not fit"},
    {"a: 1\n- b\n", 2, 1, "indentation does not fit"},
    {"a: \x01\n", 1, 4, "does not allow"},
    {"a: caf\xE9\n", 1, 7, "0xE9 is not UTF-8|save the file as UTF-8"},
    {"x: 1\n\xC3\xA9\xC3\xA9: \xFF\n", 2, 5, "0xFF is not UTF-8"},
};

static void wrong_files_say_where(void) {
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    ict_yaml *yaml = NULL;
    ict_err err = {0};
    CU_ASSERT_EQUAL(load(wrong[i].text, strlen(wrong[i].text), &yaml, &err), ICT_REFUSED);
    CU_ASSERT_PTR_NULL(yaml);
    ict_findings *findings = ict_findings_new();
    ict_findings_add(findings, ICT_ERROR, &err);
    check_finding(findings, &wrong[i]);
    ict_findings_free(findings);
    ict_yaml_free(yaml);
  }
}

static void limits_hold(void) {
  ict_yaml *yaml = NULL;
  ict_err err = {0};
  char deep[200] = "a: ";
  memset(deep + 3, '[', 31);
  memset(deep + 34, ']', 31);
  CU_ASSERT_EQUAL(load(deep, 65, &yaml, &err), ICT_OK); /* the map and 31 lists */
  ict_yaml_free(yaml);
  memset(deep + 3, '[', 32);
  memset(deep + 35, ']', 32);
  CU_ASSERT_EQUAL(load(deep, 67, &yaml, &err), ICT_REFUSED);
  CU_ASSERT_EQUAL(err.column, 35);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.what, "32 levels"));
  size_t len = ((size_t)4 << 20) + 1;
  char *big = malloc(len);
  memset(big, '#', len);
  CU_ASSERT_EQUAL(load(big, len, &yaml, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.file, "a.yaml"));
  free(big);
  CU_ASSERT_NOT_EQUAL(ict_yaml_load("/nowhere/x.yaml", false, &yaml, &err), ICT_OK);
  CU_ASSERT_PTR_NULL(yaml);
}

static void a_byte_order_mark_is_skipped(void) {
  ict_yaml *yaml = NULL;
  CU_ASSERT_EQUAL_FATAL(load("\xEF\xBB\xBF"
                             "a: 1\n",
                             8, &yaml, NULL),
                        ICT_OK);
  CU_ASSERT_STRING_EQUAL(ict_node_get(yaml->root, "a")->text, "1");
  ict_yaml_free(yaml);
}

static void every_failed_allocation_is_reported(void) {
  static const char text[] = "a: {b: [1, 2, 3], c: d}\ne: f\n";
  ict_yaml *yaml = NULL;
  folder f = folder_make();
  folder_write(&f, "a.yaml", text, sizeof text - 1);
  for (long n = 0; n < 1000; n++) {
    ict_err err = {0};
    ict_mem_fail_after(n);
    ict_status st = ict_yaml_load(f.file, false, &yaml, &err);
    ict_mem_fail_after(-1);
    if (st == ICT_OK) {
      CU_ASSERT_TRUE(n > 5);
      ict_yaml_free(yaml);
      folder_remove(&f);
      return;
    }
    CU_ASSERT_EQUAL(st, ICT_FAIL);
    CU_ASSERT_EQUAL(err.status, ICT_FAIL);
    CU_ASSERT_PTR_NULL(yaml);
  }
  CU_FAIL("never enough memory");
}

SUITE("catalog.yaml", TEST(nodes_know_their_places), TEST(wrong_files_say_where), TEST(limits_hold),
      TEST(a_byte_order_mark_is_skipped), TEST(every_failed_allocation_is_reported))
