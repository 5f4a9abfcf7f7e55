# demo.R - the synthetic survey of datasets/demo, recoded here without the mapping.

# Both designs, the classes of each row, and the persons in the universe of persons' indicators.
demo_data <- function(root) {
  h <- read.csv(file.path(root, "datasets/demo/households.csv"), colClasses = c(hh_id = "character"))
  p <- read.csv2(file.path(root, "datasets/demo/persons.csv"), colClasses = c(hh_id = "character"))
  at <- match(p$hh_id, h$hh_id)
  for (v in c("region", "area", "psu")) p[[v]] <- h[[v]][at]
  design <- function(d, w) svydesign(id = ~psu, strata = ~interaction(region, area), weights = w, data = d, nest = TRUE)
  urban <- c("U", "R")
  h_axes <- list(urbanisation = urban[h$area], region = as.character(h$region))
  p_axes <- list(urbanisation = urban[p$area], region = as.character(p$region), sex = c("M", "F")[p$sex],
                 "age:itu" = itu_bands(ifelse(p$age == 999, NA, p$age)))
  list(h = h, p = p, hd = design(h, h$hh_weight), pd = design(p, p$weight), h_axes = h_axes, p_axes = p_axes,
       scope = p$age >= 5 & p$age != 999)
}
# 8 don't know, 9 refused: missing, but for households' Internet and use, which count them as No
demo_strict <- function(v) ifelse(v %in% 1:2, v == 1, NA)
demo_skill <- function(v) ifelse(v %in% c(2, 7), 0, ifelse(v == 1, 1, NA))
demo_use <- function(p) ifelse(p$internet_last %in% 1:4, p$internet_last == 1, NA)

demo_facts <- function(root, shared) {
  d <- demo_data(root)
  h <- d$h
  p <- d$p
  hh <- function(id, y, by, kind = "proportion", ...) facts("demo", "XEX", 2024, d$hd, id, kind, y, by, d$h_axes, ...)
  ind <- function(id, y, by, item = "")
    facts("demo", "XEX", 2024, d$pd, id, "proportion", y, by, d$p_axes, universe = d$scope, item = item)
  by_hh <- c("", "urbanisation", "region")
  by_ind <- c("", "sex", "age:itu", "urbanisation", "sex,urbanisation", "region")
  any3 <- function(a, b, c) ifelse(a == 1 | b == 1 | c == 1, 1, ifelse(a == 2 & b == 2 & c == 2, 0, NA))
  rbind(
    hh("HH1", demo_strict(h$radio), by_hh),
    hh("HH2", demo_strict(h$tv), by_hh),
    hh("HH4", any3(h$desktop, h$laptop, h$tablet), by_hh),
    hh("HH6", yes(h$internet, 1), by_hh),
    hh("oracle.households_internet", yes(h$internet, 1), by_hh, "count"),
    hh("oracle.household_size", h$hh_size, by_hh, "mean"),
    hh("oracle.members", h$hh_size, by_hh, "total"),
    hh("oracle.members_online", ifelse(h$internet == 1, h$hh_size, 0), by_hh, "ratio", x = h$hh_size, scale = 100),
    ind("17.8.1", demo_use(p), by_ind),
    ind("5.b.1", demo_strict(p$phone_own), by_ind),
    do.call(rbind, lapply(names(DEMO_SKILLS), function(v)
      ind("4.4.1", demo_skill(p[[v]]), c("", "sex,urbanisation"), item = DEMO_SKILLS[[v]]))))
}
DEMO_SKILLS <- c(
  s_copy_paste = "SKILL_ICTCPT", s_send_attachment = "SKILL_ICTATCH", s_spreadsheet = "SKILL_ICTSSHT",
  s_devices = "SKILL_ICTCDV", s_software = "SKILL_ICTSFWR", s_presentation = "SKILL_ICTPST",
  s_transfer = "SKILL_ICTTRFF", s_program = "SKILL_ICTPRGM", s_security = "SKILL_ICTSCRTY",
  s_privacy = "SKILL_ICTPRVCY", s_verify = "SKILL_ICTVRFY")
