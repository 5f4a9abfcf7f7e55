# datatable.R - the full cube as an expert would write it by hand with data.table; a peer of benchmarks/bench.py.
#
#   Rscript datatable.R PERSONS.csv THREADS REPEAT [RESULT.csv]
#
# Prints REPEAT times "load seconds" (fread and the band of age), "cube seconds" and "write seconds" of the result: 14 indicators x all margins of
# (country, area, sex, band, education): estimate, Taylor SE, n, n_psu. A PSU's totals are summed once; each margin over
# the axes that vary inside a PSU is a sum of the smallest that contains it; strata roll up linearly.
library(data.table)
arg <- commandArgs(TRUE)
setDTthreads(as.integer(arg[2]))
q <- 0:13
seconds <- function(name, expr) {
  t <- system.time(expr)[["elapsed"]]
  cat(name, t, "\n")
}
for (i in seq_len(as.integer(arg[3]))) seconds("load", {
  p <- fread(arg[1], showProgress = FALSE)
  p[, band := pmin(age, 75L) %/% 5L]
})

cube <- function() {
  inner <- c("sex", "band", "education")
  a <- paste0("a", q); b <- paste0("b", q); n <- paste0("n", q); m <- paste0("m", q)
  fine <- p[, .(psu, sex, band, education)] # a PSU is of one stratum, a stratum of one country and area
  for (k in q) {
    v <- p[[paste0("q", k)]]
    set(fine, j = a[k + 1], value = fifelse(is.na(v) | v == 0L, 0, p$weight))
    set(fine, j = b[k + 1], value = fifelse(is.na(v) | v == 1L, 0, p$weight))
    set(fine, j = n[k + 1], value = as.integer(!is.na(v)))
  }
  sums <- c(a, b, n)
  design <- p[, .(country = country[1], area = area[1], stratum = stratum[1]), by = psu]
  design[, h := .GRP, by = .(country, stratum)]
  sizes <- design[, .(country = country[1], area = area[1], nh = .N), by = h]
  fine <- fine[, lapply(.SD, sum), by = c("psu", inner), .SDcols = sums]
  fine[design, h := i.h, on = .(psu)]
  parts <- list()
  kept <- list("7" = fine) # by the axes, as bits; each but the first is of the smallest that contains it
  larger <- c("7" = 7L, "3" = 7L, "5" = 7L, "6" = 7L, "1" = 5L, "2" = 3L, "4" = 5L, "0" = 1L)
  for (bits in names(larger)) {
    keep <- inner[bitwAnd(as.integer(bits), c(1L, 2L, 4L)) > 0]
    margin <- kept[[as.character(larger[[bits]])]]
    if (bits != "7") kept[[bits]] <- margin <- margin[, lapply(.SD, sum), by = c("h", "psu", keep), .SDcols = sums]
    for (k in q + 1) {
      x <- margin[[a[k]]]; y <- margin[[b[k]]]
      set(margin, j = paste0("aa", k), value = x * x)
      set(margin, j = paste0("ab", k), value = x * y)
      set(margin, j = paste0("bb", k), value = y * y)
      set(margin, j = m[k], value = as.integer(margin[[n[k]]] > 0L))
    }
    squares <- c(paste0("aa", q + 1), paste0("ab", q + 1), paste0("bb", q + 1))
    strata <- margin[, lapply(.SD, sum), by = c("h", keep), .SDcols = c(sums, m, squares)]
    strata[sizes, c("country", "area", "nh") := .(i.country, i.area, i.nh), on = .(h)]
    for (k in q + 1) {
      x <- strata[[a[k]]]; y <- strata[[b[k]]]; h <- strata$nh; f <- h / (h - 1)
      set(strata, j = paste0("aa", k), value = (strata[[paste0("aa", k)]] - x * x / h) * f)
      set(strata, j = paste0("ab", k), value = (strata[[paste0("ab", k)]] - x * y / h) * f)
      set(strata, j = paste0("bb", k), value = (strata[[paste0("bb", k)]] - y * y / h) * f)
    }
    both <- strata[, lapply(.SD, sum), by = c("country", "area", keep), .SDcols = c(sums, m, squares)]
    for (outer in list(c("country", "area"), "country", "area", character())) {
      by <- c(outer, keep)
      cells <- if (length(outer) == 2) copy(both)
               else if (length(by)) both[, lapply(.SD, sum), by = by, .SDcols = c(sums, m, squares)]
               else both[, lapply(.SD, sum), .SDcols = c(sums, m, squares)]
      for (k in q + 1) {
        x <- cells[[a[k]]]; y <- cells[[b[k]]]
        set(cells, j = paste0("e", k), value = x / (x + y))
        set(cells, j = paste0("s", k), value = sqrt(pmax(0, y * y * cells[[paste0("aa", k)]] -
          2 * x * y * cells[[paste0("ab", k)]] + x * x * cells[[paste0("bb", k)]])) / (x + y)^2)
      }
      parts[[length(parts) + 1]] <- cells
    }
  }
  rbindlist(parts, fill = TRUE)
}
for (i in seq_len(as.integer(arg[3]))) seconds("cube", result <- cube())
if (length(arg) > 3) for (i in seq_len(as.integer(arg[3]))) seconds("write", {
  long <- rbindlist(lapply(q, function(k) result[, .(country, area, sex, band, education, question = k,
    estimate = get(paste0("e", k + 1)), se = get(paste0("s", k + 1)), n = get(paste0("n", k)), n_psu = get(paste0("m", k)))]))
  fwrite(long[n > 0], arg[4], na = "")
})
