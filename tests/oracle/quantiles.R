# quantiles.R - quantiles of R survey, as rows of facts.
#
#   Rscript tests/oracle/quantiles.R ROOT sets SHARED > tests/facts/quantiles.csv   SHARED "-": the demo alone
#   Rscript tests/oracle/quantiles.R ROOT random DIR > facts.csv        designs of random_designs.py
#   Rscript tests/oracle/quantiles.R ROOT stages DIR > facts.csv        of stage_designs.py
#   Rscript tests/oracle/quantiles.R ROOT calibration DIR > facts.csv   of calibration_designs.py
#   Rscript tests/oracle/quantiles.R ROOT replicates DIR > facts.csv    designs of replicates_random.R
#
# The column `options` says how ictstat is to do the same.
args <- commandArgs(trailingOnly = TRUE)
root <- args[1]
source(file.path(root, "tests/oracle/cells.R"))
source(file.path(root, "tests/oracle/calibrated.R"))
P <- c(0.1, 0.25, 0.5, 0.9)
CI <- c(mean = "t", xlogit = "logit", beta = "beta", asin = "asin", quantile = "quantile")
source(file.path(root, "tests/oracle/quantile_cells.R"))

header <- TRUE
put <- function(rows, options) {
  if (is.null(rows)) return()
  write_facts(cbind(rows, contrast = "", options = options), header = header)
  header <<- FALSE
}
origin_of <- function(kind) sprintf("svyquantile(%s, %s)", kind$rule, kind$type)

# rules and types: every one with the default of the other.
ways <- function(types) {
  rules <- c("school", "hf3", INTERPOLATES)
  rbind(data.frame(rule = "math", type = types), data.frame(rule = rules, type = "mean"))
}
options_of <- function(rule, type, more = "") {
  words <- c(more, if (rule != "math") paste("--quantile-rule", rule), if (type != "mean") paste("--ci", CI[[type]]))
  paste(words[words != ""], collapse = " ")
}

# one(kind, item): the facts of one probability.
all_of <- function(one, types = c("mean", "xlogit", "beta", "asin"), more = "") {
  w <- ways(types)
  for (i in seq_len(nrow(w))) {
    rows <- do.call(rbind, lapply(P, function(p)
      one(list(p = p, rule = w$rule[i], type = w$type[i]), paste0("p", p * 100))))
    put(rows, options_of(w$rule[i], w$type[i], more))
  }
}

# The sets of facts.R, whose own facts() calls are replaced: what they measure, by kind.
sets <- function(shared) {
  way <<- NULL
  h <- read.csv(file.path(root, "datasets/demo/households.csv"), colClasses = c(hh_id = "character"))
  hd <- svydesign(id = ~psu, strata = ~interaction(region, area), weights = ~hh_weight, data = h, nest = TRUE)
  axes <- list(urbanisation = c("U", "R")[h$area], region = as.character(h$region))
  demo <- function(kind, item) facts("demo", "XEX", 2024, hd, "oracle.size_quantiles", kind, h$hh_size,
                                     c("", "urbanisation", "region"), axes, item = item)
  own <- function(dataset, period, d, id, y, by, axes) function(kind, item)
    facts(dataset, "USA", period, d, id, kind, y, by, axes, item = item)
  all_of(demo, more = "--replicates none")
  way <<- function(d) as.svrepdesign(d, type = "JKn")
  all_of(demo, c("mean", "xlogit"), "--replicates jkn")
  if (shared == "-") return()
  read <- function(file) read.csv(file.path(shared, "data/design", file))
  api <- function(dataset, file, design, replicates) {
    a <- read(file)
    d <- design(a)
    one <- own(dataset, 2000, d, "api.quantiles", a$api00, c("", "stype"), list(stype = a$stype))
    way <<- NULL
    all_of(one, more = "--replicates none")
    way <<- function(d) as.svrepdesign(d, type = replicates)
    all_of(one, c("mean", "beta"), paste("--replicates", tolower(replicates)))
  }
  api("r-survey-apistrat", "rsurvey_apistrat.csv", function(a) svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = a), "JKn")
  api("r-survey-apiclus1", "rsurvey_apiclus1.csv", function(a) svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = a), "JK1")
  api("r-survey-apisrs", "rsurvey_apisrs.csv", function(a) svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = a), "JK1")
  a <- read("rsurvey_scd.csv")
  d <- svydesign(id = ~ambulance, strata = ~ESA, weights = rep(1, nrow(a)), data = a, nest = TRUE)
  scd <- own("r-survey-scd", 1991, d, "scd.quantiles", a$arrests, "", list())
  way <<- NULL
  all_of(scd, more = "--replicates none")
  way <<- function(d) {  # the half-samples of replicates.R
    two <- matrix(c(1, 1, 1, -1), 2)
    h <- -kronecker(two, two)
    h[1, ] <- 1
    as.svrepdesign(d, hadamard.matrix = h, type = "BRR")
  }
  all_of(scd, c("mean", "quantile"), "--replicates brr")
}

