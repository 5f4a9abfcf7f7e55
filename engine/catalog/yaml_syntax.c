/* yaml_syntax.c - syntax errors of YAML, readable.
 *
 * In: a libyaml parser that has stopped. Out: an error record.
 * Owns: the table of usual slips. libyaml tells where it lost the thread; the slip is
 * often earlier (its "context"), and the sentence below says which of the two counts. */
#include "catalog/yaml_syntax.h"

#include <stdbool.h>
#include <string.h>

typedef struct slip {
  const char *problem; /* what libyaml says, or the start of it */
  const char *context; /* what it was doing, or NULL for any */
  bool where_it_began; /* the mark to show: of the context, not of the problem */
  const char *sentence;
  const char *fix;
} slip;

/* The first is asked for by name below. */
static const slip slips[] = {
    {"mapping values are not allowed", NULL, false, "a second ': ' on one line",
     "put quotes around a text that holds ': ', and start each key on a line of its own, no "
     "deeper than the one above"},
    {"could not find expected ':'", NULL, true, "a key without its colon",
     "write `key: value`, with a blank after the colon"},
    {"found character that cannot start any token", NULL, false,
     "a character that cannot start a value",
     "put quotes around a text that begins with @, ` or %"},
    {"found a tab character", NULL, false, "a tab in the indentation", "indent with blanks"},
    {"block sequence entries are not allowed", NULL, false, "a '- ' where no list can start",
     "start the list on a line of its own below the key, or write [a, b]"},
    {"mapping keys are not allowed", NULL, false, "a key where none can stand",
     "start each key on a line of its own, as deep as its neighbours"},
    {"did not find expected key", NULL, false, "the indentation does not fit the lines above",
     "give all keys of one map the same indentation; put quotes around a text that goes on "
     "after a quote"},
    {"did not find expected '-' indicator", NULL, false,
     "the indentation does not fit the list above",
     "give all '- ' of one list the same indentation"},
    {"did not find expected ',' or '}'", NULL, true, "a '{' whose '}' was not found",
     "close it with '}', put a comma between the pairs, and quotes around a text that holds ': ' "
     "or "
     "a comma"},
    {"did not find expected ',' or ']'", NULL, true, "a '[' whose ']' was not found",
     "close it with ']', put a comma between the items, and quotes around a text that holds a "
     "comma"},
    {"found unexpected end of stream", "while scanning a quoted scalar", true,
     "a quote that is never closed", "close the quote"},
    {"found unexpected document indicator", NULL, true, "a quote that is never closed",
     "close the quote"},
    {"found unknown escape character", NULL, false, "an unknown escape in double quotes",
     "write \\\\ for a backslash, or use single quotes"},
    {"did not find expected alphabetic or numeric character", "while scanning an alias", true,
     "an unquoted '*'", "write \"*\" in quotes"},
    {"did not find expected alphabetic or numeric character", "while scanning an anchor", true,
     "an unquoted '&'", "put the text in quotes"},
    {"did not find expected <document start>", NULL, false, "text after the end of the document",
     "give all keys at the top the same indentation, and put `#` before comments"},
    {"did not find expected node content", NULL, false, "a value is missing here",
     "write the value, or remove the comma before it"},
    {"exceeded", NULL, false, "the file nests too deep", "flatten it"},
};

static void place_of_offset(const yaml_parser_t *parser, uint64_t *line, uint64_t *column) {
  const unsigned char *text = parser->input.string.start;
  *line = *column = 1;
  for (size_t i = 0; i < parser->problem_offset; i++) {
    if (text[i] == '\n') {
      ++*line;
      *column = 1;
    } else if ((text[i] & 0xC0) != 0x80) {
      ++*column;
    }
  }
}

static bool at_tab(const yaml_parser_t *parser) {
  return parser->buffer.pointer < parser->buffer.last && *parser->buffer.pointer == '\t';
}

/* `b:1` without the blank is a text that goes on in the next line, where libyaml then
 * meets the colon of a good key. True where the line above has such a colon; *column is
 * that of its first character. */
static bool line_above_lacks_blank(const yaml_parser_t *parser, yaml_mark_t mark, size_t *column) {
  const char *text = (const char *)parser->input.string.start, *above = NULL;
  for (size_t line = 0; line < mark.line; line++) {
    above = text;
    text = strchr(text, '\n');
    if (!text) return false; /* other line breaks, which libyaml counts */
    text++;
  }
  const char *key = text + strspn(text, " -");
  /* Only the first colon of its line can be such a key's. */
  if (!above || strcspn(key, ":\n") + (size_t)(key - text) != mark.column) return false;
  const char *first = above + strspn(above, " -");
  const char *colon = first + strcspn(first, ":\n");
  if (*colon != ':' || colon[1] == ' ' || colon[1] == '\n') return false;
  *column = (size_t)(first - above);
  return true;
}

static const slip *find_slip(const yaml_parser_t *parser) {
  const char *problem = parser->problem ? parser->problem : "";
  const char *context = parser->context ? parser->context : "";
  for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
    const slip *s = &slips[i];
    if (strncmp(problem, s->problem, strlen(s->problem)) != 0) continue;
    if (!s->context || strcmp(context, s->context) == 0) return s;
  }
  return NULL;
}

ict_status ict_yaml_syntax_error(const yaml_parser_t *parser, const char *file, ict_err *err) {
  if (parser->error == YAML_MEMORY_ERROR) return ict_err_memory(err);
  if (parser->error == YAML_READER_ERROR) {
    uint64_t line, column;
    place_of_offset(parser, &line, &column);
    ict_err_set(err, ICT_REFUSED, "a character that YAML does not allow (0x%02X)",
                (unsigned)parser->problem_value);
    ict_err_at(err, file, line, column);
    ict_err_fix(err, "remove it");
    return ICT_REFUSED;
  }
  yaml_mark_t mark = parser->problem_mark;
  const slip *s = find_slip(parser);
  /* A tab before a key ends in the general "cannot start any token". */
  if (s && strncmp(s->problem, "found character", 15) == 0 && at_tab(parser)) {
    ict_err_set(err, ICT_REFUSED, "a tab in the indentation");
    ict_err_fix(err, "indent with blanks");
  } else if (s == slips && line_above_lacks_blank(parser, mark, &mark.column)) {
    mark.line--;
    ict_err_set(err, ICT_REFUSED, "a key without a blank after its colon");
    ict_err_fix(err, "write `key: value`");
  } else if (s) {
    if (s->where_it_began && parser->context) mark = parser->context_mark;
    ict_err_set(err, ICT_REFUSED, "%s", s->sentence);
    ict_err_fix(err, "%s", s->fix);
  } else {
    ict_err_set(err, ICT_REFUSED, "not YAML: %s%s%s", parser->context ? parser->context : "",
                parser->context ? ", " : "", parser->problem ? parser->problem : "unreadable");
  }
  ict_err_at(err, file, mark.line + 1, mark.column + 1);
  return ICT_REFUSED;
}
