# readers.R - R's readers of the same persons, and nothing done with them; a peer of benchmarks/bench.py.
#
#   Rscript readers.R FILE THREADS REPEAT
#
# Prints REPEAT times "fread seconds" of a .csv by data.table, or "read_sav seconds" of a .sav by haven.
arg <- commandArgs(TRUE)
sav <- grepl("[.]sav$", arg[1])
if (!sav) data.table::setDTthreads(as.integer(arg[2]))
for (i in seq_len(as.integer(arg[3]))) {
  t <- system.time(if (sav) haven::read_sav(arg[1]) else data.table::fread(arg[1], showProgress = FALSE))[["elapsed"]]
  cat(if (sav) "read_sav" else "fread", t, "\n")
}
