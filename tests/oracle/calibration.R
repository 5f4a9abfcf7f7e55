# calibration.R - the facts of calibration_designs.py's designs.
#
#   Rscript tests/oracle/calibration.R ROOT DIR > facts.csv
#   Rscript tests/oracle/calibration.R ROOT DIR contrasts > facts.csv
args <- commandArgs(trailingOnly = TRUE)
root <- args[1]
source(file.path(root, "tests/oracle/cells.R"))
source(file.path(root, "tests/oracle/calibrated.R"))

one_design <- function(i) {
  a <- read.csv(file.path(args[2], paste0(i$name, ".csv")))
  d <- if (i$family == "random") random_design(i, a) else stage_design(i, a)
  d <- calibrated(i, d, args[2])
  how <<- asked(i)
  cbind(all_of(i$name, a, d), options = options_of(how))
}

write_facts(of_designs(read.csv(file.path(args[2], "designs.csv")), one_design))
