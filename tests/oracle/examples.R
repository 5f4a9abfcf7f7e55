# examples.R - the example sets of the survey package, as its help pages declare their designs.
api_facts <- function(dataset, file, design) function(root, shared) {
  a <- read.csv(file.path(shared, "data/design", file))
  d <- design(a)
  axes <- list(stype = a$stype)
  one <- function(id, kind, y, x = NULL, by = c("", "stype")) facts(dataset, "USA", 2000, d, id, kind, y, by, axes, x)
  rbind(one("api.mean_api00", "mean", a$api00), one("api.total_enroll", "total", a$enroll),
        one("api.tested", "ratio", a$api.stu, a$enroll), one("api.growth", "mean", a$api00 - a$api99),
        one("api.elementary", "proportion", a$stype == "E", by = ""),
        one("api.target", "proportion", a$sch.wide == "Yes"), one("api.count_target", "count", a$sch.wide == "Yes"))
}
apistrat_facts <- api_facts("r-survey-apistrat", "rsurvey_apistrat.csv",
  function(a) svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = a))
apiclus1_facts <- api_facts("r-survey-apiclus1", "rsurvey_apiclus1.csv",
  function(a) svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = a))
apisrs_facts <- api_facts("r-survey-apisrs", "rsurvey_apisrs.csv",
  function(a) svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = a))

fpc_facts <- function(root, shared) {
  a <- read.csv(file.path(shared, "data/design/rsurvey_fpc.csv"))
  d <- svydesign(id = ~psuid, strata = ~stratid, weights = ~weight, fpc = ~Nh, data = a, nest = TRUE)
  rbind(facts("r-survey-fpc", "USA", 2000, d, "fpc.mean_x", "mean", a$x, ""),
        facts("r-survey-fpc", "USA", 2000, d, "fpc.total_x", "total", a$x, ""))
}

scd_facts <- function(root, shared) {
  a <- read.csv(file.path(shared, "data/design/rsurvey_scd.csv"))
  d <- svydesign(id = ~ambulance, strata = ~ESA, weights = rep(1, nrow(a)), data = a, nest = TRUE)
  rbind(facts("r-survey-scd", "USA", 1991, d, "scd.survival", "ratio", a$alive, "", x = a$arrests),
        facts("r-survey-scd", "USA", 1991, d, "scd.arrests", "total", a$arrests, ""))
}

nhanes_facts <- function(root, shared) {
  a <- read.csv(file.path(shared, "data/design/rsurvey_nhanes.csv"))
  d <- svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, data = a, nest = TRUE)
  group <- c("(0,19]" = "Y0T19", "(19,39]" = "Y20T39", "(39,59]" = "Y40T59", "(59,Inf]" = "Y_GE60")
  axes <- list(sex = c("M", "F")[a$RIAGENDR], race = as.character(a$race), age_group = unname(group[a$agecat]))
  by <- c("", "sex", "race", "sex,age_group")
  rbind(facts("r-survey-nhanes", "USA", 2010, d, "nhanes.high_chol", "proportion", a$HI_CHOL, by, axes),
        facts("r-survey-nhanes", "USA", 2010, d, "nhanes.count_high_chol", "count", a$HI_CHOL, by, axes))
}
