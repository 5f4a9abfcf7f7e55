# Makes test_estimate_interval.inc: limits of R's svyciprop, and quantiles of the beta distribution.
#     Rscript test_estimate_interval.R > test_estimate_interval.inc
# Made with R 4.2.2, survey 4.1-1 (Debian 12).
#
# wilson, new in survey 4.5, is its formula. likelihood: svyciprop profiles the deviance in a few steps
# and interpolates them, which leaves some three digits; so its equation is solved here, from the same
# deviance, dispersion and scale that it has, and checked against svyciprop itself to 2e-3.
suppressMessages(library(survey))
num <- function(x) ifelse(is.na(x), "NAN", ifelse(is.infinite(x), "INFINITY", sprintf("%.17g", x)))

wilson <- function(p, se, df, level) {
  n <- p * (1 - p) / se^2
  z <- qt((1 + level) / 2, df)
  (p + z^2 / (2 * n) + c(-1, 1) * z * sqrt(p * (1 - p) / n + z^2 / (4 * n^2))) / (1 + z^2 / n)
}

likelihood <- function(d, df, level) {
  # converged further than svyciprop's own fit, whose naive.cov is that of the last step but one
  m <- svyglm(y ~ 1, d, family = quasibinomial, control = list(epsilon = 1e-15, maxit = 100))
  y <- d$variables$y
  w <- weights(d) / mean(weights(d))
  deviance_at <- function(b) -2 * sum(w * ifelse(y == 1, plogis(b, log.p = TRUE), plogis(-b, log.p = TRUE)))
  lambda <- m$cov.unscaled[1] / m$naive.cov[1]
  most <- qt((1 + level) / 2, df)^2 * lambda * summary(m)$dispersion
  b0 <- qlogis(weighted.mean(y, weights(d)))
  f <- function(b) deviance_at(b) - deviance_at(b0) - most
  exact <- plogis(c(uniroot(f, b0 - c(40, 0), tol = 1e-14)$root, uniroot(f, b0 + c(0, 40), tol = 1e-14)$root))
  r <- as.vector(attr(svyciprop(~y, d, "likelihood", level = level, df = df), "ci"))
  stopifnot(all(abs(exact - r) < 2e-3))
  exact
}

data(api); data(nhanes)
api <- function(d, y) update(d, y = as.numeric(y))
clus1 <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)
clus2 <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2)
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat, fpc = ~fpc)
nh <- svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE, data = nhanes)
chol <- subset(update(nh, y = HI_CHOL), !is.na(HI_CHOL))
cases <- list(
  update(clus1, y = as.numeric(sch.wide == "Yes")), update(clus1, y = as.numeric(stype == "H")),
  update(clus2, y = as.numeric(sch.wide == "Yes")), update(clus2, y = as.numeric(comp.imp == "No")),
  update(strat, y = as.numeric(awards == "Yes")), update(strat, y = as.numeric(api00 > 850)),
  subset(update(strat, y = as.numeric(sch.wide == "Yes")), stype == "H"), subset(update(clus1, y = as.numeric(comp.imp == "Yes")), stype == "M"),
  chol, subset(chol, race == 1 & RIAGENDR == 1), subset(chol, race == 4), subset(chol, race == 2 & agecat == "(0,19]"))

cat("/* Made by test_estimate_interval.R; do not edit. */\n/* clang-format off */\n")
cat("static const fact facts[] = {\n")
for (d in cases) for (level in c(0.95, 0.8)) {
  m <- svymean(~y, d)
  stopifnot(coef(m) > 0, coef(m) < 1)
  p <- as.vector(coef(m)); se <- as.vector(SE(m)); n <- nrow(d)
  row <- function(method, df, ci)
    cat("{ICT_CI_", method, ", ", paste(num(c(level, p, se, df)), collapse = ", "), ", ", n, ", ",
        paste(num(ci), collapse = ", "), "},\n", sep = "")
  for (df in unique(c(degf(d), 7, Inf))) {
    ci <- function(method) as.vector(attr(svyciprop(~y, d, method, level = level, df = df), "ci"))
    row("LOGIT", df, ci("xlogit"))
    row("T", df, ci("mean"))
    row("ASIN", df, ci("asin"))
    row("WILSON", df, wilson(p, se, df, level))
    row("LIKELIHOOD", df, likelihood(d, df, level))
  }
  row("BETA", degf(d), as.vector(attr(svyciprop(~y, d, "beta", level = level), "ci")))
  row("NORMAL", degf(d), p + c(-1, 1) * qnorm((1 + level) / 2) * se)
}
cat("};\n")

shapes <- c(1e-3, 0.03, 0.5, 1, 2.5, 14.9, 15.1, 123.4, 1e4, 3e5, 1e7)
ps <- c(1e-9, 1e-4, 0.025, 0.3, 0.5, 0.7, 0.975, 0.9999, 1 - 1e-9)
cat("static const double shapes[] = {", paste(num(shapes), collapse = ", "), "};\n", sep = "")
cat("static const double ps[] = {", paste(num(ps), collapse = ", "), "};\n", sep = "")
cat("static const double beta_quantiles[] = {\n")
for (a in shapes) for (b in shapes) {
  q <- suppressWarnings(qbeta(ps, a, b))
  off <- pmax(1e-10 * q, 1e-300)  # qbeta may fail; here it does not
  stopifnot(pbeta(pmax(q - off, 0), a, b) <= ps, pbeta(pmin(q + off, 1), a, b) >= ps)
  cat(paste(num(q), collapse = ", "), ",\n", sep = "")
}
cat("};\n")
