# survey_replicates.R - R survey with replicates on the persons of make_survey.c; run by ../replicates.sh.
#
#   Rscript survey_replicates.R WEIGHTED.csv REPLICATES REPEAT OURS.csv
#
# WEIGHTED.csv: persons with columns rw1, rw2 ... of weights; OURS.csv: our estimates by these weights. Prints "SECONDS CELLS NAME" lines:
# the least seconds of processor time of one share in the cells of education x sex x area and of education x sex (30 at most), by svyby of
#   a design with the weights of the file, as a survey that comes with replicate weights is read: svrepdesign, combined.weights
#   a bootstrap of R's own making, the making not counted: svydesign, as.svrepdesign
# and by hand, as R is quickest: sums of the matrix of weights by cell. What the weights of the file give must be ours to 1e-9.
suppressMessages(library(survey))
library(data.table)
arg <- commandArgs(TRUE)
repeats <- as.integer(arg[3])
p <- as.data.frame(fread(arg[1], showProgress = FALSE))
named <- grepl("^rw[0-9]+$", names(p))
weights <- as.matrix(p[named])
p <- p[!named]
p$strata <- paste(p$country, p$stratum)
given <- svrepdesign(data = p, weights = ~weight, repweights = weights, type = "bootstrap", combined.weights = TRUE)
design <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = p)
made <- as.svrepdesign(design, type = "bootstrap", replicates = as.integer(arg[2]))

cells <- list(c("education", "sex", "area"), c("education", "sex"))
table <- function(by, estimate, se) data.frame(education = by$education, sex = by$sex, area = if (is.null(by$area)) NA else by$area, estimate, se)
by_svyby <- function(d) do.call(rbind, lapply(cells, function(by) {
  r <- svyby(~q0, reformulate(by), d, svymean, na.rm = TRUE)
  table(r, coef(r), SE(r))
}))
all <- cbind(p$weight, weights)
by_hand <- function() do.call(rbind, lapply(cells, function(by) {
  known <- !is.na(p$q0)
  cell <- interaction(p[known, by], drop = TRUE)
  shares <- rowsum(all[known, ] * p$q0[known], as.integer(cell)) / rowsum(all[known, ], as.integer(cell))
  first <- p[known, by][match(seq_len(nlevels(cell)), as.integer(cell)), ]
  theta <- shares[, -1]
  table(first, shares[, 1], sqrt(rowSums((theta - rowMeans(theta))^2) * given$scale))
}))
timed <- function(name, f) {
  seconds <- replicate(repeats, sum(system.time(r <<- f())[c("user.self", "sys.self")]))
  cat(min(seconds), nrow(r), name, "\n")
  r
}

ours <- read.csv(arg[4], colClasses = "character")
ours <- ours[ours$indicator == "Q0" & ours$age == "_T", ]
key <- function(education, sex, area) paste(education, sex, area)
ours_key <- key(ours$education, match(ours$sex, c("M", "F")), match(ours$urbanisation, c("U", "R")))
agree <- function(name, r) {
  o <- ours[match(key(r$education, r$sex, r$area), ours_key), ]
  off <- max(abs(as.numeric(o$estimate) / 100 / r$estimate - 1), abs(as.numeric(o$se) / 100 / r$se - 1))
  if (is.na(off) || off > 1e-9) stop(name, " differs from ours: ", off)
  message(name, ": ", nrow(r), " cells agree, largest relative difference ", signif(off, 2))
}
agree("svyby", timed("R survey, weights of the data", function() by_svyby(given)))
agree("by hand", timed("R by hand, weights of the data", by_hand))
invisible(timed(paste0("R survey, bootstrap:", arg[2]), function() by_svyby(made)))
