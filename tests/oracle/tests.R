# tests.R - svychisq, svyttest and regTermTest of R survey, as rows of facts of `ictstat test`.
#
#   Rscript tests/oracle/tests.R ROOT examples SHARED > tests/facts/tests.csv
#   Rscript tests/oracle/tests.R ROOT random DIR > facts.csv     designs of random_designs.py
#   Rscript tests/oracle/tests.R ROOT stages DIR > facts.csv     designs of stage_designs.py
#   Rscript tests/oracle/tests.R ROOT jkn DIR > facts.csv        random designs, by as.svrepdesign
#   Rscript tests/oracle/tests.R ROOT calibration DIR > facts.csv    designs of calibration_designs.py
#
# A table is tested among the rows that have an answer and a class. svychisq counts the PSUs of rows of weight 0
# too, but for replicates; the denominator's df here are degf()'s, and where both are the same so is P (checked).
# What R cannot tell (an error, NaN, the rounding of a singular matrix) is no fact. df of replicates are the rank of the
# multipliers, and rows of strata taken whole stay in the replicates (made.R; docs/math.md, "Where we differ").
args <- commandArgs(trailingOnly = TRUE)
root <- args[1]
for (f in c("cells.R", "made.R", "calibrated.R", "demo.R")) source(file.path(root, "tests/oracle", f))
TESTS <- c("F", "Chisq", "Wald", "adjWald")

fact <- function(dataset, options, within, value, ndf, ddf, p) {
  all <- c(value, ndf, p)
  if (any(!is.finite(all)) || ddf <= 0 || abs(value) > 1e9) return(NULL)
  data.frame(dataset, options, within, value = text_of(value), ndf = text_of(ndf),
             ddf = if (is.infinite(ddf)) "" else text_of(ddf), p_value = text_of(p), origin = "survey 4.1-1")
}

attempt <- function(expr) tryCatch(suppressWarnings(expr), error = function(e) NULL)

df_of_rows <- function(d) {
  if (inherits(d, "svyrep.design")) degf_of_multipliers(d) else degf(d)
}

# Rao and Scott's statistics as svychisq has them: list(F, ndf, chisq). Its contrasts C all meet in every cell, so that
# with a class of a share of 1e-8 C'D^-1C has the condition 1e8, and F has eight digits less. Where that takes more than
# 1e-11, the same is computed from svymean's p and V with contrasts against the largest row and column, which meet in
# large cells only; R's must be the same within its condition. NULL: that leaves R nothing.
LEAST_LOSS <- 1e-11
MOST_LOSS <- 1e-4
against <- function(n, base) {
  m <- diag(n)[, -base, drop = FALSE]
  m[base, ] <- -1
  m
}
rao_scott <- function(d) {
  f <- attempt(svychisq(~r + k, d))
  if (is.null(f)) return(NULL)
  of_r <- list(F = as.vector(f$statistic), ndf = as.vector(f$parameter[1]), mended = FALSE)
  d$variables$r <- factor(d$variables$r)
  d$variables$k <- factor(d$variables$k)
  d$variables$cell <- interaction(d$variables$r, d$variables$k)
  m <- attempt(svymean(~cell, d))
  shape <- c(nlevels(d$variables$r), nlevels(d$variables$k))
  p <- as.vector(coef(m))
  V <- matrix(as.vector(vcov(m)), length(p))
  if (length(p) != prod(shape) || any(!is.finite(V))) return(of_r)
  inverse <- ifelse(p == 0, 0, 1 / p)
  cells <- expand.grid(r = factor(seq_len(shape[1])), k = factor(seq_len(shape[2])))
  C <- qr.resid(qr(model.matrix(~r + k, cells)), model.matrix(~r * k, cells)[, -seq_len(sum(shape) - 1), drop = FALSE])
  loss <- .Machine$double.eps * kappa(crossprod(C, inverse * C), exact = TRUE)
  if (!is.finite(loss) || loss > MOST_LOSS) return(NULL)
  if (loss < LEAST_LOSS) return(of_r)
  table <- matrix(p, shape[1])
  C <- kronecker(against(shape[2], which.max(colSums(table))), against(shape[1], which.max(rowSums(table))))
  simple <- crossprod(C, inverse * C)
  scale <- 1 / sqrt(diag(simple))
  delta <- crossprod(inverse * C, V %*% (inverse * C))
  delta <- scale * solve(simple * outer(scale, scale), scale * delta)
  trace <- sum(diag(delta))
  expected <- outer(rowSums(table), colSums(table))
  ours <- list(F = sum((table - expected)^2 / expected) / trace, ndf = trace^2 / sum(delta * t(delta)), mended = TRUE)
  stopifnot(isTRUE(all.equal(unlist(ours[1:2]), unlist(of_r[1:2]), tolerance = loss)))
  ours
}

