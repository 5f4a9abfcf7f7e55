# stages.R - the facts of stage_designs.py's designs.
#
#   Rscript tests/oracle/stages.R ROOT DIR > facts.csv
args <- commandArgs(trailingOnly = TRUE)
source(file.path(args[1], "tests/oracle/cells.R"))

BY <- c("", "r_group")

all_of <- function(name, a, d) {
  one <- function(id, kind, y, x = NULL) facts(name, "XAA", 2000, d, id, kind, y, BY, list(r_group = a$group), x)
  rbind(one("random.proportion", "proportion", a$yes), one("random.mean", "mean", a$value),
        one("random.ratio", "ratio", a$value, a$size), one("random.total", "total", a$value),
        one("random.count", "count", a$yes))
}

# Overton's designs cannot be subset with deff, and take weights for 1/p. Here they are estimated as
# with replacement, but for the SE, which is that of variables that are 0 outside the domain.
overton <- function(name, a) {
  text <- function(v) ifelse(is.na(v), "", formatC(v, digits = 17, format = "g", width = 1))
  a$row <- seq_len(nrow(a))
  # Lonely PSUs enter as they are, whatever the policy.
  d <- svydesign(id = ~row, strata = ~s1, fpc = ~n1, data = a, pps = "overton")
  d$prob <- 1 / a$weight
  rows <- all_of(name, a, svydesign(id = ~row, strata = ~s1, weights = ~weight, data = a))
  for (r in seq_len(nrow(rows))) {
    kind <- sub("random.", "", rows$indicator[r])
    y <- if (kind %in% c("proportion", "count")) a$yes else a$value
    in_cell <- !is.na(y) & (rows$cell[r] == "" | a$group == rows$cell[r])
    d$variables$y <- ifelse(in_cell, y, 0)
    d$variables$x <- ifelse(in_cell, if (kind == "ratio") a$size else 1, 0)
    se <- as.vector(SE(if (kind %in% c("total", "count")) svytotal(~y, d) else svyratio(~y, ~x, d)))
    old <- as.numeric(rows$se[r])
    e <- as.numeric(rows$estimate[r])
    df <- as.numeric(rows$df[r])
    if (kind == "proportion") {
      e <- e / PERCENT
      old <- old / PERCENT
      if (e %in% c(0, 1)) next
    }
    scale <- if (kind == "proportion") PERCENT else 1
    rows$deff[r] <- text(as.numeric(rows$deff[r]) * (se / old)^2)
    rows$se[r] <- text(se * scale)
    ci <- c(NA, NA)
    if (df > 0)
      ci <- if (kind == "proportion") plogis(qlogis(e) + c(-1, 1) * qt(0.975, df) * se / (e * (1 - e)))
            else e + c(-1, 1) * qt(0.975, df) * se
    rows$ci_low[r] <- text(ci[1] * scale)
    rows$ci_high[r] <- text(ci[2] * scale)
  }
  rows
}

one_design <- function(i) {
  a <- read.csv(file.path(args[2], paste0(i$name, ".csv")))
  options(survey.lonely.psu = i$policy, survey.adjust.domain.lonely = i$in_domain == 1)
  if (i$pps == "overton") return(overton(i$name, a))
  part <- function(letter) reformulate(paste0(letter, seq_len(i$stages)))
  d <- svydesign(id = part("u"), strata = part("s"), fpc = part("n"), weights = ~weight, data = a,
                 nest = TRUE, pps = if (i$pps == "none") FALSE else i$pps)
  all_of(i$name, a, d)
}

# The two-stage examples of the package, in the columns of the random designs.
example <- function(name, u1, u2, n1, n2, yes, value, size, group) {
  d <- svydesign(id = ~u1 + u2, fpc = ~n1 + n2, data = data.frame(u1, u2, n1, n2))
  a <- data.frame(s1 = 1, u1, s2 = 1, u2, n1, n2, weight = weights(d), yes = as.numeric(yes), value, size, group)
  write.csv(format(a, digits = 17, trim = TRUE), file.path(args[2], paste0(name, ".csv")), row.names = FALSE,
            quote = FALSE, na = "")
  data.frame(name, stages = 2, policy = "fail", in_domain = 0, pps = "none")
}
data(mu284)
data(api)
designs <- rbind(
  with(mu284, example("mu284", id1, id2, n1, n2, y1 > 44, y1, id2, c("A", "B")[1 + id1 %% 2])),
  with(apiclus2, example("apiclus2", dnum, snum, fpc1, fpc2, comp.imp == "Yes", api00, api99,
                         c(E = "A", H = "B", M = "C")[as.character(stype)])),
  read.csv(file.path(args[2], "designs.csv")))
write_facts(suppressWarnings(do.call(rbind, lapply(split(designs, designs$name), one_design))))
