# made.R - replicate designs with the multipliers that ictstat makes (multipliers.py), for R to estimate by.
#
# Random multipliers cannot be R's, and its Hadamard matrices are others; everything that follows from the multipliers
# is R's. The jackknife is R's as.svrepdesign.

# units: a column stratum, unit and fraction of each stage, one row for each row of the design's data, numbers in the
# order of the store. kind: "sdr", "fay:0.3", ...
made <- function(d, units, kind, replicates = 0, seed = 0, mse = FALSE) {
  number <- do.call(order, as.list(units))
  sorted <- unique(units[number, , drop = FALSE])
  feed <- tempfile()
  write.table(format(sorted, digits = 17, trim = TRUE), feed, sep = ",", row.names = FALSE, col.names = FALSE, quote = FALSE)
  out <- system2("/usr/bin/python3", c(file.path(root, "tests/oracle/multipliers.py"), kind, replicates, seed),
                 stdin = feed, stdout = TRUE)
  unlink(feed)
  m <- as.matrix(read.csv(text = out, header = FALSE))
  key <- function(u) do.call(paste, as.list(u))
  R <- ncol(m)
  word <- sub(":.*", "", kind)
  rho <- if (word == "fay") as.numeric(sub(".*:", "", kind)) else 0
  sizes <- table(unique(units[, 1:2])[, 1])
  k <- 1 / mean(1 / sizes)
  scale <- switch(word, brr = , fay = 1 / (R * (1 - rho)^2), sdr = 4 / R, bootstrap = k / ((k - 1) * (R - 1)),
                  subbootstrap = , mrbbootstrap = 1 / (R - 1))
  svrepdesign(data = d$variables, repweights = m[match(key(units), key(sorted)), , drop = FALSE], weights = weights(d),
              combined.weights = FALSE, type = "other", scale = scale, rscales = rep(1, R), mse = mse || word == "sdr")
}

# degf() of multipliers: the rank that R's QR finds, without the weights, as light PSUs fall below its tolerance.
degf_of_multipliers <- function(d) {
  m <- as.matrix(d$repweights)[weights(d, "sampling") > 0, , drop = FALSE]
  qr(unique(m), tol = 1e-5)$rank - 1
}

# R leaves the rows of strata taken whole (`selfrep`) out of the replicates, not out of the full estimate, so that
# totals with mse are theirs less these rows. Without the mark its multipliers of 1 are used.
jackknife <- function(d, mse) {
  r <- as.svrepdesign(d, type = if (d$has.strata) "JKn" else "JK1", mse = mse)
  r$selfrep <- NULL
  r
}
