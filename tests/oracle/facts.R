# facts.R - make tests/facts/facts.csv with R survey.
#
#   Rscript tests/oracle/facts.R ROOT SHARED [DATASET...] > facts.csv
#
# ROOT: the project. SHARED: the folder with data/ (the real files), or "-" for none. A data set
# whose files are not there is left out. Without names: all.
args <- commandArgs(trailingOnly = TRUE)
root <- args[1]
shared <- args[2]
for (f in c("cells.R", "demo.R", "examples.R", "surveys.R")) source(file.path(root, "tests/oracle", f))
options(survey.lonely.psu = "adjust")

sets <- list(
  demo = demo_facts,
  "r-survey-apistrat" = apistrat_facts, "r-survey-apiclus1" = apiclus1_facts, "r-survey-apisrs" = apisrs_facts,
  "r-survey-fpc" = fpc_facts, "r-survey-scd" = scd_facts, "r-survey-nhanes" = nhanes_facts,
  "tic-domicilios-2015" = tic_facts(2015), "tic-domicilios-2016" = tic_facts(2016),
  "endutih-2021" = endutih_facts, "pslm-2014" = pslm_facts, "dhs-model-zz6" = dhs_facts,
  "nhtsa-2008" = nhtsa_facts, "recs-2015" = recs_facts)
if (length(args) > 2) sets <- sets[args[-(1:2)]]
if (shared == "-") sets <- sets[names(sets) == "demo"]

header <- TRUE
for (name in names(sets)) {
  message("R: ", name)
  write_facts(sets[[name]](root, shared), header = header)
  header <- FALSE
}