# n: how many rules and types a design is asked for; all have their turn.
drawn <- function(dir, design_of, n) {
  way <<- NULL
  designs <- read.csv(file.path(dir, "designs.csv"))
  for (k in seq_len(nrow(designs))) {
    i <- designs[k, ]
    a <- read.csv(file.path(dir, paste0(i$name, ".csv")))
    d <- design_of(i, a)
    if (is.null(d)) next
    w <- ways(c("mean", "xlogit", "beta", "asin"))
    w <- w[1 + (k + seq_len(n) - 1) %% nrow(w), ]
    for (j in seq_len(nrow(w)))
      put(do.call(rbind, lapply(P, function(p)
        facts(i$name, "XAA", 2000, d, "random.quantiles", list(p = p, rule = w$rule[j], type = w$type[j]), a$value,
              c("", "r_group"), list(r_group = a$group), item = paste0("p", p * 100)))), options_of(w$rule[j], w$type[j], "--replicates none"))
  }
}

random_replicates <- function(dir) {
  for (file in list.files(dir, "^random-replicates-.*csv$")) {
    name <- sub(".csv", "", file)
    a <- read.csv(file.path(dir, file))
    yaml <- paste(readLines(file.path(dir, paste0(name, ".yaml"))), collapse = "\n")
    has <- function(key) { m <- regmatches(yaml, regexpr(paste0(key, ": \\[?[^],}]+"), yaml)); if (length(m)) sub(".*: \\[?", "", m) }
    number <- function(key) { v <- has(key); if (!is.null(v)) as.numeric(v) }
    rscales <- regmatches(yaml, regexpr("rscales: \\[[^]]+", yaml))
    rscales <- if (length(rscales)) as.numeric(strsplit(sub("rscales: \\[", "", rscales), ",")[[1]])
    type <- sub(".*replicates: \\{type: ([a-z0-9]+).*", "\\1", gsub("\n", " ", yaml))
    TYPES <- c(brr = "BRR", fay = "Fay", jk1 = "JK1", jk2 = "JK2", jkn = "JKn", bootstrap = "bootstrap",
               sdr = "successive-difference", acs = "ACS", other = "other")
    scale <- regmatches(yaml, regexpr("[^r]scale: [0-9.e-]+", yaml))
    scale <- if (length(scale)) as.numeric(sub(".*: ", "", scale))
    mse <- type == "acs" || grepl("mse: true", yaml)
    w <- as.matrix(a[grep("^rw", names(a))])
    way <<- function(d)
      svrepdesign(data = d$variables, weights = a$weight, repweights = w, type = TYPES[[type]],
                  combined.weights = !grepl("combined: false", yaml), rho = number("rho"),
                  scale = if (is.null(scale) && type == "jkn") 1 else scale, rscales = rscales, mse = mse)
    d <- svydesign(id = ~psu, weights = ~weight, data = a)
    for (type_of_ci in c("mean", "quantile", "xlogit", "beta"))
      put(suppressWarnings(do.call(rbind, lapply(P, function(p)
        facts(name, "XAA", 2000, d, "random.quantiles", list(p = p, rule = "math", type = type_of_ci), a$value,
              c("", "r_group"), list(r_group = a$group), item = paste0("p", p * 100))))), options_of("math", type_of_ci))
  }
}

switch(args[2], sets = sets(args[3]), random = drawn(args[3], random_design, 3),
       stages = drawn(args[3], unless_of_pairs, 1), calibration = drawn(args[3], calibrated_of(args[3]), 1),
       replicates = random_replicates(args[3]))
