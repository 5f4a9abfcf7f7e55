/* mapping_room.h - what the readers of a mapping share. Not for other rooms. */
#ifndef ICT_CATALOG_MAPPING_ROOM_H
#define ICT_CATALOG_MAPPING_ROOM_H

#include "catalog/mapping.h"
#include "catalog/room.h"

typedef struct ict_mapper {
  ict_reader *r;
  const ict_catalog *catalog;
  ict_list local; /* ict_concept of the mapping's own `concepts:` */
  ict_list exprs; /* ict_expr of the scopes */
  size_t n_files;
  ict_map_file *files;
} ict_mapper;

/* ict_mapping_load of a tree that is read; taken over. *out is NULL. */
ict_status ict_mapping_make(ict_yaml *yaml, const ict_catalog *catalog, ict_mapping **out,
                            ict_findings *findings, ict_err *err);

#define ICT_NO_FILE (-2L) /* a reference that stands in no file: area and period */

/* `files:`; false where a file is wrong (recorded), so that references to it are not
 * reported again. */
bool ict_map_files(ict_mapper *m, const ict_node *root);
/* The map below `files:`; NULL where there is none, or none that can be read (recorded). */
const ict_node *ict_map_files_node(ict_reader *r, const ict_node *root, const char *example);
/* What says where a file is and how its bytes are to be read: path, format, encoding ... */
bool ict_map_file_text(ict_reader *r, const ict_node *body, ict_map_file *file);
/* `survey:` and what every mapping says in it; NULL where there is none (recorded). */
const ict_node *ict_map_survey(ict_reader *r, const ict_node *root, const char *example,
                               const char **id, const char **title, const char **source);
/* Index of the file with the id, or -1. */
long ict_map_file_find(const ict_mapper *m, const char *id);
/* Records "no file 'x'". */
void ict_map_no_file(ict_mapper *m, const ict_node *at, const char *id);
/* Whether each row of `from` leads to one row of `to` by links (also from = to). */
bool ict_map_leads_to(const ict_mapper *m, long from, long to);

/* A variable of the unit's file `own`, or FILE.NAME of one that it leads to. */
bool ict_map_ref(ict_mapper *m, const ict_node *node, long own, ict_ref *out);
/* One or a list of them. */
bool ict_map_refs(ict_mapper *m, const ict_node *node, long own, const ict_ref **out, size_t *n);
/* The word none (a variable of that name is written in quotes). */
bool ict_map_is_none(const ict_node *node);

/* `design:` of a unit. */
void ict_map_design_read(ict_mapper *m, const ict_node *unit, const ict_node *unit_name, long own,
                         ict_map_design *out);
/* An `fpc:`, of any stage; NULL and none leave *kind as it is. */
void ict_map_fpc_read(ict_mapper *m, const ict_node *node, long own, ict_fpc_kind *kind,
                      ict_ref *out);
/* `replicates:` of a design. */
void ict_map_replicates_read(ict_mapper *m, const ict_node *design, long own,
                             ict_map_replicates *out);
/* `calibration:` of a design. */
void ict_map_calibration_read(ict_mapper *m, const ict_node *design, ict_map_calibration *out);
/* `stages:` and `pps:` of a design whose other keys are read. */
void ict_map_stages_read(ict_mapper *m, const ict_node *design, long own, ict_map_design *out);

/* The concept of the catalogue or of the mapping; NULL where there is none (recorded). */
const ict_concept *ict_map_concept_find(ict_mapper *m, const ict_node *name);
/* One entry of `variables:`. */
bool ict_map_variable_read(ict_mapper *m, const ict_node *name, const ict_node *body, long own,
                           ict_map_variable *out);
/* `area:` and `period:` of the survey: a text, or {from, map}. */
bool ict_map_constant_or_variable(ict_mapper *m, const ict_node *survey, const char *key,
                                  ict_map_variable *out);
/* `map:` and `missing:` of a variable whose concept_def, codes and type are known. */
bool ict_map_values(ict_mapper *m, const ict_node *body, ict_map_variable *out);
/* `count_as:`, after the values. */
bool ict_map_count_as(ict_mapper *m, const ict_node *body, ict_map_variable *out);

static inline ict_mark ict_mark_of(const ict_node *node) {
  return (ict_mark){node->line, node->column};
}

#endif
