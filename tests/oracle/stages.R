# stages.R - the facts of stage_designs.py's designs.
#
#   Rscript tests/oracle/stages.R ROOT DIR > facts.csv
args <- commandArgs(trailingOnly = TRUE)
root <- args[1]
source(file.path(root, "tests/oracle/cells.R"))

# Designs of pairs (Overton, Hartley and Rao) cannot be subset with deff, and take weights for 1/p. Here they are estimated as
# with replacement, but for the SE, which is that of variables that are 0 outside the domain.
of_pairs <- function(name, a, pps) {
  a$row <- seq_len(nrow(a))
  options(survey.lonely.psu = "adjust", survey.adjust.domain.lonely = FALSE)  # or there are none
  d <- svydesign(id = ~row, strata = ~s1, fpc = ~n1, data = a, pps = if (pps == "overton") pps else HR())
  d$prob <- 1 / a$weight
  se_of <- function(in_cell, kind) {
    y <- if (kind %in% c("proportion", "count")) a$yes else a$value
    d$variables$y <- ifelse(in_cell, y, 0)
    d$variables$x <- ifelse(in_cell, if (kind == "ratio") a$size else 1, 0)
    as.vector(SE(if (kind %in% c("total", "count")) svytotal(~y, d) else svyratio(~y, ~x, d)))
  }
  all_of(name, a, svydesign(id = ~row, strata = ~s1, weights = ~weight, data = a), se_of = se_of)
}

one_design <- function(i) {
  how <<- asked(i)
  a <- read.csv(file.path(args[2], paste0(i$name, ".csv")))
  rows <- if (i$pps %in% c("overton", "hartley-rao")) of_pairs(i$name, a, i$pps) else all_of(i$name, a, stage_design(i, a))
  cbind(rows, options = options_of(how))
}

# The two-stage examples of the package, in the columns of the random designs.
example <- function(name, u1, u2, n1, n2, yes, value, size, group) {
  d <- svydesign(id = ~u1 + u2, fpc = ~n1 + n2, data = data.frame(u1, u2, n1, n2))
  a <- data.frame(s1 = 1, u1, s2 = 1, u2, n1, n2, weight = weights(d), yes = as.numeric(yes), value, size, group)
  write.csv(format(a, digits = 17, trim = TRUE), file.path(args[2], paste0(name, ".csv")), row.names = FALSE,
            quote = FALSE, na = "")
  data.frame(name, stages = 2, policy = "fail", in_domain = 0, pps = "none", as.data.frame(DEFAULT))
}
data(mu284)
data(api)
designs <- rbind(
  with(mu284, example("mu284", id1, id2, n1, n2, y1 > 44, y1, id2, c("A", "B")[1 + id1 %% 2])),
  with(apiclus2, example("apiclus2", dnum, snum, fpc1, fpc2, comp.imp == "Yes", api00, api99,
                         c(E = "A", H = "B", M = "C")[as.character(stype)])),
  read.csv(file.path(args[2], "designs.csv")))
write_facts(of_designs(designs, one_design))
