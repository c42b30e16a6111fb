# One set of warnings for all of our own code; users of the libraries do not inherit it.
# A warning is an error with the compilers that CI runs; a newer one may know warnings that we have not met.
set(VP_WERROR_DEFAULT OFF)
if(PROJECT_IS_TOP_LEVEL AND ((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION MATCHES "^12\\.") OR
   (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION MATCHES "^19\\.")))
  set(VP_WERROR_DEFAULT ON)
endif()
option(VP_WERROR "Treat warnings as errors" ${VP_WERROR_DEFAULT})
add_library(vajrapulse_warnings INTERFACE)
target_compile_options(vajrapulse_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<BOOL:${VP_WERROR}>:-Werror>
  # GCC 12 reports null dereferences and unused results inside inlined library code that are not there.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-missing-field-initializers -Wno-restrict>
  $<$<CXX_COMPILER_ID:Clang>:-Wno-missing-field-initializers -Wno-missing-designated-field-initializers>)
