# HDF5 as an archive, for the command: sets ICTSTAT_HDF5_COMMAND to what to link with.
#
# Debian's shared HDF5 can read from the network and brings thirty libraries for it (curl, Kerberos,
# LDAP ...), which cost more at each start than the rest of the start. Nothing here asks the archive
# for that part. Where there is no archive, or it does not link, the shared library it is.
option(ICTSTAT_STATIC_HDF5 "the command holds HDF5 itself, where there is an archive of it" ON)
set(ICTSTAT_HDF5_COMMAND ${HDF5_C_LIBRARIES})
if(ICTSTAT_STATIC_HDF5)
  list(GET HDF5_C_LIBRARIES 0 first)
  get_filename_component(folder ${first} DIRECTORY)
  find_library(HDF5_ARCHIVE NAMES libhdf5.a HINTS ${folder} NO_DEFAULT_PATH)
  if(HDF5_ARCHIVE)
    set(others ${HDF5_C_LIBRARIES})
    list(FILTER others EXCLUDE REGEX "/libhdf5[^/]*$")
    include(CheckCSourceCompiles)
    set(CMAKE_REQUIRED_INCLUDES ${HDF5_C_INCLUDE_DIRS})
    set(CMAKE_REQUIRED_LIBRARIES -Wl,--as-needed ${HDF5_ARCHIVE} ${others})
    check_c_source_compiles("#include <hdf5.h>\nint main(void) { return H5open() < 0; }"
                            ICTSTAT_HDF5_ARCHIVE_LINKS)
    unset(CMAKE_REQUIRED_INCLUDES)
    unset(CMAKE_REQUIRED_LIBRARIES)
    if(ICTSTAT_HDF5_ARCHIVE_LINKS)
      set(ICTSTAT_HDF5_COMMAND -Wl,--as-needed ${HDF5_ARCHIVE} ${others})
    endif()
  endif()
endif()