# d: the rows of the table; rows and cols are in it as r and k.
table_facts <- function(dataset, options, d, within = "") {
  nu <- attempt(df_of_rows(d))
  if (is.null(nu) || length(unique(d$variables$r)) < 2 || length(unique(d$variables$k)) < 2) return(NULL)
  w <- weights(d, "sampling")
  if (length(w) != nrow(d$variables)) return(NULL)
  margins <- c(tapply(w, d$variables$r, sum), tapply(w, d$variables$k, sum))
  if (any(margins == 0)) return(NULL)  # a class of weight 0 only: R keeps it and has NaN
  own_nu <- if (inherits(d, "svyrep.design")) degf(d) else length(unique(d$cluster[, 1])) - length(unique(d$strata[, 1]))
  second <- rao_scott(d)
  do.call(rbind, lapply(TESTS, function(s) {
    t <- attempt(svychisq(~r + k, d, statistic = s))
    if (is.null(t) || (is.null(second) && s %in% c("F", "Chisq"))) return(NULL)
    value <- as.vector(t$statistic)
    p <- as.vector(t$p.value)
    ddf <- Inf
    if (s == "Chisq") {
      ndf <- as.vector(t$parameter)
      value <- ndf * second$F  # the corrected one, which R does not print
      p <- pchisq(value, ndf, lower.tail = FALSE)
    } else {
      ndf <- if (s == "F") second$ndf else as.vector(t$parameter[1])
      if (s == "F") value <- second$F
      ddf <- switch(s, F = ndf * nu, Wald = nu, adjWald = nu - ndf + 1)
      if (s == "adjWald") value <- value / (own_nu - ndf + 1) * own_nu * ddf / nu
      ours <- pf(value, ndf, ddf, lower.tail = FALSE)
      if (own_nu == nu && !second$mended) stopifnot(isTRUE(all.equal(ours, p, tolerance = 1e-9)))
      p <- ours
    }
    fact(dataset, paste(options, "--statistic", c(F = "F", Chisq = "chisq", Wald = "wald", adjWald = "adjwald")[[s]]),
         within, value, ndf, ddf, p)
  }))
}

# The numbers y of d in the classes k.
mean_facts <- function(dataset, options, d, within = "") {
  classes <- sort(unique(d$variables$k[weights(d, "sampling") > 0]))
  n <- length(classes)
  nu <- attempt(df_of_rows(d))
  if (n < 2 || is.null(nu) || nu < n) return(NULL)
  # A row of weight 0 may be all that keeps a stratum present: it stays, in any class.
  d$variables$f <- factor(ifelse(d$variables$k %in% classes, d$variables$k, classes[1]))
  ddf <- nu - n + 1
  if (n == 2) {
    d$variables$second <- as.numeric(d$variables$f == classes[2])
    t <- attempt(svyttest(y ~ second, d))
    if (is.null(t)) return(NULL)
    value <- as.vector(t$statistic)
    return(fact(dataset, options, within, value, 1, ddf, 2 * pt(-abs(value), ddf)))
  }
  m <- attempt(svyglm(y ~ f, d))
  t <- if (!is.null(m)) attempt(regTermTest(m, ~f, method = "Wald", df = ddf))
  if (is.null(t)) NULL else fact(dataset, options, within, as.vector(t$Ftest), t$df, ddf, as.vector(t$p))
}

# Random designs have the same variables, whichever program drew them.
of_random <- function(name, a, d, more = "") {
  opt <- function(...) trimws(paste(paste0(...), more))
  # The subset of a calibrated design keeps all rows, with weight 0: they are given values that change nothing.
  filled <- function(v) ifelse(is.na(v) | v == "", v[!is.na(v) & v != "" & a$weight > 0][1], v)
  d$variables$r <- filled(a$yes)
  d$variables$k <- filled(a$group)
  d$variables$y <- filled(a$value)
  known <- !is.na(a$yes) & !is.na(a$group) & a$group != ""
  valued <- !is.na(a$value) & !is.na(a$group) & a$group != ""
  answered <- !is.na(a$value) & !is.na(a$yes)
  both <- answered & valued
  rows <- list(table_facts(name, opt("-i random.proportion --by r_group"), d[known, ]),
               table_facts(name, opt("--table r_group,r_yes"), d[known, ]),
               mean_facts(name, opt("-i random.mean --by r_group"), d[valued, ]))
  d$variables$k <- -filled(a$yes)  # the code list has Y before N
  rows <- c(rows, list(mean_facts(name, opt("-i random.mean --by r_yes"), d[answered, ])),
            lapply(sort(unique(a$group[both])), function(g)
              mean_facts(name, opt("-i random.mean --by r_yes --within r_group"), d[both & a$group == g, ], g)))
  do.call(rbind, rows)
}

