# cells.R - estimates of R survey as rows of facts: one row for each cell of a breakdown.
#
# A cell is estimated as R users do it: the design is made of the whole file, then subset to the
# rows of the cell with a valid answer, so that PSUs without such rows still count in n_h.
#
#   estimate, se   svymean, svyratio, svytotal
#   deff           deff = "replace" (wr) or TRUE (wor) of the same functions
#   df             degf of the subset, of the whole design, a number, or Inf
#   limits         limits.R
#
# `how` says which options ictstat is given, `way` makes replicates of the design (NULL: linearisation).
suppressMessages(library(survey))
source(file.path(root, "tests/oracle/limits.R"))

PERCENT <- 100
HEADER <- c("dataset", "indicator", "item", "ref_area", "time_period", "by", "cell", "estimate", "se",
            "ci_low", "ci_high", "deff", "df", "n_unweighted", "n_psu", "n_strata", "pop_weighted",
            "origin")
DEFAULT <- list(ci = "logit", df = "degf", deff = "wr", level = 95)
how <- DEFAULT
way <- NULL
degf_of <- degf

# The options of a row of designs.csv, and how they are written for ictstat.
asked <- function(i) modifyList(DEFAULT, as.list(i)[intersect(names(DEFAULT), names(i))])
options_of <- function(how, replicates = "--replicates none")
  paste(c(replicates, sprintf("--%s %s", names(how), how)[!mapply(identical, as.character(how), as.character(DEFAULT))]), collapse = " ")

text_of <- function(v) ifelse(is.na(v), "", ifelse(v == NOT_COMPARED, "-", formatC(v, digits = 17, format = "g", width = 1)))

# All rows that count say the same.
constant <- function(d) nrow(unique(d$variables[weights(d, "sampling") > 0, c("y", "x")])) == 1

df_of <- function(d, whole) {
  if (how$df == "degf") return(degf_of(d))
  if (how$df == "design") return(degf_of(whole))
  if (how$df == "inf") Inf else as.numeric(sub("fixed:", "", how$df))
}

# Against simple random sampling. R's svyratio takes no deff of replicates: that of its residuals, then.
deff_of <- function(m, d, kind, value, kept) {
  if (kind == "ratio" && !is.null(way)) {
    d$variables$z <- d$variables$y - value * d$variables$x
    m <- svytotal(~z, d, deff = kept)
  }
  v <- if (kind == "ratio" && is.null(way)) as.vector(attr(m, "deff")) else as.vector(deff(m))
  if (is.nan(v) || is.na(v) || v < 0 || 1 / v == -Inf) NA else v  # of a total with W < n: R's is negative, or -0
}

# y over the rows of the subset d. kind: proportion, mean, ratio (y / x), total, count. n: rows of weight.
# other_se: where R's functions cannot tell the SE of this design.
estimate <- function(d, whole, kind, n, other_se) {
  kept <- if (how$deff == "wr") "replace" else TRUE
  m <- switch(kind,
    proportion = , mean = svymean(~y, d, deff = kept),
    ratio = if (is.null(way)) svyratio(~y, ~x, d, deff = kept) else svyratio(~y, ~x, d),
    total = , count = svytotal(~y, d, deff = kept))
  df <- df_of(d, whole)
  value <- as.vector(coef(m))
  se <- as.vector(SE(m))
  deff <- deff_of(m, d, kind, value, kept)
  if (!is.null(other_se)) {
    deff <- deff * (other_se / se)^2
    se <- other_se
  }
  if (constant(d)) {  # no variance to compare with, and R leaves rounding in place of zeros
    deff <- NA
    if (kind == "proportion") value <- round(value)
    if (kind %in% c("proportion", "mean", "ratio")) se <- 0 * se  # NaN stays NaN: a policy that cannot tell
  }
  list(value = value, se = se, ci = limits(d, kind, value, se, df, n, other_se), deff = deff, df = df)
}

ORIGIN <- c(proportion = "svymean+svyciprop(xlogit)", mean = "svymean", ratio = "svyratio",
            total = "svytotal", count = "svytotal")

origin_of <- function(kind) ORIGIN[[kind]]

