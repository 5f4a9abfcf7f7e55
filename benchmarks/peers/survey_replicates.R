# survey_replicates.R - R survey with bootstrap replicates on the persons of make_survey.c; run by ../replicates.sh.
#
#   Rscript survey_replicates.R PERSONS.csv REPLICATES QUESTIONS
#
# Prints the seconds of processor time of making the replicates and of svyby: QUESTIONS shares in 20 cells (wealth x sex x area).
suppressMessages(library(survey))
arg <- commandArgs(TRUE)
p <- read.csv(arg[1])
p$strata <- paste(p$country, p$stratum)
d <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = p, nest = TRUE)
seconds <- function(name, expr) cat(sprintf("R survey, %s: %.2f s\n", name, sum(system.time(expr)[c("user.self", "sys.self")])))
seconds("making replicates", r <- as.svrepdesign(d, type = "bootstrap", replicates = as.integer(arg[2])))
for (k in seq_len(as.integer(arg[3])) - 1)
  seconds(paste0("q", k), svyby(reformulate(paste0("q", k)), ~ wealth + sex + area, r, svymean, na.rm = TRUE))
