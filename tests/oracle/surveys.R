# surveys.R - the real files, read and recoded here without the mappings.
BY_PERSON <- c("", "sex", "age:itu", "urbanisation", "sex,urbanisation")

micro <- function(shared, file) file.path(shared, "data/microdata", file)

tic_facts <- function(year) function(root, shared) {
  read <- function(what) {
    d <- read.csv2(micro(shared, sprintf("ticdom_%d_%s_base_de_microdados_v1.0.csv", year, what)),
                   colClasses = "character", encoding = "UTF-8")
    names(d) <- tolower(names(d))
    for (v in intersect(c("peso", "idade"), names(d))) d[[v]] <- as.numeric(sub(",", ".", d[[v]]))
    d
  }
  h <- read("domicilios")
  p <- read("individuos")
  design <- function(d) svydesign(id = ~upa, strata = ~estrato, weights = ~peso, data = d, nest = TRUE)
  hd <- design(h[c("upa", "estrato", "peso")])
  pd <- design(p[c("upa", "estrato", "peso")])
  area <- function(d) c("1" = "U", "2" = "R")[d$area]
  h_axes <- list(urbanisation = unname(area(h)), region = h$cod_regiao,
                 economic_class = unname(c("1" = "A", "2" = "B", "3" = "C", "4" = "DE")[h$classe_cb2015]))
  p_axes <- list(urbanisation = unname(area(h))[match(p$id_domicilio, h$id_domicilio)],
                 labour_force_status = c("EMP", "EMP", "EMP", "UNE", "OLF")[as.numeric(p$pea)],
                 sex = unname(c("1" = "M", "2" = "F")[p$sexo]), "age:itu" = itu_bands(p$idade))
  set <- sprintf("tic-domicilios-%d", year)
  hh <- function(id, y, by = c("", "urbanisation"), kind = "proportion")
    facts(set, "BRA", year, hd, id, kind, y, by, h_axes)
  ind <- function(id, y, by = BY_PERSON, item = "", kind = "proportion")
    facts(set, "BRA", year, pd, id, kind, y, by, p_axes, item = item)
  connection <- function(item, types)  # of all households: without Internet is No
    facts(set, "BRA", year, hd, "HH11", "proportion", h$a7 %in% types, c("", "urbanisation"), h_axes, item = item)
  barrier <- function(item, v)  # households that said why
    facts(set, "BRA", year, hd, "HH14", "proportion", h[[v]] == "1", c("", "urbanisation"), h_axes, item = item,
          universe = h$a4 != "1" & h[[v]] != "99")
  said <- function(id, item, ...) ind(id, Reduce(`|`, lapply(c(...), function(v) p[[v]] == "1")), c("", "sex"), item)
  each <- function(id, questions) do.call(rbind, lapply(names(questions), function(item)
    do.call(said, c(list(id, item), as.list(questions[[item]])))))
  rbind(
    connection("fixed_narrowband", "1"), connection("fixed_broadband", c("2", "3")), connection("fixed_wireless", "4"),
    connection("satellite", "5"), connection("mobile_broadband", "6"),
    barrier("not_needed", "a5_b"), barrier("elsewhere", "a5_d"), barrier("no_skills", "a5_f"),
    barrier("not_available", "a5_g"), barrier("privacy", "a5_h"),
    each("HH8", TIC_PLACES), each("HH9", TIC_ACTIVITIES),
    ind("HH12", p$c4 == "1", c("", "sex"), "daily"), ind("HH12", p$c4 == "2", c("", "sex"), "weekly"),
    ind("HH12", p$c4 %in% c("3", "4"), c("", "sex"), "less"),
    ind("HH5", p$b2 == "1", c("", "sex")), ind("HH10", p$j1 == "1", c("", "sex")),
    ind("HH7", p$c3 == "1", "labour_force_status"),
    hh("HH1", h$radio != "0"), hh("HH2", h$tv != "0"),
    hh("HH4", h$a1_a == "1" | h$a1_b == "1" | h$a1_c == "1"),
    hh("HH6", h$a4 == "1", c("", "urbanisation", "economic_class", "region")),
    hh("oracle.households_internet", h$a4 == "1", kind = "count"),
    ind("17.8.1", p$c3 == "1"), ind("5.b.1", p$j5 == "1"),
    ind("oracle.internet_users", p$c3 == "1", "", kind = "count"),
    do.call(rbind, lapply(names(TIC_SKILLS), function(v) ind("4.4.1", p[[v]] == "1", "", TIC_SKILLS[[v]]))))
}
TIC_PLACES <- list(home = "c6_a", work = "c6_b", education = "c6_c", other_home = "c6_d", community = "c6_e",
                   commercial = "c6_f", in_mobility = "c6_g")
