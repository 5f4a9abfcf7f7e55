/* availability_svg.c - availability as a picture: a heat map, a block for each indicator and
 * breakdown, years across.
 *
 * In: an availability. Out: SVG 1.1. Owns: nothing.
 *
 * Summary: a row a group; each cell has the share (of people where there is a population table,
 * else of countries) that has a value in the year, as a number and as a shade. Cells: a row a
 * country; its quality as a colour that the colour-blind tell apart and a shape that needs no
 * colour; neighbouring years of the same quality are one bar, with a title for readers of the
 * screen. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "run/availability.h"

#define LABEL      230.0 /* room for names */
#define MARGIN     16.0
#define HEAD       30.0 /* title of a block */
#define YEARS      18.0 /* its years */
#define GAP        18.0 /* below it */
#define ROW        20.0
#define WIDE       38.0
#define THIN_ROW   13.0
#define THIN       15.0
#define LEAST_WIDE 640.0
#define DIGIT      6.3 /* widest character of 11 px, about */

static const char STYLE[] =
    "<style>text{font-family:Helvetica,Arial,'DejaVu Sans',sans-serif;font-size:12px;fill:#1a1a1a}"
    ".t{font-weight:bold;font-size:13px}.y{font-size:10px;text-anchor:middle;fill:#444}"
    ".n{font-size:11px;text-anchor:middle}.w{fill:#fff}.s{font-size:10px;dominant-baseline:auto}"
    "</style>\n";

/* Text that is safe in XML; control characters become '?'. */
static void xml(ict_out *out, const char *text) {
  while (*text) {
    const char *from = text;
    uint32_t c = ict_utf8_next(&text);
    if (ict_utf8_unsafe(c))
      ict_out_text(out, "?");
    else if (c == '<' || c == '>' || c == '&' || c == '"')
      ict_out_printf(out, "&#%u;", (unsigned)c);
    else
      ict_out_write(out, from, (size_t)(text - from));
  }
}

static void text_at(ict_out *out, double x, double y, const char *class, const char *text) {
  ict_out_printf(out, "<text x=\"%.6g\" y=\"%.6g\"%s%s%s>", x, y, class ? " class=\"" : "",
                 class ? class : "", class ? "\"" : "");
  xml(out, text);
  ict_out_text(out, "</text>\n");
}

/* At most as wide as the room for names; cut at a character. */
static void label_at(ict_out *out, double x, double y, const char *class, const char *text) {
  char cut[160];
  size_t most = (size_t)(LABEL / DIGIT), n = 0;
  const char *at = text;
  for (size_t width = 0; *at && width < most && n + 8 < sizeof cut; width++) {
    const char *from = at;
    ict_utf8_next(&at);
    memcpy(cut + n, from, (size_t)(at - from));
    n += (size_t)(at - from);
  }
  memcpy(cut + n, *at ? "..." : "", *at ? 4 : 1);
  text_at(out, x, y, class, cut);
}

static void block_head(const ict_availability *v, size_t i, size_t b, double y, double cell,
                       ict_out *out) {
  const ict_avail_plan *p = &v->grid.plan;
  const ict_avail_breakdown *breakdown = &p->breakdowns[b];
  ict_out_printf(out, "<text x=\"%.6g\" y=\"%.6g\" class=\"t\">", MARGIN, y + 18);
  xml(out, p->indicators[i]);
  ict_out_text(out, "  ");
  xml(out, ict_avail_title(v, i));
  ict_out_text(out, breakdown->n ? ", by " : "");
  xml(out, breakdown->n ? breakdown->text : "");
  ict_out_text(out, "</text>\n");
  /* Narrow cells have room for every fifth year. */
  for (int year = p->first_year; year <= p->last_year; year++) {
    char number[8];
    bool shown = cell >= WIDE || year % 5 == 0 || p->first_year == p->last_year;
    snprintf(number, sizeof number, "%d", year);
    if (shown)
      text_at(out, MARGIN + LABEL + (year - p->first_year + 0.5) * cell, y + HEAD + YEARS - 6, "y",
              number);
  }
}

static void picture_head(const ict_availability *v, const char *what, double width, double height,
                         ict_out *out) {
  char years[24];
  ict_avail_years(v, years);
  ict_out_printf(
      out,
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.6g %.6g\" width=\"%.6g\" "
      "height=\"%.6g\" role=\"img\" aria-labelledby=\"title desc\">\n"
      "<title id=\"title\">Availability of indicators, %s</title>\n"
      "<desc id=\"desc\">%s</desc>\n%s"
      "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
      width, height, width, height, years, what, STYLE);
}

