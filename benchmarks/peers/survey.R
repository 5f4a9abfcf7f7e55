# survey.R - R survey on the same persons; a peer of benchmarks/bench.py.
#
#   Rscript survey.R PERSONS.csv THREADS REPEAT [RESULT.csv]
#
# Prints "load", and in three ways in which R's users write it "design" and, REPEAT times, "svyby" seconds: one indicator (q3) by area x 14 of
# the age bands: 28 cells, Taylor SE. First by the PSUs' own numbers, which make_survey gives but once; then by THREADS processes
# ("svyby_multicore"); then with nest = TRUE ("design_nest", "svyby_nest"), for surveys whose strata number their PSUs alike: R makes
# a factor of text of them, by which every cell's totals are summed. Seconds of processor, on a busy machine: 200,000 rows 2.5, nested 19.1;
# a million 7.3, nested 106.9. PSUs as a column of text 17.4 at 200,000; strata as interaction() and vartype change nothing, deff = TRUE
# doubles. What takes over a minute is run once.
suppressMessages(library(survey))
library(data.table)
arg <- commandArgs(TRUE)
seconds <- function(name, expr) {
  t <- system.time(expr)[["elapsed"]]
  cat(name, t, "\n")
  t
}
invisible(seconds("load", {
  p <- as.data.frame(fread(arg[1], showProgress = FALSE))
  p$band <- pmin(p$age, 75L) %/% 5L
  p$strata <- paste(p$country, p$stratum)
}))
options(survey.lonely.psu = "certainty")
options(mc.cores = as.integer(arg[2]))
cells <- function(name, d, ...) {
  d <- subset(d, band < 14)
  for (i in seq_len(as.integer(arg[3])))
    if (seconds(name, r <- svyby(~q3, ~ area + band, d, svymean, na.rm = TRUE, ...)) > 60) break
  r
}
invisible(seconds("design", d <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = p)))
r <- cells("svyby", d)
same <- function(other) stopifnot(all.equal(coef(r), coef(other), tolerance = 1e-12), all.equal(SE(r), SE(other), tolerance = 1e-12))
same(cells("svyby_multicore", d, multicore = TRUE))
invisible(seconds("design_nest", d <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = p, nest = TRUE)))
same(cells("svyby_nest", d))
if (length(arg) > 3) write.csv(data.frame(area = r$area, band = r$band, estimate = coef(r), se = SE(r)), arg[4], row.names = FALSE)
