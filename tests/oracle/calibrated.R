# calibrated.R - a design with the calibration of a row of calibration_designs.py's designs.csv.
#
# R's rake stops by the change of a table, and its calibrate by the misfit over 1 + total; both are asked for
# far more than the 1e-10 that is compared.

totals_of <- function(i, margin, dir) {
  t <- read.csv(file.path(dir, paste0(i$name, "-", margin, ".csv")))
  names(t) <- c(sub("r_", "", names(t)[-ncol(t)]), "Freq")
  t
}

calibrated <- function(i, d, dir) {
  if (i$method == "post-stratify") {
    d <- postStratify(d, ~one + two, totals_of(i, "both", dir))
  } else if (i$method == "rake") {
    d <- rake(d, list(~one, ~two), list(totals_of(i, "one", dir), totals_of(i, "two", dir)),
              control = list(maxit = 1e5, epsilon = 1e-14))
  } else {
    one <- totals_of(i, "one", dir)
    two <- totals_of(i, "two", dir)
    d$variables$one <- factor(d$variables$one, one$one)
    d$variables$two <- factor(d$variables$two, two$two)
    population <- c(sum(one$Freq), one$Freq[-1], two$Freq[-1])
    names(population) <- c("(Intercept)", paste0("one", one$one)[-1], paste0("two", two$two)[-1])
    form <- if (nrow(one) > 1 && nrow(two) > 1) ~one + two else if (nrow(one) > 1) ~one else ~two
    if (i$numbers == 1) {
      population <- c(population, number = read.csv(file.path(dir, paste0(i$name, "-numbers.csv")))$total)
      form <- update(form, ~. + number)
    }
    how <- list(design = d, formula = form, population = population, epsilon = 1e-13, maxit = 500)
    if (i$trim_ratio == 1) how$trim <- c(0.93, 1.07)
    more <- switch(i$method, linear = list(), bounded = list(bounds = c(0.4, 2.5)),
                   multiplicative = list(calfun = "raking"), logit = list(calfun = "logit", bounds = c(0.4, 2.5)))
    d <- suppressMessages(do.call(calibrate, c(how, more)))
  }
  if (i$trim_weight > 0) d <- trimWeights(d, upper = i$trim_weight, lower = 0)
  d
}