/* ---- groups ------------------------------------------------------------------------------------
 */

/* A scale of one hue, light to dark, that stays one in grey. */
static const struct shade {
  double from; /* share in percent, above */
  const char *fill;
  bool white; /* figures on it */
  const char *about;
} SHADES[] = {
    {-1, "#f4f4f4", false, "0"},        {0, "#deebf7", false, "above 0"},
    {25, "#9ecae1", false, "above 25"}, {50, "#4292c6", true, "above 50"},
    {75, "#08519c", true, "above 75"},  {99.999999, "#08306b", true, "all"},
};
enum { N_SHADES = sizeof SHADES / sizeof *SHADES };

static const struct shade *shade_of(double share) {
  size_t i = N_SHADES - 1;
  while (i > 0 && !(share > SHADES[i].from)) i--;
  return &SHADES[i];
}

/* Rounded, but nothing that is less than all reads as all, nor more than none as none. */
static void figure(double share, char text[16]) {
  if (!isfinite(share))
    memcpy(text, "..", 3);
  else if (share > 0 && share < 0.5)
    memcpy(text, "<1", 3);
  else if (share < 100 && share >= 99.5)
    memcpy(text, ">99", 4);
  else
    snprintf(text, 16, "%.0f", share);
}

static void group_cell(const ict_availability *v, const ict_group *group, size_t i, size_t b,
                       int year, double x, double y, ict_out *out) {
  ict_avail_sum s;
  ict_avail_sum_of(&v->grid, group, i, b, year, v->weights, v->work, &s);
  double all = v->weights ? s.people : (double)s.countries;
  double part = v->weights ? s.people_any : (double)s.any;
  double share = all > 0 ? 100 * part / all : (double)NAN;
  const struct shade *shade = shade_of(share);
  char number[16];
  figure(share, number);
  ict_out_printf(out,
                 "<rect x=\"%.6g\" y=\"%.6g\" width=\"%.6g\" height=\"%.6g\" fill=\"%s\"><title>",
                 x, y, WIDE - 1, ROW - 1, shade->fill);
  xml(out, group->title);
  ict_out_printf(out, ", %d: %zu of %zu countries</title></rect>\n", year, s.any, s.countries);
  text_at(out, x + (WIDE - 1) / 2, y + 14, shade->white ? "n w" : "n", number);
}

static void group_legend(const ict_availability *v, double y, ict_out *out) {
  text_at(out, MARGIN, y + 13, NULL,
          v->weights ? "Percent of people in countries with a value in the year"
                     : "Percent of countries with a value in the year");
  for (size_t i = 0; i < N_SHADES; i++) {
    double x = MARGIN + 330 + 78 * (double)i;
    ict_out_printf(out, "<rect x=\"%.6g\" y=\"%.6g\" width=\"16\" height=\"16\" fill=\"%s\"/>\n", x,
                   y, SHADES[i].fill);
    text_at(out, x + 20, y + 12, "s", SHADES[i].about);
  }
}

static void picture_of_groups(const ict_availability *v, ict_out *out) {
  const ict_avail_plan *p = &v->grid.plan;
  double block = HEAD + YEARS + ROW * (double)v->n_groups + GAP, y = MARGIN + 30;
  double width = 2 * MARGIN + LABEL + WIDE * (double)v->grid.n_years;
  if (width < LEAST_WIDE + 200) width = LEAST_WIDE + 200;
  picture_head(
      v,
      "For each indicator and breakdown, groups of countries by years: the share that has a value.",
      width, y + block * (double)(p->n_indicators * p->n_breakdowns), out);
  group_legend(v, MARGIN, out);
  for (size_t i = 0; i < p->n_indicators; i++)
    for (size_t b = 0; b < p->n_breakdowns; b++, y += block) {
      block_head(v, i, b, y, WIDE, out);
      for (size_t g = 0; g < v->n_groups; g++) {
        double top = y + HEAD + YEARS + ROW * (double)g;
        label_at(out, MARGIN, top + 14, NULL, v->groups[g]->title);
        for (int year = p->first_year; year <= p->last_year; year++)
          group_cell(v, v->groups[g], i, b, year,
                     MARGIN + LABEL + WIDE * (double)(year - p->first_year), top, out);
      }
    }
  ict_out_text(out, "</svg>\n");
}

/* ---- countries ---------------------------------------------------------------------------------
 */

