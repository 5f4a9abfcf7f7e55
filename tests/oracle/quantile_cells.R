# quantile_cells.R - estimate() of cells.R for quantiles: svyquantile of the subset, and what it does not tell.
#
#   kind           list(p, rule, type): svyquantile(quantiles =, qrule =, interval.type =)
#   deff           of svymean of the share at or below the quantile, deff = "replace"
#
# Left out, as docs/math.md says ("Quantiles"): what R 4.1-1 reads off below the first value (it takes the
# second), intervals of a share of 1 but by "mean" (R: NaN), asin beyond 0 and pi/2, beta where rows have
# no weight (R counts them), the quantile under each replicate with df 0 (R's SE is read back from limits that
# are not there; ours needs no df).
own_qs <- survey:::qs
mended_qs <- function(x, w, p) {
  q <- own_qs(x, w, p)
  first <- min(x)
  if (q$wlow < 0) list(qlow = first, qup = first, ilow = 1, iup = 1, wlow = 1, wup = 1) else q
}
with_qs <- function(f, run) {
  utils::assignInNamespace("qs", f, "survey")
  on.exit(utils::assignInNamespace("qs", own_qs, "survey"))
  run()
}
INTERPOLATES <- c("hf4", "hf5", "hf6", "hf7", "hf8", "hf9")

# Equal values in the order of their weights, which rules that interpolate can tell.
by_weight <- function(rule) function(x, w, p) {
  at <- order(w)
  rule(x[at], w[at], p)
}

# Under replicates R 4.1-1 takes "mean" whatever the interval.type, but "quantile"; its own woodruffCI knows better.
quantile_of <- function(d, kind, df) {
  rule <- by_weight(get(paste0("qrule_", kind$rule), asNamespace("survey")))
  if (inherits(d, "svyrep.design") && kind$type %in% c("xlogit", "beta", "asin")) {
    x <- d$variables$y
    q <- rule(x, weights(d, "sampling"), kind$p)
    ci <- as.vector(survey:::woodruffCI(x, q, kind$p, d, rule, 0.05, df, kind$type))
    return(c(q, ci, diff(ci) / (2 * qt(0.975, df))))
  }
  q <- svyquantile(~y, d, kind$p, qrule = rule, interval.type = kind$type, df = df, ci = TRUE)
  as.vector(q[[1]])
}

estimate <- function(d, whole, kind, n, other_se) {
  w <- weights(d, "sampling")
  if (kind$rule %in% INTERPOLATES && sum(w > 0) < 2) return(NULL)
  df <- degf(d)
  if (kind$type == "quantile" && df <= 0) return(NULL)
  run <- function() suppressMessages(suppressWarnings(quantile_of(d, kind, df)))
  r <- with_qs(own_qs, run)
  if (!identical(r, with_qs(mended_qs, run))) return(NULL)
  d$variables$z <- as.numeric(d$variables$y <= r[1])
  m <- svymean(~z, d, deff = "replace")
  below <- as.vector(coef(m))
  all <- all(d$variables$z[w > 0] == 1)
  if (all && kind$type != "mean" && kind$type != "quantile") return(NULL)
  if (kind$type == "asin" && df > 0) {
    half <- qt(0.975, df) * as.vector(SE(m)) / (2 * sqrt(below * (1 - below)))
    if (is.na(half) || asin(sqrt(below)) < half || asin(sqrt(below)) > pi / 2 - half) return(NULL)
  }
  if (kind$type == "beta" && (any(w == 0) || df <= 0)) return(NULL)
  se <- as.vector(SE(m))
  # no variance: any rounding of the share decides where R reads its limits off
  if (kind$type != "quantile" && !all && !is.na(se) && se < 1e-8) return(NULL)
  if (all && is.nan(se)) return(NULL)  # `average`, every stratum of a single PSU
  if (all && kind$type == "mean" && df > 0) r[2:3] <- r[1]  # a share of 1 + 2e-16 has no limit in R
  list(value = r[1], se = if (all && kind$type != "quantile" && df > 0) 0 else r[4], ci = r[2:3],
       deff = if (all) NA else as.vector(deff(m)), df = df)
}
