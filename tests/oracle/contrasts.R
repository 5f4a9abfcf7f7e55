# contrasts.R - differences and ratios between two cells of R survey, as rows of facts.
#
#   Rscript tests/oracle/contrasts.R ROOT demo > tests/facts/contrasts.csv
#   Rscript tests/oracle/contrasts.R ROOT random DIR > facts.csv     designs of random_designs.py
#   Rscript tests/oracle/contrasts.R ROOT stages DIR > facts.csv     designs of stage_designs.py
#   Rscript tests/oracle/contrasts.R ROOT calibration DIR > facts.csv     designs of calibration_designs.py
#
# The rows of both cells are one subset of the whole design; the contrast's influence function is
# totalled over it, so covariance and lonely strata are R's own. Where R offers the short way,
# svycontrast of svyby(covmat = TRUE), it must give the same.
args <- commandArgs(trailingOnly = TRUE)
root <- args[1]
for (f in c("cells.R", "calibrated.R", "demo.R")) source(file.path(root, "tests/oracle", f))

# Estimate and influence function (of an unweighted row) over the rows of d in the cell.
linear <- function(d, cell, kind) {
  w <- weights(d)
  y <- d$variables$y
  x <- d$variables$x
  if (kind %in% c("total", "count"))
    return(list(value = sum((w * y)[cell]), z = ifelse(cell, y, 0)))
  r <- sum((w * y)[cell]) / sum((w * x)[cell])
  list(value = r, z = ifelse(cell, (y - r * x) / sum((w * x)[cell]), 0))
}

check <- function(d, code, pair, ratio, kind, value, se) {
  if (!kind %in% c("proportion", "mean") || any(code == "")) return()
  d$variables$code <- factor(code)
  b <- try(svyby(~y, ~code, d, svymean, covmat = TRUE), silent = TRUE)
  if (inherits(b, "try-error") || anyNA(SE(b))) return()
  names <- lapply(pair, as.name)
  how <- as.call(list(as.name(if (ratio) "/" else "-"), names[[1]], names[[2]]))
  r <- svycontrast(b, how)
  stopifnot(abs(coef(r) - value) < 1e-9 * (1 + abs(value)), abs(SE(r) - se) < 1e-7 * (1 + se) * max(1, abs(value)))
}

# axis: whose classes pair[1] and pair[2] are compared; within: "" or another axis.
contrasts <- function(dataset, area, period, design, indicator, kind, y, axis, pair, within = "",
                      axes = list(), x = NULL, universe = TRUE, item = "", ops = c("-", "/"),
                      scale = if (kind == "proportion") PERCENT else 1, index = "") {
  design$variables <- data.frame(y = as.numeric(y), x = if (is.null(x)) 1 else as.numeric(x))
  valid <- universe & !is.na(design$variables$y) & !is.na(design$variables$x) & axes[[axis]] %in% pair
  valid[is.na(valid)] <- FALSE
  rows <- list()
  for (one in within) for (op in ops) {
    cells <- if (one == "") rep("", nrow(design)) else axes[[one]]
    for (cell in sort(unique(cells[valid & !is.na(cells)]))) {
      keep <- valid & !is.na(cells) & cells == cell
      d <- design[keep, ]
      w <- weights(d)
      kept <- if (length(w) == sum(keep)) keep else rep(TRUE, length(keep))  # PPS keeps rows, weightless
      code <- ifelse(keep, axes[[axis]], "")[kept]
      d$variables$y[code == ""] <- 0
      if (!all(pair %in% code[w > 0])) next
      e <- lapply(pair, function(p) linear(d, code == p, kind))
      ratio <- op == "/"
      if (ratio && e[[2]]$value == 0) next
      value <- if (ratio) e[[1]]$value / e[[2]]$value else e[[1]]$value - e[[2]]$value
      by <- if (ratio) e[[2]]$value else 1
      d$variables$z <- (e[[1]]$z - (if (ratio) value else 1) * e[[2]]$z) / by
      se <- as.vector(SE(svytotal(~z, d)))
      df <- degf(d)
      check(d, code, pair, ratio, kind, value, se)
      ci <- if (df > 0) value + c(-1, 1) * qt(0.975, df) * se else c(NA, NA)
      k <- if (ratio) 1 else scale
      g <- text_of
      seen <- w > 0
      rows[[length(rows) + 1]] <- data.frame(
        dataset, if (index == "") indicator else index, item, area, period, one, cell, g(value * k), g(se * k),
        g(ci[1] * k), g(ci[2] * k), "", df, sum(seen), length(unique(d$cluster[seen, 1])),
        length(unique(d$strata[seen, 1])), g(sum(w)), "survey 4.1-1 svytotal of influence functions",
        if (index == "") paste0(axis, ":", paste(pair, collapse = op)) else "")
    }
  }
  out <- do.call(rbind, rows)
  if (!is.null(out)) names(out) <- c(HEADER, "contrast")
  out
}

