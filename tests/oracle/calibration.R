# calibration.R - the facts of calibration_designs.py's designs.
#
#   Rscript tests/oracle/calibration.R ROOT DIR > facts.csv               by linearisation
#   Rscript tests/oracle/calibration.R ROOT DIR replicates > facts.csv    by jackknife, each replicate calibrated
#
# Trimming of weights is left out of the replicates (R's trimWeights for them does not trim), stages too, and
# designs of which a replicate cannot be calibrated or every stratum was taken whole.
args <- commandArgs(trailingOnly = TRUE)
root <- args[1]
dir <- args[2]
source(file.path(root, "tests/oracle/cells.R"))
source(file.path(root, "tests/oracle/calibrated.R"))

uncalibrated <- function(i) {
  a <- read.csv(file.path(dir, paste0(i$name, ".csv")))
  list(a = a, d = if (i$family == "random") random_design(i, a) else stage_design(i, a))
}

linearised <- function(i) {
  u <- uncalibrated(i)
  how <<- asked(i)
  cbind(all_of(i$name, u$a, calibrated(i, u$d, dir)), options = options_of(how))
}

# With the option R's svytotal leaves strata taken whole out of the replicates; calibration moves their weights too.
options(survey.drop.replicates = FALSE)

replicated <- function(i) {
  if (i$family != "random" || i$trim_weight > 0 || i$policy != "fail") return(NULL)
  u <- uncalibrated(i)
  type <- if (i$strata == 1) "JKn" else "JK1"
  unmet <- FALSE  # of a replicate that does not converge R only warns
  r <- try(withCallingHandlers(calibrated(i, as.svrepdesign(u$d, type = type), dir),
                               warning = function(w) if (grepl("onverge", conditionMessage(w))) unmet <<- TRUE), silent = TRUE)
  if (unmet || inherits(r, "try-error") || any(!is.finite(weights(r, "analysis"))) || any(weights(r, "analysis") < 0) ||
      all(r$scale * r$rscales == 0)) return(NULL)
  r$degf <- NULL
  way <<- function(d) {
    r$variables <- d$variables
    r
  }
  how <<- asked(i)
  if (how$df %in% c("degf", "design")) how$df <<- "inf"  # the rank of calibrated weights hangs on R's tolerance
  cbind(all_of(i$name, u$a, calibrated(i, u$d, dir)), options = options_of(how, paste("--replicates", tolower(type))))
}

write_facts(of_designs(read.csv(file.path(dir, "designs.csv")), if (is.na(args[3])) linearised else replicated))