TIC_ACTIVITIES <- list(social_networks = "c7_d", voip = "c7_c", goods_info = "c8_a", health_info = "c8_b",
                       online_news = "c9_d", upload = "c11_c", banking = "c8_h", course = "c10_b",
                       government = c("c8_f", "c8_g"))
TIC_SKILLS <- c(i1_a = "SKILL_ICTCMFL", i1_b = "SKILL_ICTCPT", i1_c = "SKILL_ICTATCH", i1_d = "SKILL_ICTSSHT",
  i1_e = "SKILL_ICTCDV", i1_f = "SKILL_ICTSFWR", i1_g = "SKILL_ICTPST", i1_h = "SKILL_ICTTRFF", i1_i = "SKILL_ICTPRGM")

endutih_facts <- function(root, shared) {
  read <- function(f) read.csv(micro(shared, f), colClasses = "character", fileEncoding = "UTF-8-BOM")
  v <- read("endutih2021_vivienda.csv")
  h <- read("endutih2021_vivienda_hogar_limpio.csv")
  p <- read("endutih2021_residente_paren_1_limpio.csv")
  code <- paste0(as.integer(v$UPM), as.integer(v$VIV_SEL))
  design <- function(d) {
    at <- match(d$code, code)
    svydesign(id = ~UPM_DIS, strata = ~EST_DIS, weights = ~FAC_VIV, nest = TRUE,
              data = data.frame(v[at, c("UPM_DIS", "EST_DIS")], FAC_VIV = as.numeric(v$FAC_VIV[at])))
  }
  hd <- design(h)
  pd <- design(p)
  axes <- function(d) list(urbanisation = v$DOMINIO[match(d$code, code)])
  p_axes <- c(axes(p), list(sex = unname(c("1" = "M", "2" = "F")[sub("\\..*", "", p$SEXO)]),
                            "age:itu" = itu_bands(as.numeric(p$EDAD))))
  hh <- function(id, y, kind = "proportion")
    facts("endutih-2021", "MEX", 2021, hd, id, kind, y, c("", "urbanisation"), axes(h))
  head_uses <- function(v) { v <- as.numeric(v); ifelse(v == 9, NA, v == 1) }
  rbind(hh("HH1", h$P4_1_1 == "1"), hh("HH6", h$P4_4 == "1"), hh("oracle.households_internet", h$P4_4 == "1", "count"),
        facts("endutih-2021", "MEX", 2021, pd, "17.8.1", "proportion", head_uses(p$P3_9_2),
              c("", "sex", "age:itu", "sex,urbanisation"), p_axes))
}

