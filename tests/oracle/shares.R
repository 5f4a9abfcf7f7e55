# shares.R - shares of a whole by R survey: svyratio of the part over the whole, as rows of facts.
#
#   Rscript tests/oracle/shares.R ROOT demo > tests/facts/shares.csv
#   Rscript tests/oracle/shares.R ROOT random DIR > facts.csv      designs of random_designs.py
#
# The design is subset to the rows of the whole that are in a class; of a share of a number, to those who have
# the property. Limits on the logit scale (delta method), as cells.R; the ratio's own deff.
args <- commandArgs(trailingOnly = TRUE)
root <- args[1]
source(file.path(root, "tests/oracle/cells.R"))

# across: the class of each row; within: "" or a list of one axis; y: of each row, NA or TRUE for a number.
shares <- function(dataset, area, period, design, indicator, y, axis, across, within = NULL, options = "--replicates none") {
  number <- is.logical(y)
  y <- if (number) ifelse(y, 1, NA) else as.numeric(y)
  design$variables <- data.frame(y = y)
  all <- if (is.null(way)) design else way(design)
  weight <- weights(design)
  rows <- list()
  cells <- if (is.null(within)) rep("", length(y)) else within[[1]]
  for (cell in sort(unique(cells[!is.na(cells)]))) {
    keep <- !is.na(y) & !is.na(across) & !is.na(cells) & cells == cell
    seen <- keep & weight > 0
    if (!any(seen)) next
    d <- all[keep, ]
    df <- degf(d)
    for (class in sort(unique(across[keep]))) {
      own <- across[keep] == class
      if (all(d$variables$y[own & weight[keep] > 0] == 0)) next
      d$variables$part <- ifelse(own, d$variables$y, 0)
      r <- suppressWarnings(svyratio(~part, ~y, d))
      s <- as.vector(coef(r))
      se <- as.vector(SE(r))
      if (all(own[weight[keep] > 0])) { s <- 1; se <- 0 * se }
      d$variables$z <- d$variables$part - s * d$variables$y
      deff <- if (s == 1) NA else as.vector(deff(svytotal(~z, d, deff = "replace")))
      inside <- s > 0 && s < 1
      half <- if (df > 0) qt(0.975, df) * se else NA
      ci <- if (s == 1 && df > 0 && !is.nan(se)) c(1, 1) else if (inside) plogis(qlogis(s) + c(-1, 1) * half / (s * (1 - s))) else s + c(-1, 1) * half
      by <- if (is.null(within)) axis else paste(axis, names(within), sep = ",")
      at <- if (is.null(within)) class else paste(class, cell, sep = ",")
      rows[[length(rows) + 1]] <- data.frame(
        dataset, indicator, "", area, period, by, at, text_of(s * 100), text_of(se * 100), text_of(ci[1] * 100),
        text_of(ci[2] * 100), text_of(deff), df, sum(seen), length(unique(design$cluster[seen, 1])),
        length(unique(design$strata[seen, 1])), text_of(sum(weight[seen])), "survey 4.1-1 svyratio")
    }
  }
  out <- do.call(rbind, rows)
  if (is.null(out)) return(NULL)
  names(out) <- HEADER
  cbind(out, contrast = "", options = options)
}

demo <- function() {
  h <- read.csv(file.path(root, "datasets/demo/households.csv"), colClasses = c(hh_id = "character"))
  p <- read.csv2(file.path(root, "datasets/demo/persons.csv"), colClasses = c(hh_id = "character"))
  at <- match(p$hh_id, h$hh_id)
  for (v in c("region", "area", "psu")) p[[v]] <- h[[v]][at]
  design <- function(d, w) svydesign(id = ~psu, strata = ~interaction(region, area), weights = w, data = d, nest = TRUE)
  urban <- c("U", "R")
  users <- p$internet_last %in% 1 & p$age >= 5 & p$age != 999
  one <- function(options) rbind(
    shares("demo", "XEX", 2024, design(h, h$hh_weight), "oracle.members_share", h$hh_size, "urbanisation", urban[h$area],
           options = options),
    shares("demo", "XEX", 2024, design(h, h$hh_weight), "oracle.members_share", h$hh_size, "urbanisation", urban[h$area],
           list(region = as.character(h$region)), options = options),
    shares("demo", "XEX", 2024, design(p, p$weight), "oracle.users_share", users, "sex", c("M", "F")[p$sex],
           options = options),
    shares("demo", "XEX", 2024, design(p, p$weight), "oracle.users_share", users, "sex", c("M", "F")[p$sex],
           list(region = as.character(p$region)), options = options))
  plain <- one("--replicates none")
  way <<- function(d) as.svrepdesign(d, type = "JKn")
  rbind(plain, one("--replicates jkn"))
}

random <- function(i) {
  a <- read.csv(file.path(args[3], paste0(i$name, ".csv")))
  d <- random_design(i, a)
  rbind(shares(i$name, "XAA", 2000, d, "random.share_of_size", a$size, "r_group", a$group),
        shares(i$name, "XAA", 2000, d, "random.share_of_yes", ifelse(is.na(a$yes), FALSE, a$yes == 1), "r_group", a$group))
}

write_facts(if (args[2] == "demo") demo() else of_designs(read.csv(file.path(args[3], "designs.csv")), random))
