# trends.R - random series of rounds: R's weighted least squares against `ictstat trend`.
#
#   Rscript trends.R ICTSTAT WORK N SEED TALLY
#
# Known sampling variances: lm(eta ~ t, weights = 1/v) gives the line, summary()$cov.unscaled its covariance. Prints
# how many agree and adds the largest relative differences to TALLY (worst.py); status 1 above 1e-10. (lm solves about the middle year, as year 0
# would cost it six digits.)
args <- commandArgs(TRUE)
ictstat <- args[1]; work <- args[2]; tally <- args[5]; n <- as.integer(args[3]); set.seed(as.integer(args[4]))
limit <- 1e-10
header <- c("indicator", "series", "ref_area", "time_period", "sex", "age", "urbanisation", "education_lev", "composite_breakdown",
            "estimate", "unit_measure", "unit_mult", "se", "cv", "ci_low", "ci_high", "deff", "df", "n_unweighted", "n_psu",
            "n_strata", "pop_weighted", "obs_status", "conf_status", "nature", "flags", "source")
full <- function(x) format(x, digits = 17, trim = TRUE, scientific = FALSE)
rounds <- list()
for (i in seq_len(n)) {
  m <- sample(2:8, 1); share <- i %% 2 == 0
  year <- sort(sample(2000:2024, m))
  y <- if (share) 100 * plogis(rnorm(1) + cumsum(runif(m, -.1, .6))) else rnorm(1, 50, 40) + cumsum(rnorm(m, 2, 3))
  se <- exp(runif(m, -2, 1)) * if (share) y * (100 - y) / 2500 else 1
  rounds[[i]] <- data.frame(id = sprintf("t.%03d", i), unit = if (share) "PT" else "IX", year, y, se,
                            df = sample(3:300, m, TRUE), target = if (share) 95 else 200, share)
}
all <- do.call(rbind, rounds)
files <- character()
for (year in sort(unique(all$year))) {
  a <- all[all$year == year, ]
  out <- data.frame(a$id, "", "XEX", a$year, "_T", "_T", "_T", "_T", "_T", full(a$y), a$unit, 0, full(a$se), "", "", "", 1, a$df, 100, 50, 2,
                    1000, "A", "", "C", "", paste0("s", a$year))
  names(out) <- header
  files <- c(files, file.path(work, paste0(year, ".csv")))
  write.csv(out, tail(files, 1), quote = FALSE, row.names = FALSE)
}
write.csv(unique(data.frame(indicator = all$id, target = all$target)), file.path(work, "targets.csv"), quote = FALSE, row.names = FALSE)
result <- file.path(work, "trend.csv")
if (system2(ictstat, c("trend", "-q", sample(files), "--target", file.path(work, "targets.csv"), "-o", result)) != 0) quit(status = 1)
got <- read.csv(result, colClasses = c(time_period = "character"))

satterthwaite <- function(parts, df) sum(parts)^2 / sum(parts^2 / df)
worst <- list()
note <- function(name, id, want, have) {
  d <- abs(want - have) / max(abs(want), 1e-300)
  if (is.na(d)) d <- Inf
  w <- worst[[name]]
  if (is.null(w)) w <- list(d = -1, n = 0, failed = 0)
  worst[[name]] <<- list(d = max(d, w$d), id = if (d > w$d) id else w$id, n = w$n + 1, failed = w$failed + (d > limit))
}
for (r in rounds) {
  k <- if (r$share[1]) 100 else 1
  y <- r$y / k; se <- r$se / k; n <- nrow(r); t <- r$year - 2012; to <- 2030 - 2012
  inv <- if (r$share[1]) plogis else identity
  d <- if (r$share[1]) dlogis else function(x) 1
  eta <- if (r$share[1]) qlogis(y) else y
  dy <- if (r$share[1]) y * (1 - y) else rep(1, n)
  v <- (se / dy)^2
  fit <- lm(eta ~ t, weights = 1 / v)
  X <- cbind(1, t); H <- summary(fit)$cov.unscaled %*% t(X / v)
  f <- fitted(fit); years <- t[n] - t[1]
  g <- as.vector((d(f[n]) * X[n, ] - d(f[1]) * X[1, ]) %*% H) / years
  change <- unname(inv(f[n]) - inv(f[1])) / years
  h <- g; h[n] <- h[n] + dy[n] / (to - t[n])
  p <- as.vector(c(1, to) %*% H)
  at <- sum(coef(fit) * c(1, to)); v.at <- sum(p^2 * v); df.at <- satterthwaite(p^2 * v, r$df)
  required <- (r$target[1] / k - y[n]) / (to - t[n])
  row <- function(code) got[got$indicator == r$id[1] & got$trend == code, ]
  id <- r$id[1]
  note("change", id, k * change, row("CHANGE")$estimate)
  note("change se", id, k * sqrt(sum(g^2 * v)), row("CHANGE")$se)
  note("change df", id, satterthwaite(g^2 * v, r$df), row("CHANGE")$df)
  note("required", id, k * required, row("REQUIRED")$estimate)
  note("gap se", id, k * sqrt(sum(h^2 * v)), row("GAP")$se)
  note("gap df", id, satterthwaite(h^2 * v, r$df), row("GAP")$df)
  note("projection", id, k * inv(at), row("PROJECTION")$estimate)
  note("projection se", id, k * d(at) * sqrt(v.at), row("PROJECTION")$se)
  q <- qt(.975, df.at)
  note("projection low", id, k * inv(at - q * sqrt(v.at)), row("PROJECTION")$ci_low)
  note("projection high", id, k * inv(at + q * sqrt(v.at)), row("PROJECTION")$ci_high)
  if (n > 2) note("chi-square", id, sum(residuals(fit)^2 / v), row("FIT")$estimate)
}
for (name in names(worst)) {
  w <- worst[[name]]
  cat("trends", paste("trend", name), w$n, w$failed, w$d, w$id, sep = "\t", file = tally, append = TRUE)
  cat("\n", file = tally, append = TRUE)
}
bad <- any(vapply(worst, function(w) w$d > limit, NA))
cat(sprintf("%d series: %s\n", length(rounds), if (bad) "a difference" else "all agree"))
quit(status = bad)