/* Colours of Okabe and Ito; the shape in the middle of the bar tells them apart without. */
static const struct look {
  const char *fill, *about;
  double high; /* of the bar, in parts of the row */
  const char *dash;
} LOOKS[ICT_N_AVAIL] = {
    [ICT_AVAIL_NONE] = {"none", "none", 0, NULL},
    [ICT_AVAIL_EMPTY] = {"none", "row without a value", 0.9, "2,2"},
    [ICT_AVAIL_GOOD] = {"#0072b2", "good", 0.9, NULL},
    [ICT_AVAIL_DIFFERS] = {"#56b4e9", "another definition", 0.6, NULL},
    [ICT_AVAIL_UNRELIABLE] = {"#e69f00", "unreliable", 0.3, NULL},
    [ICT_AVAIL_ESTIMATED] = {"#fff", "estimated or modelled", 0.9, ""},
};

static void bar(ict_out *out, double x, double y, double width, const struct look *look) {
  double high = (THIN_ROW - 1) * look->high;
  bool lined = look->dash != NULL;
  ict_out_printf(out,
                 "<rect x=\"%.6g\" y=\"%.6g\" width=\"%.6g\" height=\"%.6g\" fill=\"%s\"%s%s%s%s",
                 lined ? x + 0.5 : x, y + (THIN_ROW - 1 - high) / 2, lined ? width - 1 : width,
                 lined ? high - 1 : high, look->fill, lined ? " stroke=\"#444\"" : "",
                 lined && look->dash[0] ? " stroke-dasharray=\"" : "",
                 lined && look->dash[0] ? look->dash : "", lined && look->dash[0] ? "\"" : "");
}

/* Bars of equal years; years without anything are a thin line, so that rows can be followed. */
static void country_row(const ict_availability *v, ict_avail_series s, double y, ict_out *out) {
  const ict_avail_plan *p = &v->grid.plan;
  const ict_name *area = &p->areas->items[s.area];
  const char *name = area->label ? area->label : area->text;
  label_at(out, MARGIN, y + 10, "s", name);
  ict_out_printf(out, "<path d=\"M%.6g %.6gh%.6g\" stroke=\"#ddd\"/>\n", MARGIN + LABEL,
                 y + (THIN_ROW - 1) / 2, THIN * (double)v->grid.n_years);
  for (int year = p->first_year, until; year <= p->last_year; year = until) {
    ict_avail_quality q = ict_avail_at(&v->grid, s, year)->quality;
    until = year + 1;
    while (until <= p->last_year && ict_avail_at(&v->grid, s, until)->quality == q) until++;
    if (q == ICT_AVAIL_NONE) continue;
    bar(out, MARGIN + LABEL + THIN * (double)(year - p->first_year), y,
        THIN * (double)(until - year) - 1, &LOOKS[q]);
    ict_out_text(out, "><title>");
    xml(out, name);
    ict_out_printf(out, ", %d", year);
    if (until > year + 1) ict_out_printf(out, " to %d", until - 1);
    ict_out_printf(out, ": %s</title></rect>\n", LOOKS[q].about);
  }
}

static void country_legend(double y, ict_out *out) {
  double x = MARGIN;
  for (size_t i = ICT_AVAIL_EMPTY; i < ICT_N_AVAIL; i++) {
    bar(out, x, y, 3 * THIN, &LOOKS[i]);
    ict_out_text(out, "/>\n");
    text_at(out, x + 3 * THIN + 6, y + 10, "s", LOOKS[i].about);
    x += 3 * THIN + 24 + 5.6 * (double)strlen(LOOKS[i].about);
  }
}

static void picture_of_countries(const ict_availability *v, ict_out *out) {
  const ict_avail_plan *p = &v->grid.plan;
  double block = HEAD + YEARS + THIN_ROW * (double)p->areas->n + GAP, y = MARGIN + 26;
  double width = 2 * MARGIN + LABEL + THIN * (double)v->grid.n_years;
  if (width < LEAST_WIDE + 120) width = LEAST_WIDE + 120;
  picture_head(v,
               "For each indicator and breakdown, countries by years: the quality of the values.",
               width, y + block * (double)(p->n_indicators * p->n_breakdowns), out);
  country_legend(MARGIN, out);
  for (size_t i = 0; i < p->n_indicators; i++)
    for (size_t b = 0; b < p->n_breakdowns; b++, y += block) {
      block_head(v, i, b, y, THIN, out);
      for (size_t a = 0; a < p->areas->n; a++)
        country_row(v, (ict_avail_series){i, b, a}, y + HEAD + YEARS + THIN_ROW * (double)a, out);
    }
  ict_out_text(out, "</svg>\n");
}

void ict_avail_svg(const ict_avail_show *show, ict_out *out) {
  if (show->view == ICT_AVAIL_CELLS)
    picture_of_countries(show->v, out);
  else
    picture_of_groups(show->v, out);
}
