# test_run_contrast.R - P values and Welch's df for test_run_contrast.c.
#   Rscript test_run_contrast.R
g <- function(v) formatC(v, digits = 17, format = "g")
for (a in list(c(0.5, 1), c(1.96, 5), c(2.5, 0.5), c(0.01, 30), c(8, 12), c(3, 108), c(1.2, 1e6), c(40, 3)))
  cat(sprintf("    {%s, %s, %s},\n", g(a[1]), g(a[2]), g(2 * pt(-a[1], a[2]))))
# Two rounds: estimates 57.1 and 59.2, SE 1.6 and 1.2, df 40 and 108
se <- c(1.6, 1.2); df <- c(40, 108)
s <- sqrt(sum(se^2)); v <- sum(se^2)^2 / sum(se^4 / df); d <- 59.2 - 57.1
cat(g(s), g(v), g(d - qt(.975, v) * s), g(2 * pt(-d / s, v)), "\n")
