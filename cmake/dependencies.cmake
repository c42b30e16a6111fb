# Everything that comes from outside. docs/dependencies.md says why each is here.
include(${CMAKE_CURRENT_LIST_DIR}/third_party.cmake)

# Header-only: used up when our archives are compiled.
find_package(fmt REQUIRED)
add_library(vp::fmt ALIAS fmt::fmt-header-only)  # Debian ships no static libfmt
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)

if(VP_BUILD_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()
if(VP_BUILD_BENCHMARKS)
  find_package(benchmark REQUIRED)
endif()
