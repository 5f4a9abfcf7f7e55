# random.R - the facts of random_designs.py's designs.
#
#   Rscript tests/oracle/random.R ROOT DIR > facts.csv
args <- commandArgs(trailingOnly = TRUE)
source(file.path(args[1], "tests/oracle/cells.R"))

one_design <- function(i) {
  a <- read.csv(file.path(args[2], paste0(i$name, ".csv")))
  options(survey.lonely.psu = i$policy, survey.adjust.domain.lonely = i$in_domain == 1)
  if (i$psu == 0) a$psu <- seq_len(nrow(a))
  d <- svydesign(id = ~psu, strata = if (i$strata == 1) ~stratum, weights = ~weight, data = a, nest = TRUE,
                 fpc = if (i$fpc == 1) ~population)
  by <- c("", "r_group")
  one <- function(id, kind, y, x = NULL)
    facts(i$name, "XAA", 2000, d, id, kind, y, by, list(r_group = a$group), x)
  rbind(one("random.proportion", "proportion", a$yes), one("random.mean", "mean", a$value),
        one("random.ratio", "ratio", a$value, a$size), one("random.total", "total", a$value),
        one("random.count", "count", a$yes))
}

designs <- read.csv(file.path(args[2], "designs.csv"))
for (k in seq_len(nrow(designs)))
  write_facts(suppressWarnings(one_design(designs[k, ])), header = k == 1)
