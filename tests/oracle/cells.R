# cells.R - estimates of R survey as rows of facts: one row for each cell of a breakdown.
#
# A cell is estimated as R users do it: the design is made of the whole file, then subset to the
# rows of the cell with a valid answer, so that PSUs without such rows still count in n_h.
#
#   estimate, se   svymean, svyratio, svytotal
#   deff           deff = "replace" of the same functions
#   df             degf of the subset
#   ci             proportions: svyciprop, on the logit scale, df of the subset. Its method
#                  "xlogit" (delta method) is the same number as "logit" (a GLM fitted by iteration)
#                  without the error of the iteration (6e-10 in the nhanes set), so that it can be
#                  compared as closely as the SE.
#                  Others: estimate +- qt(.975, df) * se
#   p of 0 or 1    R gives NaN for the limits; the fact is the point itself, as docs/math.md has it
suppressMessages(library(survey))

PERCENT <- 100
HEADER <- c("dataset", "indicator", "item", "ref_area", "time_period", "by", "cell", "estimate", "se",
            "ci_low", "ci_high", "deff", "df", "n_unweighted", "n_psu", "n_strata", "pop_weighted",
            "origin")

# y over the rows of the subset design d. kind: proportion, mean, ratio (y / x), total, count.
estimate <- function(d, kind) {
  m <- switch(kind,
    proportion = , mean = svymean(~y, d, deff = "replace"),
    ratio = svyratio(~y, ~x, d, deff = "replace"),
    total = , count = svytotal(~y, d, deff = "replace"))
  df <- degf(d)
  value <- as.vector(coef(m))
  se <- as.vector(SE(m))
  deff <- if (kind == "ratio") as.vector(attr(m, "deff")) else as.vector(deff(m))
  if (constant(d)) {  # no variance to compare with, and R leaves rounding in place of zeros
    deff <- NA
    if (kind == "proportion") {
      value <- round(value)
      se <- 0 * se  # NaN stays NaN: a policy that cannot tell
    }
  }
  ci <- c(NA, NA)
  if (df > 0) {
    if (kind != "proportion")
      ci <- value + c(-1, 1) * qt(0.975, df) * se
    else if (value %in% c(0, 1))
      ci <- if (is.nan(se)) c(NA, NA) else c(value, value)
    else
      ci <- as.vector(attr(svyciprop(~y, d, method = "xlogit", df = df), "ci"))
  }
  list(value = value, se = se, ci = ci, deff = deff, df = df)
}

# All rows that count say the same.
constant <- function(d) nrow(unique(d$variables[weights(d) > 0, ])) == 1

ORIGIN <- c(proportion = "svymean+svyciprop(xlogit)", mean = "svymean", ratio = "svyratio",
            total = "svytotal", count = "svytotal")

# The facts of one indicator. design: of the whole file; y, x, universe: one value a row; axes: a
# named list of character vectors (NA: in no class); by: "" for the total, "sex", "sex,age:itu".
facts <- function(dataset, area, period, design, indicator, kind, y, by, axes = list(), x = NULL,
                  universe = TRUE, item = "", scale = if (kind == "proportion") PERCENT else 1) {
  design$variables <- data.frame(y = as.numeric(y), x = if (is.null(x)) 1 else as.numeric(x))
  valid <- universe & !is.na(design$variables$y) & !is.na(design$variables$x)
  valid[is.na(valid)] <- FALSE
  design$variables[!valid, ] <- 0  # the subset of a PPS design keeps them, with weight 0
  rows <- list()
  for (one in by) {
    names <- strsplit(one, ",", fixed = TRUE)[[1]]
    code <- if (length(names) == 0) rep("", nrow(design)) else do.call(paste, c(axes[names], sep = ","))
    for (a in names) code[is.na(axes[[a]])] <- NA
    for (cell in sort(unique(code[valid & !is.na(code)]))) {
      d <- design[valid & !is.na(code) & code == cell, ]
      w <- weights(d)
      seen <- w > 0
      if (!any(seen)) next
      e <- estimate(d, kind)
      g <- function(v) ifelse(is.na(v), "", formatC(v, digits = 17, format = "g", width = 1))
      rows[[length(rows) + 1]] <- data.frame(
        dataset, indicator, item, area, period, one, cell, g(e$value * scale), g(e$se * scale),
        g(e$ci[1] * scale), g(e$ci[2] * scale), g(e$deff), e$df, sum(seen),
        length(unique(d$cluster[seen, 1])), length(unique(d$strata[seen, 1])), g(sum(w)),
        paste("survey 4.1-1", ORIGIN[[kind]]))
    }
  }
  out <- do.call(rbind, rows)
  if (!is.null(out)) names(out) <- HEADER
  out
}

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
