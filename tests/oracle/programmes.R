# programmes.R - make facts with R survey of surveys whose files are made by tests/surveys/make_surveys.py,
# read and recoded here without the mappings.
#
#   Rscript tests/oracle/programmes.R ROOT FOLDER       > tests/facts/programmes.csv
#   Rscript tests/oracle/programmes.R ROOT FOLDER proxy > tests/facts/programmes-proxy.csv
#
# proxy: 17.8.1 from questions that are not its own, by the copies of the mappings that say so.
args <- commandArgs(trailingOnly = TRUE)
root <- args[1]
source(file.path(root, "tests/oracle/cells.R"))
read <- function(file, ...) read.csv(file.path(args[2], file), ...)
design <- function(d, psu, strata, weight) svydesign(id = psu, strata = strata, weights = weight, data = d, nest = TRUE)
urban <- c("U", "R")
quintile <- function(v) ifelse(v %in% 1:5, paste0("Q", v), NA)
is <- function(v, codes) as.numeric(!is.na(v) & v %in% codes)  # whatever else is said, or not, is No
NINE <- c("SKILL_ICTCMFL", "SKILL_ICTCPT", "SKILL_ICTATCH", "SKILL_ICTSSHT", "SKILL_ICTCDV", "SKILL_ICTSFWR",
          "SKILL_ICTPST", "SKILL_ICTTRFF", "SKILL_ICTPRGM")

mics <- function(set, people, mark, weight, sex) {
  h <- read("hh.sav.csv")
  p <- read(paste0(people, ".sav.csv"))
  v <- function(name) p[[paste0(mark, name)]]
  hd <- design(h, ~PSU, ~stratum, ~hhweight)
  p$w <- p[[weight]]
  pd <- design(p, ~PSU, ~stratum, ~w)
  hin <- h$HH46 == 1
  pin <- v("WM17") == 1 & v("WB4") >= 15 & v("WB4") <= 49
  by_hh <- c("", "urbanisation", "income_wealth_quantile")
  h_axes <- list(urbanisation = urban[h$HH6], income_wealth_quantile = quintile(h$windex5))
  p_axes <- list(urbanisation = urban[p$HH6], income_wealth_quantile = quintile(h$windex5)[match(paste(p$HH1, p$HH2), paste(h$HH1, h$HH2))],
                 "age:itu" = itu_bands(v("WB4")), sex = rep(sex, nrow(p)))
  hh <- function(id, y, item = "", by = by_hh) facts(set, "XEX", 2019, hd, id, "proportion", y, by, h_axes, universe = hin, item = item)
  ind <- function(id, y, item = "", by = c("", "sex", "urbanisation", "age:itu", "income_wealth_quantile"))
    facts(set, "XEX", 2019, pd, id, "proportion", y, by, p_axes, universe = pin, item = item)
  skills <- function(id) do.call(rbind, lapply(1:9, function(i)
    ind(id, is(v(paste0("MT6", LETTERS[i])), 1), NINE[i], "")))
  rbind(hh("HH1", is(h$HC7B, 1)), hh("HH2", is(h$HC9A, 1)), hh("HH3", is(h$HC7A, 1), "fixed"), hh("HH3", is(h$HC12, 1), "mobile"),
        hh("HH3", pmax(is(h$HC7A, 1), is(h$HC12, 1)), "any"), hh("HH4", is(h$HC11, 1)), hh("HH6", is(h$HC13, 1)),
        hh("HH11", is(h$HC13, 1), "any", ""),
        ind("17.8.1", is(v("MT10"), 1:3)), ind("HH7", is(v("MT10"), 1:3), "", ""), ind("HH5", is(v("MT5"), 1:3)),
        ind("HH10", is(v("MT12"), 1:3)), ind("5.b.1", is(v("MT11"), 1)), ind("HH18", is(v("MT11"), 1), "", ""),
        ind("HH12", is(v("MT10"), 3), "daily", ""), ind("HH12", is(v("MT10"), 2), "weekly", ""), ind("HH12", is(v("MT10"), 1), "less", ""),
        skills("4.4.1"), skills("HH15"))
}

dhs <- function(set, people, m, sex, proxy = FALSE) {
  h <- read("hr.dta.csv")
  p <- read(paste0(people, ".dta.csv"))
  v <- function(name) p[[paste0(m, "v", name)]]
  h$w <- h$hv005 / 1e6
  p$w <- v("005") / 1e6
  p$psu <- v("021")
  p$st <- v("022")
  hd <- design(h, ~hv021, ~hv022, ~w)
  pd <- design(p, ~psu, ~st, ~w)
  pin <- v("012") >= 15 & v("012") <= 49
  at <- match(paste(v("001"), v("002")), paste(h$hv001, h$hv002))
  h_axes <- list(urbanisation = urban[h$hv025], income_wealth_quantile = quintile(h$hv270))
  p_axes <- list(urbanisation = urban[h$hv025][at], sex = rep(sex, nrow(p)), "age:itu" = itu_bands(v("012")))
  hh <- function(id, y, item = "") facts(set, "XEX", 2018, hd, id, "proportion", y, c("", "urbanisation", "income_wealth_quantile"), h_axes, item = item)
  ind <- function(id, y, by = c("", "sex", "urbanisation", "age:itu"))
    facts(set, "XEX", 2018, pd, id, "proportion", y, by, p_axes, universe = pin)
  owns <- ifelse(v("169a") %in% 0:1, v("169a"), NA)
  if (proxy) {
    set <- paste0(set, "-proxy")
    return(ind("17.8.1", ifelse(v("171a") %in% 0:3, v("171a") == 1, NA)))
  }
  rbind(hh("HH1", is(h$hv207, 1)), hh("HH2", is(h$hv208, 1)), hh("HH3", is(h$hv221, 1), "fixed"), hh("HH3", is(h$hv243a, 1), "mobile"),
        hh("HH3", pmax(is(h$hv221, 1), is(h$hv243a, 1)), "any"), hh("HH4", is(h$hv243e, 1)),
        ind("5.b.1", owns), ind("HH18", owns, ""))
}

