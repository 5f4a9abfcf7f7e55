# made_random.R - replicates of every kind made from the designs of random_designs.py and stage_designs.py.
#
#   Rscript tests/oracle/made_random.R ROOT random|stages DIR > facts.csv
args <- commandArgs(trailingOnly = TRUE)
root <- args[1]
for (f in c("cells.R", "made.R")) source(file.path(root, "tests/oracle", f))
degf_of <- degf_of_multipliers

# Stratum, unit and fraction of each stage, a row for each of a.
units_of_random <- function(i, a) {
  stratum <- if (i$strata == 1) a$stratum else rep(1, nrow(a))
  unit <- if (i$psu == 1) a$psu else seq_len(nrow(a))
  n <- tapply(unit, stratum, function(u) length(unique(u)))[as.character(stratum)]
  data.frame(stratum, unit, fraction = as.vector(if (i$fpc == 1) n / a$population else 0 * n))
}
units_of_stages <- function(i, a) {
  out <- list()
  within <- rep("", nrow(a))
  for (k in seq_len(i$stages)) {
    s <- a[[paste0("s", k)]]
    u <- a[[paste0("u", k)]]
    n <- a[[paste0("n", k)]]
    within <- paste(within, s)
    drawn <- tapply(u, within, function(u) length(unique(u)))[within]
    f <- ifelse(is.infinite(n), 0, if (any(n > 1)) drawn / n else n)
    out <- c(out, list(s, u, as.vector(f)))
    within <- paste(within, u)
  }
  setNames(as.data.frame(out), paste0("c", seq_along(out)))
}

# The kinds that can be made of the design, and the one for this number.
kind_of <- function(i, units, number) {
  first <- unique(units[, 1:2])
  sizes <- table(first[, 1])
  fraction <- tapply(units[, 3], units[, 1], `[`, 1)
  alone <- sizes == 1
  settled <- all(!alone | fraction >= 1 | i$policy %in% c("certainty", "remove"))
  deeper <- i$policy %in% c("certainty", "remove")
  # R has no jackknife of a population of Inf. Its `average` takes PSUs of strata taken whole for lonely ones.
  jackknifed <- any(!alone & fraction < 1) && (args[2] == "random" || all(fraction > 0)) &&
    !(i$policy == "average" && any(fraction >= 1) && !any(alone & fraction < 1))
  kinds <- c(if (jackknifed) if (length(sizes) == 1) c("jk1", "jkn") else "jkn",
             if (settled && any(!alone)) c("sdr", "bootstrap", "subbootstrap"),
             if (settled && (ncol(units) == 3 || deeper)) "mrbbootstrap",
             if (args[2] == "random" && i$paired) c("brr", "fay:0.3", "brr", "fay:0.3"))
  if (args[2] == "stages" && "mrbbootstrap" %in% kinds) "mrbbootstrap" else kinds[1 + number %% max(1, length(kinds))]
}

one_design <- function(i) {
  number <- as.integer(sub(".*-", "", i$name))
  a <- read.csv(file.path(args[3], paste0(i$name, ".csv")))
  if (args[2] == "stages" && i$pps != "none") return(NULL)
  units <- if (args[2] == "random") units_of_random(i, a) else units_of_stages(i, a)
  kind <- kind_of(i, units, number)
  if (length(kind) == 0 || is.na(kind)) return(NULL)  # none can be made of it
  d <- if (args[2] == "random") random_design(i, a) else stage_design(i, a)
  how <<- asked(i)
  R <- if (kind == "sdr") c(20, 44, 80)[1 + number %% 3] else if (kind %in% c("bootstrap", "subbootstrap", "mrbbootstrap")) 40 else 0
  mse <- number %% 2 == 0 && kind != "sdr"
  way <<- if (kind %in% c("jk1", "jkn")) {
    function(d) jackknife(d, mse)
  } else function(d) made(d, units, kind, R, number, mse)
  words <- paste(c(paste0("--replicates ", kind, if (R > 0) paste0(":", R)), if (R > 0 && kind != "sdr") paste("--seed", number),
                   if (mse) "--mse"), collapse = " ")
  cbind(all_of(i$name, a, d), options = options_of(how, words))
}

write_facts(of_designs(read.csv(file.path(args[3], "designs.csv")), one_design))
