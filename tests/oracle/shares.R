# shares.R - shares of a whole by R survey: svyratio of the part over the whole, as rows of facts.
#
#   Rscript tests/oracle/shares.R ROOT sets SHARED > tests/facts/shares.csv    SHARED "-": the demo alone
#   Rscript tests/oracle/shares.R ROOT random DIR > facts.csv        designs of random_designs.py
#   Rscript tests/oracle/shares.R ROOT stages DIR > facts.csv        of stage_designs.py
#   Rscript tests/oracle/shares.R ROOT calibration DIR > facts.csv   of calibration_designs.py
#
# The design is subset to the rows of the whole that are in a class; of a share of a number, to those who have
# the property. Limits on the logit scale (delta method), as cells.R; the ratio's own deff.
args <- commandArgs(trailingOnly = TRUE)
root <- args[1]
for (f in c("cells.R", "calibrated.R", "demo.R")) source(file.path(root, "tests/oracle", f))

# across: the class of each row; within: "" or a list of one axis; y: of each row, NA or TRUE for a number.
shares <- function(dataset, area, period, design, indicator, y, axis, across, within = NULL, options = "--replicates none") {
  number <- is.logical(y)
  y <- if (number) ifelse(y, 1, NA) else as.numeric(y)
  design$variables <- data.frame(y = ifelse(is.na(y), 0, y))
  all <- if (is.null(way)) design else way(design)
  weight <- weights(design)
  rows <- list()
  cells <- if (is.null(within)) rep("", length(y)) else within[[1]]
  for (cell in sort(unique(cells[!is.na(cells)]))) {
    keep <- !is.na(y) & !is.na(across) & !is.na(cells) & cells == cell
    seen <- keep & weight > 0
    if (!any(seen)) next
    if (sum(seen) == 1 && survey:::is.calibrated(design)) next  # as in cells.R
    for (class in sort(unique(across[keep]))) {
      own <- keep & across == class  # of all rows: a subset of a calibrated or PPS design keeps them
      if (all(y[own & weight > 0] == 0)) next
      all$variables$part <- ifelse(own, y, 0)
      d <- all[keep, ]
      df <- degf(d)
      r <- suppressWarnings(svyratio(~part, ~y, d))
      s <- as.vector(coef(r))
      se <- as.vector(SE(r))
      if (all(own[seen])) { s <- 1; se <- 0 * se }
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
  d <- demo_data(root)
  p <- d$p
  users <- p$internet_last %in% 1 & d$scope
  one <- function(options) rbind(
    shares("demo", "XEX", 2024, d$hd, "oracle.members_share", d$h$hh_size, "urbanisation", d$h_axes$urbanisation,
           options = options),
    shares("demo", "XEX", 2024, d$hd, "oracle.members_share", d$h$hh_size, "urbanisation", d$h_axes$urbanisation,
           d$h_axes["region"], options = options),
    shares("demo", "XEX", 2024, d$pd, "oracle.users_share", users, "sex", d$p_axes$sex,
           options = options),
    shares("demo", "XEX", 2024, d$pd, "oracle.users_share", users, "sex", d$p_axes$sex,
           d$p_axes["region"], options = options))
  plain <- one("--replicates none")
  way <<- function(d) as.svrepdesign(d, type = "JKn")
  rbind(plain, one("--replicates jkn"))
}

api <- function(shared, dataset, file, design) {
  a <- read.csv(file.path(shared, "data/design", file))
  shares(dataset, "USA", 2000, design(a), "api.enroll_share", a$enroll, "stype", a$stype)
}

nhanes <- function(shared) {
  a <- read.csv(file.path(shared, "data/design/rsurvey_nhanes.csv"))
  d <- svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, data = a, nest = TRUE)
  one <- function(within = NULL) shares("r-survey-nhanes", "USA", 2010, d, "nhanes.chol_share", a$HI_CHOL %in% 1, "race",
                                        as.character(a$race), within)
  rbind(one(), one(list(sex = c("M", "F")[a$RIAGENDR])))
}

sets <- function(shared) {
  ours <- demo()
  if (shared == "-") return(ours)
  way <<- NULL
  rbind(ours,
        api(shared, "r-survey-apistrat", "rsurvey_apistrat.csv", function(a) svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = a)),
        api(shared, "r-survey-apiclus1", "rsurvey_apiclus1.csv", function(a) svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = a)),
        nhanes(shared))
}

drawn <- function(design_of) function(i) {
  a <- read.csv(file.path(args[3], paste0(i$name, ".csv")))
  d <- design_of(i, a)
  if (is.null(d)) return(NULL)
  rbind(shares(i$name, "XAA", 2000, d, "random.share_of_size", a$size, "r_group", a$group),
        shares(i$name, "XAA", 2000, d, "random.share_of_yes", ifelse(is.na(a$yes), FALSE, a$yes == 1), "r_group", a$group))
}

DESIGNS <- list(random = random_design, stages = unless_of_pairs, calibration = calibrated_of(args[3]))
write_facts(if (args[2] == "sets") sets(args[3]) else
  of_designs(read.csv(file.path(args[3], "designs.csv")), drawn(DESIGNS[[args[2]]])))
