# replicates_random.R - surveys with replicate weights of every kind in their files, and their facts.
#
#   Rscript tests/oracle/replicates_random.R ROOT DIR DESIGNS SEED [PSUS REPLICATES [DECIMALS]] > facts.csv
#
# At most PSUS and REPLICATES: 40 each. DECIMALS: of replicate weights, so that those of a PSU are proportional
# but for them, as published files have it; without it they have eight digits. tests/facts/replicates/ is this
# with 9 1 8 8, tests/facts/replicates-rounded/ with 6 2 8 12 2.
#
# Writes NAME.csv and NAME.yaml into DIR. PSUs of unequal size, weights over four orders of magnitude (more,
# and R's tolerance drops the light PSUs from the rank: docs/math.md),
# missing values, small groups that whole replicates leave out.
args <- commandArgs(trailingOnly = TRUE)
root <- args[1]
source(file.path(root, "tests/oracle/cells.R"))
most <- if (length(args) > 4) as.integer(args[5:6]) else c(40L, 40L)
set.seed(as.integer(args[4]))

MAPPING <- 'ictstat: mapping/1

survey: {id: %s, title: Random replicates, area: XAA, period: 2000}

concepts:
  r_yes: {title: A yes or no, type: code, codes: CL_YES_NO}
  r_value: {title: A measured value, type: real}
  r_size: {title: A size above zero, type: real}
  r_group: {title: A group, type: code, codes: {A: Group A, B: Group B, C: Group C, D: Group D}}

files:
  rows: {path: %s.csv, delimiter: ","}

units:
  element:
    file: rows
    design:
      strata: none
      psu: psu
      weight: weight
      replicates: {%s}
    variables:
      r_yes: {from: yes, map: {1: Y, 0: N, blank: missing}}
      r_value: {from: value, missing: {blank: missing}}
      r_size: {from: size}
      r_group: {from: group}
'
TYPES <- c(brr = "BRR", fay = "Fay", jk1 = "JK1", jk2 = "JK2", jkn = "JKn", bootstrap = "bootstrap",
           sdr = "successive-difference", acs = "ACS", other = "other")
decimals <- if (length(args) > 6) as.integer(args[7])
text <- function(v) formatC(v, digits = 8, format = "g", width = 1)

# Drawn one after the other, as the random numbers are; estimated side by side.
draw <- function(k) {
  name <- sprintf("random-replicates-%d", k)
  type <- names(TYPES)[(k - 1) %% length(TYPES) + 1]
  n_psu <- sample(2:most[1], 1)
  psu <- rep(seq_len(n_psu), sample(1:12, n_psu, replace = TRUE))
  n <- length(psu)
  a <- data.frame(psu, weight = as.numeric(text(exp(rnorm(n, 5, runif(1, 0, 1.5))))),
                  group = sample(LETTERS[1:4], n, replace = TRUE, prob = c(0.5, 0.3, 0.17, 0.03)),
                  yes = ifelse(runif(n) < 0.1, NA, as.integer(runif(n) < runif(1))),
                  value = ifelse(runif(n) < 0.1, NA, as.numeric(text(rnorm(n, 10, 5)))),
                  size = as.numeric(text(runif(n, 1, 9))))
  reps <- sample(4:most[2], 1)
  combined <- runif(1) < 0.6
  factor <- matrix(runif(n_psu * reps, 0, 2) * (runif(n_psu * reps) > 0.15), n_psu)[psu, , drop = FALSE]
  w <- factor * (if (combined) a$weight else 1)
  w <- matrix(if (is.null(decimals)) as.numeric(text(w)) else round(w, decimals), n)
  colnames(w) <- sprintf("rw%02d", seq_len(reps))
  write.csv(cbind(a, w), file.path(args[2], paste0(name, ".csv")), row.names = FALSE, na = "", quote = FALSE)
  mse <- type == "acs" || runif(1) < 0.5
  rho <- if (type == "fay") as.numeric(text(runif(1, 0, 0.9)))
  scale <- if (type %in% c("jk1", "other")) as.numeric(text(runif(1, 0.1, 1)))
  rscales <- if (type %in% c("jkn", "other", "bootstrap")) as.numeric(text(runif(reps) * (runif(reps) > 0.1)))
  words <- c(paste("type:", type), sprintf('from: "rw{01..%02d}"', reps), if (!combined) "combined: false",
             if (type != "acs") paste("mse:", tolower(mse)), if (!is.null(rho)) paste("rho:", text(rho)),
             if (!is.null(scale)) paste("scale:", text(scale)),
             if (!is.null(rscales)) sprintf("rscales: [%s]", paste(text(rscales), collapse = ", ")))
  writeLines(sprintf(MAPPING, toupper(name), name, paste(words, collapse = ", ")),
             file.path(args[2], paste0(name, ".yaml")), sep = "")
  way <- function(d)
    svrepdesign(data = d$variables, weights = a$weight, repweights = w, type = TYPES[[type]], combined.weights = combined,
                rho = rho, scale = if (is.null(scale) && type == "jkn") 1 else scale, rscales = rscales, mse = mse)
  list(name = name, a = a, way = way)
}

drawn <- lapply(seq_len(as.integer(args[3])), draw)
one_design <- function(i) {
  d <- drawn[[i$k]]
  way <<- d$way
  how <<- asked(i)
  cbind(all_of(d$name, d$a, svydesign(id = ~psu, weights = ~weight, data = d$a)), options = options_of(how, NULL))
}
# Few designs are recorded facts, with every default; of more, each is asked for in a way of its own.
one_of <- function(of) sample(of, length(drawn), replace = TRUE)
designs <- data.frame(k = seq_along(drawn), name = vapply(drawn, `[[`, "", "name"))
if (length(args) <= 4 || !is.null(decimals) && most[1] == 40)
  designs <- cbind(designs, ci = one_of(c("logit", "beta", "wilson", "asin", "likelihood", "t", "normal")),
                   df = one_of(c("degf", "degf", "design", "fixed:9", "inf")), deff = one_of(c("wr", "wor")),
                   level = one_of(c(90, 95, 99)))
write_facts(of_designs(designs, one_design))