pslm_facts <- function(root, shared) {
  read <- function(f) {  # labels come with blanks before them
    d <- read.csv(micro(shared, f), fileEncoding = "windows-1252")
    for (v in names(d)[sapply(d, is.character)]) d[[v]] <- trimws(d[[v]])
    d
  }
  q <- read("pslm2014_ict_person.csv.gz")
  r <- read("pslm2014_roster.csv.gz")
  g <- read("pslm2014_housing.csv.gz")
  design <- function(d) svydesign(id = ~PSU, weights = rep(1, nrow(d)), data = data.frame(PSU = d$PSU))
  at <- match(paste(q$hhcode, q$idc), paste(r$hhcode, r$idc))
  urban <- function(d) unname(c(Urban = "U", Rural = "R")[d$Region])
  axes <- list(sex = unname(c(Male = "M", Female = "F")[r$s1aq04[at]]), "age:itu" = itu_bands(r$age[at]),
               urbanisation = urban(q))
  pd <- design(q)
  gd <- design(g)
  ind <- function(id, y, by = BY_PERSON, item = "")
    facts("pslm-2014", "PAK", 2014, pd, id, "proportion", y, by, axes, item = item)
  hh <- function(id, y)
    facts("pslm-2014", "PAK", 2014, gd, id, "proportion", y, c("", "urbanisation"), list(urbanisation = urban(g)))
  slots <- q[sprintf("sictq020%d", 1:6)]
  says <- function(start) Reduce(`|`, lapply(slots, function(s) startsWith(s, start) | s == "All of the above"))
  rbind(hh("HH4", g$S3aq20E == "yes" | g$S3aq20F == "yes" | g$S3aq20G == "yes" | g$S3aq20H == "yes"),
        hh("HH6", g$S3aq20A == "yes"), ind("17.8.1", q$sictq04 == "YES"),
        do.call(rbind, lapply(names(PSLM_SKILLS), function(s) ind("4.4.1", says(s), "", PSLM_SKILLS[[s]]))))
}
# By the beginning of the label
PSLM_SKILLS <- c(
  "Copying or moving" = "SKILL_ICTCMFL", "Using copy and paste" = "SKILL_ICTCPT",
  "Sending e-mails" = "SKILL_ICTATCH", "Using basic arithmetic" = "SKILL_ICTSSHT",
  "Finding, downloading" = "SKILL_ICTSFWR", "Creating electronic" = "SKILL_ICTPST",
  "Transferring files" = "SKILL_ICTTRFF", "Writing a computer program" = "SKILL_ICTPRGM")

dhs_facts <- function(root, shared) {
  suppressMessages(library(haven))
  a <- zap_labels(read_dta(file.path(shared, "data/design/dhs_model_zzir62_subset.dta")))
  d <- svydesign(id = ~v021, strata = ~v023, weights = ~w, nest = TRUE,
                 data = data.frame(a[c("v021", "v023")], w = a$v005 * 1e-6))
  axes <- list(urbanisation = c("U", "R")[a$v025], region = as.character(a$v024), "age:itu" = itu_bands(a$v012))
  has <- function(v) ifelse(v == 2, 1, ifelse(v == 1, 0, NA))
  one <- function(id, y)
    facts("dhs-model-zz6", "ZZZ", 2015, d, id, "proportion", y, c("", "urbanisation", "region"), axes)
  rbind(one("dhs.radio", has(a$v120)), one("dhs.tv", has(a$v121)), one("dhs.phone", has(a$v153)),
        facts("dhs-model-zz6", "ZZZ", 2015, d, "dhs.mean_age", "mean", a$v012, c("", "region"), axes))
}

nhtsa_facts <- function(root, shared) {
  suppressMessages(library(haven))
  a <- zap_labels(read_sav(file.path(shared, "data/design/nhtsa-drinking-2008.sav")))
  d <- svydesign(id = ~1, strata = ~s, weights = ~proj_wt,
                 data = data.frame(s = paste(a$QNSA1, a$REGION), a["proj_wt"]))
  axes <- list(sex = c("M", "F")[a$QNS3A], "age:itu" = itu_bands(ifelse(a$qnd1 > 900, NA, a$qnd1)),
               region = as.character(a$REGION))
  facts("nhtsa-2008", "USA", 2008, d, "nhtsa.licensed", "proportion", ifelse(a$QND7A %in% 1:2, a$QND7A == 1, NA),
        c("", "sex", "region", "sex,age:itu"), axes)
}

recs_facts <- function(root, shared) {
  a <- read.csv(file.path(shared, "data/design/recs2015_brr.csv"))
  d <- svydesign(id = ~1, weights = ~NWEIGHT, data = a["NWEIGHT"])
  axes <- list(urbanisation = ifelse(a$Urbanicity == "Rural", "R", "U"),
               region = as.character(match(a$Region, c("Northeast", "Midwest", "South", "West"))))
  one <- function(id, kind, y) facts("recs-2015", "USA", 2015, d, id, kind, y, c("", "urbanisation", "region"), axes)
  rbind(one("recs.air_conditioning", "proportion", a$ACUsed), one("recs.air_conditioning_homes", "count", a$ACUsed),
        one("recs.square_feet", "mean", a$TOTSQFT_EN))
}
