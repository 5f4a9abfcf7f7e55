# replicates.R - make tests/facts/replicates.csv with R survey: variances by replicates.
#
#   Rscript tests/oracle/replicates.R ROOT SHARED > replicates.csv
#
# The data sets are those of facts.R, recoded there; their designs become replicate designs here, and
# the column `options` says how ictstat is to do the same.
args <- commandArgs(trailingOnly = TRUE)
root <- args[1]
shared <- args[2]
for (f in c("cells.R", "demo.R", "examples.R", "surveys.R", "made.R")) source(file.path(root, "tests/oracle", f))

# ---- designs ----

# PSUs are in the order of the numbers in the labels of stratum and PSU.
parts <- function(label) do.call(rbind, lapply(strsplit(as.character(label), "[^0-9]+"), as.numeric))
rank_of <- function(label) {
  all <- unique(as.character(label))
  at <- do.call(order, as.data.frame(parts(all)))
  match(as.character(label), all[at])
}
units_of <- function(d) {
  f <- if (is.null(d$fpc$popsize)) 0 else d$fpc$sampsize[, 1] / d$fpc$popsize[, 1]
  data.frame(rank_of(d$strata[, 1]), rank_of(d$cluster[, 1]), f)
}
ours <- function(d, kind, ...) made(d, units_of(d), kind, ...)

ways <- list(
  "--replicates jkn" = function(d) as.svrepdesign(d, type = "JKn"),
  "--replicates jkn --mse" = function(d) as.svrepdesign(d, type = "JKn", mse = TRUE),
  "--replicates jk1" = function(d) as.svrepdesign(d, type = "JK1"),
  "--replicates brr" = function(d) ours(d, "brr"),
  "--replicates fay:0.3" = function(d) ours(d, "fay:0.3"),
  "--replicates bootstrap:40 --seed 7" = function(d) ours(d, "bootstrap", 40, 7),
  "--replicates subbootstrap:40 --seed 11" = function(d) ours(d, "subbootstrap", 40, 11),
  "--replicates sdr:80" = function(d) ours(d, "sdr", 80),
  "--replicates mrbbootstrap:40 --seed 5" = function(d) ours(d, "mrbbootstrap", 40, 5))

sets <- list(
  list("demo", demo_facts, c("--replicates jkn", "--replicates jkn --mse", "--replicates bootstrap:40 --seed 7",
                             "--replicates subbootstrap:40 --seed 11", "--replicates sdr:80", "--replicates mrbbootstrap:40 --seed 5")),
  list("r-survey-apistrat", apistrat_facts, "--replicates jkn"),
  list("r-survey-apiclus1", apiclus1_facts, c("--replicates jk1", "--replicates bootstrap:40 --seed 7",
                                              "--replicates subbootstrap:40 --seed 11", "--replicates sdr:80", "--replicates mrbbootstrap:40 --seed 5")),
  list("r-survey-apisrs", apisrs_facts, "--replicates jk1"),
  list("r-survey-scd", scd_facts, c("--replicates jkn", "--replicates brr", "--replicates fay:0.3")),
  list("r-survey-nhanes", nhanes_facts, "--replicates jkn"))

# Women less men, and over men, using the Internet: the theta of each replicate is that of the contrast; df
# is the larger of the two cells'.
demo_contrasts <- function(root, shared) {
  h <- read.csv(file.path(root, "datasets/demo/households.csv"), colClasses = c(hh_id = "character"))
  p <- read.csv2(file.path(root, "datasets/demo/persons.csv"), colClasses = c(hh_id = "character"))
  p <- cbind(p, h[match(p$hh_id, h$hh_id), c("region", "area", "psu")])
  p$y <- ifelse(p$internet_last %in% 1:4, as.numeric(p$internet_last == 1), NA)
  d <- svydesign(id = ~psu, strata = ~interaction(region, area), weights = ~weight, data = p, nest = TRUE)
  r <- way(d)
  cell <- lapply(2:1, function(sex) which(p$age >= 5 & p$age != 999 & !is.na(p$y) & p$sex == sex))
  mean_of <- lapply(cell, function(i) svymean(~y, r[i, ], return.replicates = TRUE))
  full <- sapply(mean_of, function(m) as.vector(m$mean))
  df <- max(sapply(cell, function(i) degf(r[i, ])))
  both <- unlist(cell)
  row <- function(f, name, scale) {
    value <- f(full[1], full[2])
    theta <- f(as.vector(mean_of[[1]]$replicates), as.vector(mean_of[[2]]$replicates))
    se <- sqrt(as.vector(survey:::svrVar(theta, r$scale, r$rscales, mse = r$mse, coef = value)))
    g <- text_of
    ci <- value + c(-1, 1) * qt(0.975, df) * se
    out <- data.frame("demo", "17.8.1", "", "XEX", 2024, "", "", g(value * scale), g(se * scale), g(ci[1] * scale),
      g(ci[2] * scale), "", df, length(both), length(unique(d$cluster[both, 1])), length(unique(d$strata[both, 1])),
      g(sum(p$weight[both])), "survey 4.1-1 svrVar")
    names(out) <- HEADER
    cbind(out, contrast = name)
  }
  rbind(row(function(a, b) a - b, "sex:F-M", 100), row(function(a, b) a / b, "sex:F/M", 1))
}

header <- TRUE
put <- function(rows, options) {
  if (is.null(rows$contrast)) rows$contrast <- ""
  write_facts(cbind(rows, options = options), header = header)
  header <<- FALSE
}
for (set in sets) {
  if (shared == "-" && set[[1]] != "demo") next
  for (options in set[[3]]) {
    message("R: ", set[[1]], " ", options)
    way <<- ways[[options]]
    put(set[[2]](root, shared), options)
    if (set[[1]] == "demo") put(demo_contrasts(root, shared), options)
  }
}
if (shared != "-") {
  message("R: recs-2015")
  recs <- read.csv(file.path(shared, "data/design/recs2015_brr.csv"))
  way <<- function(d) svrepdesign(data = d$variables, weights = recs$NWEIGHT, repweights = recs[grep("BRRWT", names(recs))],
                                 type = "Fay", rho = 0.5, mse = TRUE)
  put(recs_facts(root, shared), "")
}
