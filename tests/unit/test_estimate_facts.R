# Makes test_estimate_facts.inc: a small sample and what R's survey package says of it.
#     Rscript test_estimate_facts.R > test_estimate_facts.inc
# Made with R 4.2.2, survey 4.1-1 (Debian 12).
suppressMessages(library(survey))
set.seed(178)
h <- rep(1:5, times = c(9, 10, 4, 8, 6))
p <- c(1,1,1,2,2,2,3,3,3, 4,4,4,5,5,5,5,6,6,6, 7,7,7,7, 8,8,9,9,9,9,9,9, 10,10,10,11,11,11)
n <- length(h)
w <- round(exp(runif(n, 0, 4)), 3) * 10
w[c(5, 20)] <- 0
g <- sample(0:1, n, TRUE); g[p == 2] <- 0; g[p %in% c(8, 11)] <- 1
yes <- sample(c(0, 1, 1, NA), n, TRUE)
y <- round(rnorm(n, 30, 12), 2); y[c(3, 17)] <- NA
x <- round(runif(n, 1, 9), 1); x[9] <- NA
N <- c(12, 9, 4, 2, 40)[h]   # PSUs in the population: stratum 4 is a census of its PSUs
d <- data.frame(h, p, w, g, yes, y, x, N)

num <- function(v) ifelse(is.na(v), "NAN", sprintf("%.17g", v))
column <- function(type, name, v)
  cat("static const ", type, " ", name, "[] = {", paste(v, collapse = ", "), "};\n", sep = "")
cat("/* Made by test_estimate_facts.R; do not edit. */\n/* clang-format off */\n")
column("int", "row_stratum", h); column("int", "row_psu", p); column("double", "row_weight", num(w))
column("int", "row_g", g); column("uint8_t", "row_yes", ifelse(is.na(yes), 2, yes))
column("double", "row_y", num(y)); column("double", "row_x", num(x))
column("double", "row_psus_in_population", N)

limits <- function(m, se, df) if (df > 0) m + c(-1, 1) * qt(0.975, df) * se else c(NA, NA)
one <- function(kind, s) switch(kind,
  proportion = { s <- subset(s, !is.na(yes)); m <- svymean(~yes, s, deff = TRUE)
    r <- svymean(~yes, s, deff = "replace")
    ci <- if (degf(s) > 0) as.vector(attr(svyciprop(~yes, s, method = "xlogit"), "ci")) else c(NA, NA)
    c(coef(m), SE(m), deff(m), deff(r), degf(s), ci) },
  mean = { s <- subset(s, !is.na(y)); m <- svymean(~y, s, deff = TRUE)
    r <- svymean(~y, s, deff = "replace")
    c(coef(m), SE(m), deff(m), deff(r), degf(s), limits(coef(m), SE(m), degf(s))) },
  ratio = { s <- subset(s, !is.na(y) & !is.na(x)); m <- svyratio(~y, ~x, s, deff = TRUE)
    r <- svyratio(~y, ~x, s, deff = "replace")
    c(coef(m), SE(m), deff(m), deff(r), degf(s), limits(coef(m), SE(m), degf(s))) },
  total = { s <- subset(s, !is.na(y)); m <- svytotal(~y, s, deff = TRUE)
    r <- svytotal(~y, s, deff = "replace")
    c(coef(m), SE(m), deff(m), deff(r), degf(s), limits(coef(m), SE(m), degf(s))) },
  count = { s <- subset(s, !is.na(yes)); m <- svytotal(~yes, s, deff = TRUE)
    r <- svytotal(~yes, s, deff = "replace")
    c(coef(m), SE(m), deff(m), deff(r), degf(s), limits(coef(m), SE(m), degf(s))) })

cat("static const fact facts[] = {\n")
for (fpc in c(FALSE, TRUE)) for (policy in c("certainty", "adjust", "average", "remove"))
  for (in_domain in c(FALSE, TRUE)) for (cell in c(-1, 0, 1))
    for (kind in c("proportion", "mean", "ratio", "total", "count")) {
      options(survey.lonely.psu = policy, survey.adjust.domain.lonely = in_domain)
      s <- if (fpc) svydesign(ids = ~p, strata = ~h, weights = ~w, data = d, fpc = ~N)
           else svydesign(ids = ~p, strata = ~h, weights = ~w, data = d)
      if (cell >= 0) s <- subset(s, g == cell)
      v <- suppressWarnings(one(kind, s))
      cat("{", tolower(as.character(fpc)), ", ICT_LONELY_", toupper(policy), ", ",
          tolower(as.character(in_domain)), ", ", cell, ", ICT_EST_", toupper(kind), ", {",
          paste(num(v), collapse = ", "), "}},\n", sep = "")
    }
cat("};\n")
