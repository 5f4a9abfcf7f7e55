# GNU's OpenMP library as an archive, for the command: sets ICTSTAT_OPENMP_COMMAND to what to link with.
#
# The library reads OMP_WAIT_POLICY as it is loaded, before main: only inside the command can
# engine/cli/main.c be earlier. Where there is no such archive (another compiler's OpenMP), threads
# without work wait as that library has them wait. `ictstat-mpi` needs none of this: `ictstat` becomes
# it with OMP_WAIT_POLICY in the environment (engine/cli/spread.c).
set(ICTSTAT_OPENMP_COMMAND "")
if(ICTSTAT_PARALLEL STREQUAL openmp AND CMAKE_C_COMPILER_ID STREQUAL GNU)
  execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libgomp.a
                  OUTPUT_VARIABLE archive OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(IS_ABSOLUTE "${archive}" AND EXISTS "${archive}")
    set(ICTSTAT_OPENMP_COMMAND -Wl,--as-needed ${archive} ${CMAKE_DL_LIBS})
  endif()
endif()
