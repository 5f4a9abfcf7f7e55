# rounds.R - rounds that share PSUs: their differences and ratios by R survey, as rows of facts.
#
#   Rscript tests/oracle/rounds.R ROOT DIR N SEED > facts.csv
#
# Writes N random panels of PSUs (fixed, rotating, with strata, with fpc, with weights of 0 to a thousand) to DIR, a
# list of two files each, with their mappings; period is a domain of the stacked design.
args <- commandArgs(trailingOnly = TRUE)
root <- args[1]
dir <- args[2]
source(file.path(root, "tests/oracle/cells.R"))
set.seed(as.integer(args[4]))

MAPPING <- 'ictstat: mapping/1
survey: {id: %1$s, title: A panel, area: XAA, period: {from: year}}
concepts:
  r_yes: {title: A yes or no, type: code, codes: CL_YES_NO}
  r_value: {title: A measured value, type: real}
  r_size: {title: A size above zero, type: real}
  r_group: {title: A group, type: code, codes: {A: Group A, B: Group B}}
files:
  rows: {path: [%1$s-1.csv, %1$s-2.csv], delimiter: ",", key: [year, id]}
units:
  element:
    file: rows
    design: {strata: stratum, psu: psu, weight: weight, fpc: %2$s, lonely_psu: adjust, rounds: shared}
    variables:
      r_yes: {from: yes, map: {1: Y, 0: N, blank: missing}}
      r_value: {from: value}
      r_size: {from: size}
      r_group: {from: group}
'

draw <- function(name) {
  rotation <- sample(0:3, 1)
  rows <- do.call(rbind, lapply(seq_len(sample(2:5, 1)), function(h) {
    n <- sample(3:7, 1)
    do.call(rbind, lapply(2022:2023, function(year) {
      psus <- seq_len(n) + if (year == 2023) min(rotation, n - 1) else 0
      do.call(rbind, lapply(psus, function(p) {
        level <- (h * 31 + p * 17) %% 10 / 10
        k <- sample(2:8, 1)
        data.frame(year, stratum = h, psu = p, id = paste0(h, "-", p, "-", seq_len(k)),
                   weight = signif(exp(runif(k, 0, 6)), 6), yes = ifelse(runif(k) < 0.1, NA, as.numeric(runif(k) < level)),
                   value = signif(10 * level + rnorm(k), 8), size = sample(1:5, k, TRUE), group = sample(c("A", "B"), k, TRUE),
                   population = 2 * (n + rotation) + h)
      }))
    }))
  }))
  for (i in 1:2) write.csv(rows[rows$year == 2021 + i, ], file.path(dir, paste0(name, "-", i, ".csv")), row.names = FALSE,
                           quote = FALSE, na = "")
  rows
}

facts_of <- function(name) {
  a <- draw(name)
  fpc <- runif(1) < 0.5
  writeLines(sprintf(MAPPING, name, if (fpc) "{population: population}" else "none"), file.path(dir, paste0(name, ".yaml")))
  options(survey.lonely.psu = "adjust")
  d <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = a, nest = TRUE, fpc = if (fpc) ~population)
  d$variables$round <- factor(a$year)
  g <- function(v) formatC(v, digits = 17, format = "g", width = 1)
  one <- function(id, y, scale, cell = "", keep = TRUE) do.call(rbind, lapply(c("-", "/"), function(op) {
    d$variables$y <- y
    s <- d[keep & !is.na(y), ]
    if (length(unique(s$variables$round)) < 2) return(NULL)
    b <- svyby(~y, ~round, s, svymean, covmat = TRUE)
    if (op == "/" && coef(b)[1] == 0) return(NULL)
    r <- svycontrast(b, as.call(list(as.name(op), as.name("2023"), as.name("2022"))))
    k <- if (op == "/") 1 else scale
    value <- as.vector(coef(r)) * k
    se <- as.vector(SE(r)) * k
    ci <- value + c(-1, 1) * qt(0.975, degf(s)) * se
    data.frame(dataset = name, indicator = id, item = "", ref_area = "XAA", time_period = paste("2023", "2022", sep = op),
               by = if (cell == "") "" else "r_group", cell, estimate = g(value), se = g(se), ci_low = g(ci[1]), ci_high = g(ci[2]),
               deff = "", df = degf(s), n_unweighted = nrow(s), n_psu = length(unique(s$cluster[, 1])),
               n_strata = length(unique(s$strata[, 1])), pop_weighted = g(sum(weights(s))),
               origin = "survey 4.1-1 svycontrast of svyby", contrast = paste0("period:2023", op, "2022"))
  }))
  rbind(one("random.proportion", a$yes, 100), one("random.mean", a$value, 1),
        one("random.mean", a$value, 1, "A", a$group == "A"), one("random.proportion", a$yes, 100, "B", a$group == "B"))
}

write_facts(do.call(rbind, lapply(sprintf("panel-%03d", seq_len(as.integer(args[3]))), facts_of)))
