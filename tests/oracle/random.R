# random.R - the facts of random_designs.py's designs.
#
#   Rscript tests/oracle/random.R ROOT DIR > facts.csv
args <- commandArgs(trailingOnly = TRUE)
root <- args[1]
source(file.path(root, "tests/oracle/cells.R"))

one_design <- function(i) {
  a <- read.csv(file.path(args[2], paste0(i$name, ".csv")))
  how <<- asked(i)
  cbind(all_of(i$name, a, random_design(i, a)), options = options_of(how))
}

write_facts(of_designs(read.csv(file.path(args[2], "designs.csv")), one_design))
