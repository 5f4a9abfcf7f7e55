# survey.R - R survey on the same persons; a peer of benchmarks/bench.py.
#
#   Rscript survey.R PERSONS.csv REPEAT [RESULT.csv]
#
# Prints "load", "design" and, REPEAT times, "svyby" seconds: one indicator (q3) by area x 14 of the age bands: 28 cells, Taylor SE.
suppressMessages(library(survey))
library(data.table)
arg <- commandArgs(TRUE)
seconds <- function(name, expr) {
  t <- system.time(expr)[["elapsed"]]
  cat(name, t, "\n")
}
seconds("load", {
  p <- as.data.frame(fread(arg[1], showProgress = FALSE))
  p$band <- pmin(p$age, 75L) %/% 5L
  p$strata <- paste(p$country, p$stratum)
})
options(survey.lonely.psu = "certainty")
seconds("design", d <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = p))
d <- subset(d, band < 14)
for (i in seq_len(as.integer(arg[2])))
  seconds("svyby", r <- svyby(~q3, ~ area + band, d, svymean, na.rm = TRUE))
if (length(arg) > 2) write.csv(data.frame(area = r$area, band = r$band, estimate = coef(r), se = SE(r)), arg[3], row.names = FALSE)
