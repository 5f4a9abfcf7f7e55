# package.R - the examples of the survey package that its help pages and vignettes print answers for.
#
#   Rscript tests/oracle/package.R ROOT files DIR               their data, as CSV files
#   Rscript tests/oracle/package.R ROOT facts > tests/facts/examples.csv
#
# The data stay the package's: they are written when a test wants them (tests/facts/examples.py).
args <- commandArgs(trailingOnly = TRUE)
root <- args[1]
source(file.path(root, "tests/oracle/cells.R"))
options(survey.lonely.psu = "fail")
for (set in c("mu284", "api", "election", "hospital", "scd")) data(list = set)

# Levy and Lemeshow's half-samples, as help(scd) has them.
half_samples <- 2 * cbind(c(1, 0, 1, 0, 1, 0), c(1, 0, 0, 1, 0, 1), c(0, 1, 1, 0, 0, 1), c(0, 1, 0, 1, 1, 0))
colnames(half_samples) <- paste0("r", 1:4)
types <- as.data.frame(xtabs(~stype, data = apipop), responseName = "total")

write_files <- function(folder) {
  exact <- function(v) trimws(formatC(v, digits = 17, format = "g"))
  put <- function(a, name) write.csv(a, file.path(folder, paste0("rsurvey_", name, ".csv")), row.names = FALSE, na = "", quote = FALSE)
  school <- c("cds", "stype", "dnum", "snum", "api00", "api99", "enroll", "api.stu", "sch.wide", "pw")
  put(transform(mu284, w = exact(n1 / 5 * n2 / 3)), "mu284")
  put(apiclus1[c(school, "fpc")], "apiclus1")
  put(types, "stypes")
  put(transform(apiclus2, fpc2 = as.numeric(fpc2))[c(school, "fpc1", "fpc2")], "apiclus2")
  put(cbind(election_pps[c("Bush", "Kerry", "Nader")], p = exact(election_pps$p), wt = exact(1 / election_pps$p)), "election_pps")
  put(transform(hospital, weighta = exact(weighta)), "hospital")
  put(cbind(scd, half_samples), "scd")
}

# An indicator: its id, what kind, and its variables in the design's data.
of <- function(dataset, period, a, design, id, kind, y, x = NULL, by = "", area = "USA", ...)
  facts(dataset, area, period, design, id, kind, a[[y]], by, list(stype = as.character(a$stype)), if (!is.null(x)) a[[x]], ...)

school_facts <- function(dataset, a, d) rbind(
  of(dataset, 2000, a, d, "api.mean_api00", "mean", "api00", by = c("", "stype")),
  of(dataset, 2000, a, d, "api.total_enroll", "total", "enroll", by = c("", "stype")),
  of(dataset, 2000, a, d, "api.tested", "ratio", "api.stu", "enroll"))

# Approximations of pairs take weights for 1/p, and cannot be subset with deff: as in stages.R.
votes <- function(dataset, pps) {
  true <- svydesign(id = ~1, fpc = ~p, data = election_pps, pps = pps)
  brewer <- identical(pps, "brewer")
  d <- if (brewer) true else svydesign(id = ~1, weights = ~I(1 / p), data = election_pps)
  se_of <- function(v) if (!brewer) function(in_cell, kind) as.vector(SE(svytotal(reformulate(v), true)))
  do.call(rbind, lapply(c("Bush", "Kerry", "Nader"), function(v)
    of(dataset, 2004, election_pps, d, paste0("election.", tolower(v)), "total", v, se_of = se_of(v))))
}

survivors <- function(dataset, d) rbind(of(dataset, 1991, scd, d, "scd.survival", "ratio", "alive", "arrests"),
                                        of(dataset, 1991, scd, d, "scd.arrests", "total", "arrests"))

all_facts <- function() {
  clusters <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1)
  hospitals <- svydesign(strata = ~oblevel, id = ~hospno, weights = ~weighta, fpc = ~tothosp, data = hospital)
  two <- svydesign(id = ~id1 + id2, fpc = ~n1 + n2, data = mu284)
  stations <- svydesign(id = ~ambulance, strata = ~ESA, weights = rep(1, nrow(scd)), data = scd, nest = TRUE)
  rows <- rbind(
    of("r-survey-mu284", 1985, mu284, two, "mu284.total_y1", "total", "y1", area = "SWE"),
    of("r-survey-mu284", 1985, mu284, two, "mu284.mean_y1", "mean", "y1", area = "SWE"),
    school_facts("r-survey-apiclus2", apiclus2, svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2)),
    school_facts("r-survey-apiclus2-wr", apiclus2, svydesign(id = ~dnum + snum, weights = ~pw, data = apiclus2)),
    school_facts("r-survey-apiclus1-poststratified", apiclus1, postStratify(clusters, ~stype, xtabs(~stype, data = apipop))),
    votes("r-survey-election", "brewer"), votes("r-survey-election-overton", "overton"), votes("r-survey-election-hartley-rao", HR()),
    of("r-survey-hospital", 1980, hospital, hospitals, "hospital.births", "total", "births"),
    survivors("r-survey-scd", stations))
  way <<- function(d) svrepdesign(variables = d$variables, repweights = half_samples, weights = rep(1, nrow(scd)), type = "BRR")
  rows <- rbind(rows, survivors("r-survey-scd-brr", stations))
  write_facts(cbind(rows, options = ""))
}

if (args[2] == "files") write_files(args[3]) else all_facts()
