# limits.R - limits of confidence by the method asked for (docs/math.md, "Intervals").
#
# logit, asin, t and normal of a linearised proportion are svyciprop's: "xlogit" (delta method, the same number
# as "logit", a GLM fitted by iteration, without the error of the iteration), "asin", "mean". Where svyciprop has no
# method, takes other df or n, or knows no replicates, the equation is solved here from R's variance.
NOT_COMPARED <- -Inf
SVYCIPROP <- c(logit = "xlogit", asin = "asin", t = "mean", normal = "mean")

# Where the divergence from p is so large, on the logit.
by_likelihood <- function(p, divergence) {
  f <- function(z) p * (log(p) - plogis(z, log.p = TRUE)) + (1 - p) * (log1p(-p) - plogis(-z, log.p = TRUE)) - divergence
  z <- qlogis(p)
  plogis(c(uniroot(f, c(z - 1e6, z), tol = 1e-14, maxiter = 1e4)$root, uniroot(f, c(z, z + 1e6), tol = 1e-14, maxiter = 1e4)$root))
}

by_equation <- function(p, se, df, n, level) {
  t <- qt((1 + level) / 2, df)
  n_eff <- p * (1 - p) / se^2
  switch(how$ci,
    logit = plogis(qlogis(p) + c(-1, 1) * t * se / (p * (1 - p))),
    asin = sin(pmin(pmax(asin(sqrt(p)) + c(-1, 1) * t * se / (2 * sqrt(p * (1 - p))), 0), pi / 2))^2,
    t = p + c(-1, 1) * t * se,
    normal = p + c(-1, 1) * qnorm((1 + level) / 2) * se,
    wilson = ((p + t^2 / n_eff / 2) + c(-1, 1) * t * sqrt(p * (1 - p) / n_eff + (t / n_eff)^2 / 4)) / (1 + t^2 / n_eff),
    beta = {
      n_star <- if (n > 1) n_eff * min(1, (qt((1 + level) / 2, n - 1) / t)^2) else NA
      c(qbeta((1 - level) / 2, n_star * p, n_star * (1 - p) + 1), qbeta((1 + level) / 2, n_star * p + 1, n_star * (1 - p)))
    },
    likelihood = if (n < 2) c(NA, NA) else by_likelihood(p, t^2 * n / (n - 1) / (2 * n_eff)))
}

# R's beta, where n and df are what R takes, is the equation's.
check_beta <- function(d, ci, df, n, level) {
  if (how$ci != "beta" || !inherits(d, "survey.design2") || nrow(d) != n || !identical(df, degf(d)) || n - 1 < df) return()
  theirs <- as.vector(attr(svyciprop(~y, d, method = "beta", level = level), "ci"))
  stopifnot(anyNA(theirs) || all(abs(theirs - ci) <= 1e-11 * ci))
}

limits <- function(d, kind, value, se, df, n, other_se) {
  level <- how$level / 100
  if (is.na(se) || !(df > 0 || how$ci == "normal")) return(c(NA, NA))
  if (kind != "proportion")
    return(value + c(-1, 1) * se * (if (how$ci == "normal") qnorm((1 + level) / 2) else qt((1 + level) / 2, df)))
  point <- value %in% c(0, 1)
  if (how$ci %in% names(SVYCIPROP) && how$ci != "asin") {
    if (point) return(c(value, value))
    if (!inherits(d, "survey.design2") || !is.null(other_se)) return(by_equation(value, se, df, n, level))
    return(as.vector(attr(svyciprop(~y, d, method = SVYCIPROP[[how$ci]], level = level, df = if (how$ci == "normal") Inf else df), "ci")))
  }
  # At the borders R gives NaN; of a variance that is rounding, anything.
  if (point || se < 1e-12) return(c(NOT_COMPARED, NOT_COMPARED))
  ci <- by_equation(value, se, df, n, level)
  if (is.null(other_se)) check_beta(d, ci, df, n, level)
  ci
}