# Two countries in one file: estimates are made within each.
by_country <- function(set, year, d, country, weight, strata, y, ids, axes) {
  do.call(rbind, lapply(sort(unique(country)), function(one) {
    rows <- country == one
    sub <- d[rows, , drop = FALSE]
    sub$w <- weight[rows]
    sub$st <- strata[rows]
    des <- svydesign(id = ~1, strata = ~st, weights = ~w, data = sub)
    cut <- lapply(axes, function(a) a[rows])
    do.call(rbind, lapply(ids, function(id)
      facts(set, one, year, des, id, "proportion", y[rows], c("", names(axes)), cut, universe = sub$scope)))
  }))
}

findex <- function(set, year, file, encoding, area, y, ids) {
  d <- read(file, fileEncoding = encoding)
  d$scope <- !is.na(d$age) & d$age >= 15
  axes <- list(sex = c("F", "M")[d$female], urbanisation = c("R", "U")[d[[area]]], income_wealth_quantile = quintile(d$inc_q),
               "age:itu" = itu_bands(d$age))
  by_country(set, year, d, d$economycode, d$wgt, rep(1, nrow(d)), y(d), ids, axes)
}

afrobarometer <- function(round, year, file, question, sex, weight, countries) {
  d <- read(paste0(file, ".csv"))
  d$scope <- d$Q1 >= 18 & d$Q1 < 998
  use <- ifelse(d[[question]] == -1, NA, is(d[[question]], 1:4))
  axes <- list(sex = c("M", "F")[d[[sex]]], urbanisation = ifelse(d$URBRUR == 2, "R", "U"))
  by_country(paste0("afrobarometer-r", round, "-proxy"), year, d, unname(countries[as.character(d$COUNTRY)]),
             d[[weight]], paste(d$REGION, d$URBRUR), use, PROXIED, axes)
}
PROXIED <- c("17.8.1", "HH7")

eph <- function() {
  set <- "eph-mautic-2018"
  h <- read("usu_hogar_tic_T418.txt", sep = ";")
  p <- read("usu_individual_tic_T418.txt", sep = ";")
  b <- read("usu_individual_T418.txt", sep = ";")
  key <- function(d) paste(d$CODUSU, d$NRO_HOGAR)
  at <- match(paste(key(p), p$COMPONENTE), paste(key(b), b$COMPONENTE))
  age <- pmax(b$CH06[at], 0)
  done <- h$REALIZADA[match(key(p), key(h))] == 1
  hd <- design(h, ~CODUSU, ~AGLOMERADO, ~POND_TIC)
  pd <- design(p, ~CODUSU, ~AGLOMERADO, ~POND_TIC)
  axes <- list(sex = c("M", "F")[b$CH04[at]], "age:itu" = itu_bands(age))
  said <- function(v) ifelse(is.na(v), NA, is(v, 1))
  hh <- function(id, y, item = "") facts(set, "ARG", 2018, hd, id, "proportion", y, "", universe = h$REALIZADA == 1, item = item)
  ind <- function(id, y) facts(set, "ARG", 2018, pd, id, "proportion", y, c("", "sex", "age:itu"), axes, universe = done & age >= 4)
  rbind(hh("HH4", said(h$IH_II_01)), hh("HH6", said(h$IH_II_02)), hh("HH11", said(h$IH_II_02), "any"),
        ind("17.8.1", said(p$IP_III_04)), ind("HH7", said(p$IP_III_04)), ind("HH5", said(p$IP_III_05)), ind("HH10", said(p$IP_III_06)))
}

both_findex <- function(suffix, y2021, y2024, ids) rbind(
  findex(paste0("findex-2021", suffix), 2021, "micro_world_139countries.csv", "latin1", "urbanicity_f2f", y2021, ids),
  findex(paste0("findex-2024", suffix), 2024, "findex_microdata_2025_labelled_update112425.csv", "UTF-8", "urbanicity", y2024, ids))

as_shipped <- function() rbind(
  mics("mics6-women", "wm", "", "wmweight", "F"), mics("mics6-men", "mn", "M", "mnweight", "M"),
  dhs("dhs-7-8-women", "ir", "", "F"), dhs("dhs-7-8-men", "mr", "m", "M"),
  both_findex("", function(d) is(d$mobileowner, 1), function(d) is(d$con1, 1), c("5.b.1", "HH18")),
  eph())

by_proxy <- function() rbind(
  dhs("dhs-7-8-women", "ir", "", "F", proxy = TRUE), dhs("dhs-7-8-men", "mr", "m", "M", proxy = TRUE),
  both_findex("-proxy", function(d) is(d$internetaccess, 1), function(d) d$internet_use, PROXIED),
  afrobarometer(7, 2017, "r7_merged_data_34ctry.release.sav", "Q91B", "Q101", "withinwt", c("6" = "CIV", "12" = "KEN")),
  afrobarometer(8, 2020, "afrobarometer_release-dataset_merge-34ctry_r8_en_2023-03-01.sav", "Q92I", "Q101", "withinwt_hh",
                c("8" = "CIV", "15" = "KEN")),
  afrobarometer(9, 2022, "R9.Merge_39ctry.20Nov23.final_.release_Updated.4Jun25-3.sav", "Q90I", "Q100", "withinwt_hh",
                c("8" = "CIV", "16" = "KEN")))

write_facts(if (length(args) > 2) by_proxy() else as_shipped())
