/* membership.h - which countries belong to which group, and when (datasets/groups/). */
#ifndef ICT_GROUP_MEMBERSHIP_H
#define ICT_GROUP_MEMBERSHIP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

typedef struct ict_member {
  const char *iso3;
  int from, until; /* yyyymmdd; 0: open. until is the day it left */
} ict_member;

typedef struct ict_group {
  const char *set;   /* "ldc" */
  const char *code;  /* as a reference area: the SDMX CL_AREA code where there is one */
  const char *title; /* English */
  const ict_member *members;
  size_t n;
} ict_group;

typedef struct ict_groups ict_groups;

/* The groups of the named sets, in the order asked for; a set that is named twice counts once.
 * An unknown set is ICT_USAGE. Caller frees. */
ict_status ict_groups_load(const char *const *sets, size_t n, ict_groups **out, ict_err *err);
void ict_groups_free(ict_groups *groups); /* NULL is fine */

size_t ict_groups_count(const ict_groups *groups);
const ict_group *ict_groups_at(const ict_groups *groups, size_t i); /* borrowed */

/* Refuses (ICT_REFUSED) a year for which one of the sets has no memberships. */
ict_status ict_groups_know(const ict_groups *groups, int year, ict_err *err);

/* Members of a year are those of its 1 July, as population is that of the middle of the year. */
bool ict_member_in(const ict_member *member, int year);

/* The group of the set that the country is in (at any date; the first where it is in several), or
 * NULL. */
const ict_group *ict_groups_of(const ict_groups *groups, const char *set, const char *iso3);

#endif