# The facts of one indicator. design: of the whole file; y, x, universe: one value a row; axes: a
# named list of character vectors (NA: in no class); by: "" for the total, "sex", "sex,age:itu".
facts <- function(dataset, area, period, design, indicator, kind, y, by, axes = list(), x = NULL,
                  universe = TRUE, item = "", scale = if (identical(kind, "proportion")) PERCENT else 1, se_of = NULL) {
  design$variables <- data.frame(y = as.numeric(y), x = if (is.null(x)) 1 else as.numeric(x))
  valid <- universe & !is.na(design$variables$y) & !is.na(design$variables$x)
  valid[is.na(valid)] <- FALSE
  design$variables[!valid, ] <- 0  # the subset of a PPS design keeps them, with weight 0
  all <- if (is.null(way)) design else way(design)
  weight <- weights(design)
  rows <- list()
  for (one in by) {
    names <- strsplit(one, ",", fixed = TRUE)[[1]]
    code <- if (length(names) == 0) rep("", nrow(design)) else do.call(paste, c(axes[names], sep = ","))
    for (a in names) code[is.na(axes[[a]])] <- NA
    for (cell in sort(unique(code[valid & !is.na(code)]))) {
      in_cell <- valid & !is.na(code) & code == cell
      seen <- in_cell & weight > 0
      if (!any(seen)) next
      # svyvar's n / (n - 1) is infinite, and the residuals of a calibrated design do not take that.
      if (sum(seen) == 1 && survey:::is.calibrated(design)) next
      # Of replicates R counts rows of weight 0 in deff; of a design they may keep a stratum in the domain.
      e <- tryCatch(estimate(all[if (is.null(way)) in_cell else seen, ], all, kind, sum(seen), if (!is.null(se_of)) se_of(in_cell, kind)),
                    error = function(e) if (is.null(way)) stop(e))  # R stops where every replicate is NA
      if (is.null(e)) next
      rows[[length(rows) + 1]] <- data.frame(
        dataset, indicator, item, area, period, one, cell, text_of(e$value * scale), text_of(e$se * scale),
        text_of(e$ci[1] * scale), text_of(e$ci[2] * scale), text_of(e$deff), if (is.finite(e$df)) e$df else "",
        sum(seen), length(unique(design$cluster[seen, 1])), length(unique(design$strata[seen, 1])),
        text_of(sum(weight[seen])), paste("survey 4.1-1", origin_of(kind)))
    }
  }
  out <- do.call(rbind, rows)
  if (!is.null(out)) names(out) <- HEADER
  out
}

# All statistics of a random design: its variables are the same, whichever program drew it.
all_of <- function(name, a, d, ...) {
  one <- function(id, kind, y, x = NULL)
    facts(name, "XAA", 2000, d, id, kind, y, c("", "r_group"), list(r_group = a$group), x, ...)
  rbind(one("random.proportion", "proportion", a$yes), one("random.mean", "mean", a$value),
        one("random.ratio", "ratio", a$value, a$size), one("random.total", "total", a$value),
        one("random.count", "count", a$yes))
}

# f of each row of designs.csv, on all cores.
of_designs <- function(designs, f) {
  parts <- parallel::mclapply(seq_len(nrow(designs)), function(k) suppressWarnings(f(designs[k, ])),
                              mc.cores = parallel::detectCores(), mc.preschedule = FALSE)
  bad <- vapply(parts, inherits, NA, "try-error")
  if (any(bad)) stop(designs$name[bad][1], ": ", parts[bad][[1]])
  do.call(rbind, parts)
}

# The design of a row of random_designs.py's designs.csv.
random_design <- function(i, a) {
  options(survey.lonely.psu = i$policy, survey.adjust.domain.lonely = i$in_domain == 1)
  if (i$psu == 0) a$psu <- seq_len(nrow(a))
  svydesign(id = ~psu, strata = if (i$strata == 1) ~stratum, weights = ~weight, data = a, nest = TRUE,
            fpc = if (i$fpc == 1) ~population)
}

# The design of a row of stage_designs.py's designs.csv.
stage_design <- function(i, a) {
  options(survey.lonely.psu = i$policy, survey.adjust.domain.lonely = i$in_domain == 1)
  part <- function(letter) reformulate(paste0(letter, seq_len(i$stages)))
  svydesign(id = part("u"), strata = part("s"), fpc = part("n"), weights = ~weight, data = a,
            nest = TRUE, pps = if (i$pps == "none") FALSE else i$pps)
}

# NULL for those that R cannot subset with deff (stages.R).
unless_of_pairs <- function(i, a) if (!i$pps %in% c("overton", "hartley-rao")) stage_design(i, a)

# The designs of calibration_designs.py; needs calibrated.R.
calibrated_of <- function(dir) function(i, a)
  calibrated(i, if (i$family == "random") random_design(i, a) else stage_design(i, a), dir)

# Y, N and the rest: 1, 0, NA.
yes <- function(v, codes) ifelse(is.na(v), FALSE, v %in% codes)

# Age bands of indicators/classifications/: ITU's dissemination bands.
itu_bands <- function(age) {
  as.character(cut(age, c(5, 15, 25, 75, Inf), right = FALSE, labels = c("Y5T14", "Y15T24", "Y25T74", "Y_GE75")))
}

write_facts <- function(rows, file = stdout(), header = TRUE) {
  write.table(rows, file, sep = ",", qmethod = "double", row.names = FALSE, col.names = header,
              quote = which(names(rows) %in% c("by", "cell", "origin")), eol = "\n")
}