examples <- function(shared) {
  at <- function(file) read.csv(file.path(shared, "data/design", file))
  api <- function(name, file, make) {
    a <- at(file)
    d <- make(a)
    d$variables$r <- a$sch.wide == "Yes"
    d$variables$k <- a$stype
    d$variables$y <- a$api00
    school <- d
    school$variables$k <- -(a$sch.wide == "Yes")
    rbind(table_facts(name, "-i api.target --by stype", d), table_facts(name, "--table stype,sch_wide", d),
          mean_facts(name, "-i api.mean_api00 --by stype", d), mean_facts(name, "-i api.mean_api00 --by sch_wide", school),
          table_facts(name, "-i api.target --by stype --replicates jkn", jackknife(d, FALSE)))
  }
  n <- at("rsurvey_nhanes.csv")
  nd <- svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, data = n, nest = TRUE)
  nd$variables$r <- n$HI_CHOL
  nhanes <- function(by, k, keep = TRUE, within = "", options = "") {
    nd$variables$k <- k
    table_facts("r-survey-nhanes", trimws(paste("-i nhanes.high_chol --by", by, options)),
                nd[!is.na(n$HI_CHOL) & keep, ], within)
  }
  s <- at("rsurvey_scd.csv")
  out <- rbind(
    api("r-survey-apistrat", "rsurvey_apistrat.csv", function(a) svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = a)),
    api("r-survey-apiclus1", "rsurvey_apiclus1.csv", function(a) svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = a)),
    api("r-survey-apisrs", "rsurvey_apisrs.csv", function(a) svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = a)),
    nhanes("sex", n$RIAGENDR), nhanes("race", n$race), nhanes("age_group", n$agecat),
    do.call(rbind, lapply(1:2, function(g)
      nhanes("race", n$race, n$RIAGENDR == g, c("M", "F")[g], "--within sex"))))
  out[!grepl("jkn", out$options) | out$dataset != "r-survey-apisrs", ]
}

demo <- function(root) {
  data <- demo_data(root)
  h <- data$h
  p <- data$p
  d <- data$pd
  hd <- data$hd
  use <- demo_use(p)
  scope <- data$scope
  one <- function(options, r, k, keep, within = "", of = d) {
    of$variables$r <- r
    of$variables$k <- k
    table_facts("demo", options, of[keep & !is.na(r) & !is.na(k), ], within)
  }
  age <- data$p_axes[["age:itu"]]
  jkn <- jackknife(d, FALSE)
  hd$variables$y <- h$hh_size
  hd$variables$k <- h$area
  by_region <- function(region) {
    hd$variables$k <- h$area
    mean_facts("demo", "-i oracle.household_size --by urbanisation --within region", hd[h$region == region, ], region)
  }
  rbind(one("-i 17.8.1 --by sex", use, p$sex, scope), one("-i 17.8.1 --by urbanisation", use, p$area, scope),
        one("-i 17.8.1 --by age", use, age, scope), one("-i 17.8.1 --by region", use, p$region, scope),
        one("-i 17.8.1 --by age --replicates jkn", use, age, scope, of = jkn),
        one("--table sex,urbanisation --unit individual", p$sex, p$area, scope),
        one("--table region,age", p$region, age, scope & !is.na(age)),
        do.call(rbind, lapply(1:2, function(a)
          one("-i 17.8.1 --by age --within urbanisation", use, age, scope & p$area == a, c("U", "R")[a]))),
        mean_facts("demo", "-i oracle.household_size --by urbanisation", hd),
        mean_facts("demo", "-i oracle.household_size --by urbanisation --replicates jkn", jackknife(hd, FALSE)),
        { hd$variables$k <- h$region; mean_facts("demo", "-i oracle.household_size --by region", hd) },
        do.call(rbind, lapply(1:3, by_region)))
}

one_design <- function(i) {
  how <<- asked(i)
  a <- read.csv(file.path(args[3], paste0(i$name, ".csv")))
  if (args[2] == "stages") {
    if (i$pps %in% c("overton", "hartley-rao")) return(NULL)  # can be subset, but not its weights read (stages.R)
    return(of_random(i$name, a, stage_design(i, a)))
  }
  if (args[2] == "calibration") {
    d <- if (i$family == "random") random_design(i, a) else stage_design(i, a)
    return(of_random(i$name, a, calibrated(i, d, args[3])))
  }
  d <- random_design(i, a)
  if (args[2] == "random") return(of_random(i$name, a, d))
  if (i$policy == "average") return(NULL)  # as.svrepdesign's own way with lonely PSUs: replicates.R
  r <- attempt(jackknife(d, FALSE))
  if (is.null(r)) NULL else of_random(i$name, a, r, paste("--replicates", if (i$strata == 1) "jkn" else "jk1"))
}

write_tests <- function(rows) write.table(rows, sep = ",", qmethod = "double", row.names = FALSE, eol = "\n",
                                          quote = which(names(rows) %in% c("options", "origin")))
if (args[2] == "examples") {
  write_tests(rbind(demo(root), if (length(args) > 2 && args[3] != "-") examples(args[3])))
} else {
  write_tests(of_designs(read.csv(file.path(args[3], "designs.csv")), one_design))
}
