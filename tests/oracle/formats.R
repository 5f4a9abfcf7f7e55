# formats.R - the demo survey as SPSS, Stata and SAS files, by haven.
#
#   Rscript tests/oracle/formats.R ROOT DIR
args <- commandArgs(trailingOnly = TRUE)
suppressMessages(library(haven))
demo <- function(f) file.path(args[1], "datasets/demo", f)
text <- c(hh_id = "character")
both <- list(households = read.csv(demo("households.csv"), colClasses = text),
             persons = read.csv2(demo("persons.csv"), colClasses = text))
yes_no <- c("Yes" = 1, "No" = 2, "Don't know" = 8, "Refused" = 9)
both$households$internet <- labelled(as.numeric(both$households$internet), yes_no, label = "Internet at home")
for (name in names(both)) {
  out <- function(ext) file.path(args[2], paste0(name, ext))
  write_sav(both[[name]], out(".sav"))
  write_sav(both[[name]], out(".zsav"), compress = "zsav")
  write_dta(both[[name]], out(".dta"), version = 14)
  write_xpt(both[[name]], out(".xpt"), version = 8)
}