demo_contrasts <- function(root) {
  d <- demo_data(root)
  h <- d$h
  p <- d$p
  hh <- function(id, y, kind = "proportion", ...)
    contrasts("demo", "XEX", 2024, d$hd, id, kind, y, "urbanisation", c("U", "R"), c("", "region"), d$h_axes, ...)
  ind <- function(id, y, axis, pair, within, ...)
    contrasts("demo", "XEX", 2024, d$pd, id, "proportion", y, axis, pair, within, d$p_axes, universe = d$scope, ...)
  use <- demo_use(p)
  rbind(
    hh("HH1", demo_strict(h$radio)),
    hh("oracle.households_internet", yes(h$internet, 1), "count"),
    hh("oracle.household_size", h$hh_size, "mean"),
    hh("oracle.members", h$hh_size, "total"),
    hh("oracle.members_online", ifelse(h$internet == 1, h$hh_size, 0), "ratio", x = h$hh_size, scale = 100),
    ind("17.8.1", use, "sex", c("F", "M"), c("", "age:itu", "urbanisation", "region")),
    ind("17.8.1", use, "urbanisation", c("U", "R"), c("", "age:itu")),
    ind("17.8.1", use, "age:itu", c("Y15T24", "Y25T74"), c("", "urbanisation")),
    do.call(rbind, lapply(c("s_spreadsheet", "s_program"), function(v)
      ind("4.4.1", demo_skill(p[[v]]), "sex", c("F", "M"), c("", "urbanisation"), item = DEMO_SKILLS[[v]], ops = "/",
          index = "4.5.1"))))
}


of_random <- function(i, a, d) {
  one <- function(id, kind, y, x = NULL)
    do.call(rbind, lapply(list(c("A", "B"), c("C", "D")), function(pair)
      contrasts(i$name, "XAA", 2000, d, id, kind, y, "r_group", pair, "", list(r_group = a$group), x)))
  rbind(one("random.proportion", "proportion", a$yes), one("random.mean", "mean", a$value),
        one("random.ratio", "ratio", a$value, a$size), one("random.total", "total", a$value),
        one("random.count", "count", a$yes))
}

if (args[2] %in% c("random", "stages", "calibration")) {
  one_design <- function(i) {
    if (args[2] == "stages" && i$pps %in% c("overton", "hartley-rao")) return(NULL)  # its weights cannot be read (stages.R)
    a <- read.csv(file.path(args[3], paste0(i$name, ".csv")))
    d <- if (args[2] == "random" || identical(i$family, "random")) random_design(i, a) else stage_design(i, a)
    of_random(i, a, if (args[2] == "calibration") calibrated(i, d, args[3]) else d)
  }
  write_facts(of_designs(read.csv(file.path(args[3], "designs.csv")), one_design))
} else {
  write_facts(demo_contrasts(root))
}
