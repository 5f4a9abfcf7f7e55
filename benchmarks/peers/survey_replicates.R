# survey_replicates.R - R survey with bootstrap replicates on the persons of make_survey.c; run by ../replicates.sh.
#
#   Rscript survey_replicates.R PERSONS.csv REPLICATES REPEAT
#
# Prints the least seconds of processor time of svyby of one share in the cells of education x sex x area and of education x sex
# (20 and 10 at most), and how many cells those are. Making the replicates is not counted.
suppressMessages(library(survey))
arg <- commandArgs(TRUE)
p <- read.csv(arg[1])
p$strata <- paste(p$country, p$stratum)
d <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = p, nest = TRUE)
r <- as.svrepdesign(d, type = "bootstrap", replicates = as.integer(arg[2]))
cells <- 0
once <- function() {
  fine <- svyby(~q0, ~ education + sex + area, r, svymean, na.rm = TRUE)
  coarse <- svyby(~q0, ~ education + sex, r, svymean, na.rm = TRUE)
  cells <<- nrow(fine) + nrow(coarse)
}
seconds <- replicate(as.integer(arg[3]), sum(system.time(once())[c("user.self", "sys.self")]))
cat(min(seconds), cells, "\n")
