# How the code is compiled, by kind of build: optimised, sanitised, profiled, covered.
# All of it is for our own build only; a project that adds us as a subdirectory keeps its own flags.
if(NOT PROJECT_IS_TOP_LEVEL)
  return()
endif()

set(VP_SANITIZE "" CACHE STRING "Sanitizers: \"address,undefined\" or \"thread\"")
option(VP_PROFILE "Keep frame pointers and symbols, for perf" OFF)
option(VP_COVERAGE "Instrument for llvm-cov (clang)" OFF)
option(VP_LTO "Optimise across files at link time" OFF)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Kind of build" FORCE)
endif()

find_program(VP_CCACHE ccache)
if(VP_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${VP_CCACHE})
endif()

if(CMAKE_BUILD_TYPE STREQUAL "Release")
  set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
  add_compile_options(-ffunction-sections -fdata-sections)
  # The C++ library travels inside the binary, which then asks of a machine only its libc.
  add_link_options(-Wl,--gc-sections -static-libgcc -static-libstdc++)
endif()

if(VP_SANITIZE)
  # -O1 keeps sanitised tests quick; line tables are all that a report needs.
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -gline-tables-only")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -foptimize-sibling-calls")
  endif()
  add_compile_options(-fsanitize=${VP_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${VP_SANITIZE})
endif()

if(VP_PROFILE)
  add_compile_options(-g -fno-omit-frame-pointer -mno-omit-leaf-frame-pointer)
endif()

if(VP_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()

if(VP_BUILD_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  string(REGEX MATCH "^[0-9]+" major ${CMAKE_CXX_COMPILER_VERSION})
  find_program(VP_LLD NAMES ld.lld-${major})
  if(VP_LLD)
    add_link_options(-fuse-ld=lld)
  endif()
endif()

if(VP_LTO)
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
endif()
