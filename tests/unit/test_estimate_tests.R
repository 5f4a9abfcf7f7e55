# Makes test_estimate_tests.inc: tails of F and of chi-square (ddf = INFINITY), from R's pf and pchisq.
#     Rscript test_estimate_tests.R > test_estimate_tests.inc
# Made with R 4.2.2 (Debian 12).
g <- expand.grid(f = c(1e-8, 0.01, 0.5, 1, 3.84, 25, 1e3, 1e8), ndf = c(0.5, 1, 2.7, 11, 63), ddf = c(0.3, 1, 7.5, 120, 1e4, Inf))
g$p <- ifelse(is.infinite(g$ddf), pchisq(g$f * g$ndf, g$ndf, lower.tail = FALSE), pf(g$f, g$ndf, g$ddf, lower.tail = FALSE))
# pf has 4.83537603e-265 here; the beta distribution's series in 50 digits has this
g$p[g$f == 25 & g$ndf == 63 & g$ddf == 1e4] <- 4.8353764275797302e-265
cat(sprintf("{%.17g, %.17g, %s, %.17g},\n", g$f, g$ndf, ifelse(is.infinite(g$ddf), "INFINITY", sprintf("%.17g", g$ddf)), g$p), sep = "")
