# test_estimate_trend.R - the expected values of test_estimate_trend.c. Rscript tests/unit/test_estimate_trend.R
#
# Known sampling variances: lm's weights give the line and cov.unscaled its variances; summary.lm's own SEs
# are scaled by the residuals and are not used.
options(digits = 17)
show <- function(name, x) cat(sprintf("%-28s %.15g\n", name, x))

satterthwaite <- function(parts, df) sum(parts)^2 / sum(parts^2 / df)
trend <- function(label, t, y, se, df, logistic, to, target) {
  cat("##", label, "\n")
  eta <- if (logistic) qlogis(y) else y
  dy <- if (logistic) y * (1 - y) else rep(1, length(y))
  v <- se^2 / dy^2
  m <- lm(eta ~ t, weights = 1 / v)
  V <- summary(m)$cov.unscaled
  X <- cbind(1, t)
  # the hat: coefficients as functions of eta
  H <- V %*% t(X * (1 / v))
  show("slope", coef(m)[2]); show("slope se", sqrt(V[2, 2]))
  show("slope df", satterthwaite(H[2, ]^2 * v, df))
  n <- length(t)
  inv <- if (logistic) plogis else identity
  d <- if (logistic) dlogis else function(x) rep(1, length(x))
  f <- fitted(m)
  change <- (inv(f[n]) - inv(f[1])) / (t[n] - t[1])
  g <- (d(f[n]) * X[n, ] - d(f[1]) * X[1, ]) / (t[n] - t[1])
  g <- as.vector(g %*% H)
  show("change", change); show("change se", sqrt(sum(g^2 * v))); show("change df", satterthwaite(g^2 * v, df))
  gap <- change - (target - y[n]) / (to - t[n])
  h <- g; h[n] <- h[n] + dy[n] / (to - t[n])
  show("gap", gap); show("gap se", sqrt(sum(h^2 * v))); show("gap df", satterthwaite(h^2 * v, df))
  at <- sum(coef(m) * c(1, to)); va <- as.numeric(c(1, to) %*% V %*% c(1, to))
  k <- as.vector(c(1, to) %*% H); dfa <- satterthwaite(k^2 * v, df)
  q <- qt(0.975, dfa)
  show("at", inv(at)); show("at se", d(at) * sqrt(va)); show("at df", dfa)
  show("at low", inv(at - q * sqrt(va))); show("at high", inv(at + q * sqrt(va)))
  chi2 <- sum(residuals(m)^2 / v)
  show("chi2", chi2); show("p", if (n > 2) pchisq(chi2, n - 2, lower.tail = FALSE) else NA)
}
trend("shares", c(2015, 2016, 2018, 2021), c(.582, .611, .702, .81), c(.011, .009, .012, .008),
      c(98, 120, 77, 310), TRUE, 2030, .95)
trend("linear", c(2015, 2016, 2018, 2021), c(12.5, 14.25, 13.75, 21), c(1.5, .75, 2, 1.25),
      c(98, 120, 77, 310), FALSE, 2030, 40)
trend("two shares", c(2015, 2021), c(.582, .81), c(.011, .008), c(98, 310), TRUE, 2030, .95)
# glm's quasibinomial with these weights is another estimator (it weighs by the fitted p); not compared.
