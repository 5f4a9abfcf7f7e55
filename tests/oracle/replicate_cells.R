# replicate_cells.R - cells.R for designs of replicates. `way` makes the replicate design of the design
# that facts() is given. Deff of a ratio: R's svyratio takes deff = TRUE only, so its own residuals here.
# R stops where every replicate is NA; the fact is then an estimate without an error.
estimate <- function(d, kind) {
  r <- switch(kind, proportion = , mean = svymean(~y, d, deff = "replace"), ratio = svyratio(~y, ~x, d),
              total = , count = svytotal(~y, d, deff = "replace"))
  df <- degf(d)
  value <- as.vector(coef(r))
  se <- as.vector(SE(r))
  deff <- if (kind == "ratio") {
    d$variables$z <- d$variables$y - value * d$variables$x
    as.vector(deff(svytotal(~z, d, deff = "replace")))
  } else as.vector(deff(r))
  if (nrow(unique(d$variables[, c("y", "x")])) == 1) {
    deff <- NA
    if (kind == "proportion") value <- round(value)
    if (kind %in% c("proportion", "mean", "ratio")) se <- 0
  }
  t <- if (df > 0) qt(0.975, df) else NA
  ci <- value + c(-1, 1) * t * se
  if (kind == "proportion" && df > 0)
    ci <- if (value %in% c(0, 1)) c(value, value) else plogis(qlogis(value) + c(-1, 1) * t * se / (value * (1 - value)))
  list(value = value, se = se, ci = ci, deff = deff, df = df)
}

way <- NULL
facts <- function(dataset, area, period, design, indicator, kind, y, by, axes = list(), x = NULL,
                  universe = TRUE, item = "", scale = if (kind == "proportion") PERCENT else 1) {
  design$variables <- data.frame(y = as.numeric(y), x = if (is.null(x)) 1 else as.numeric(x))
  valid <- universe & !is.na(design$variables$y) & !is.na(design$variables$x)
  valid[is.na(valid)] <- FALSE
  all <- way(design)
  rows <- list()
  for (one in by) {
    names <- strsplit(one, ",", fixed = TRUE)[[1]]
    code <- if (length(names) == 0) rep("", nrow(design)) else do.call(paste, c(axes[names], sep = ","))
    for (a in names) code[is.na(axes[[a]])] <- NA
    for (cell in sort(unique(code[valid & !is.na(code)]))) {
      in_cell <- valid & !is.na(code) & code == cell
      if (!any(weights(all, "sampling")[in_cell] > 0)) next
      e <- suppressWarnings(tryCatch(estimate(all[in_cell, ], kind), error = function(e) NULL))
      if (is.null(e)) next
      g <- function(v) ifelse(is.na(v), "", formatC(v, digits = 17, format = "g", width = 1))
      rows[[length(rows) + 1]] <- data.frame(
        dataset, indicator, item, area, period, one, cell, g(e$value * scale), g(e$se * scale),
        g(e$ci[1] * scale), g(e$ci[2] * scale), g(e$deff), e$df, sum(in_cell),
        length(unique(design$cluster[in_cell, 1])), length(unique(design$strata[in_cell, 1])),
        g(sum(weights(all, "sampling")[in_cell])), paste("survey 4.1-1", ORIGIN[[kind]]))
    }
  }
  out <- do.call(rbind, rows)
  names(out) <- HEADER
  out
}
