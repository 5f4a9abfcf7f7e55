/* yaml_syntax.h - what libyaml calls a problem, in words for the person who wrote the
 * file. Private to the catalogue's YAML reader. */
#ifndef ICT_CATALOG_YAML_SYNTAX_H
#define ICT_CATALOG_YAML_SYNTAX_H

#include <yaml.h>

#include "base/err.h"

/* The parser has failed: fills in err (file, line, column, sentence, fix). */
ict_status ict_yaml_syntax_error(const yaml_parser_t *parser, const char *file, ict_err *err);

#endif
