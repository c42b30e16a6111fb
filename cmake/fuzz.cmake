# vp_fuzz_target(NAME <source> LIBRARIES <targets…>)
#
# A libFuzzer program called NAME_fuzz; its corpus is tests/fuzz/corpus/NAME. In a module, src/**/url_fuzz.cpp
# becomes one without a word. `./dev fuzz` runs all of them.
if(VP_BUILD_FUZZERS)
  add_custom_target(fuzzers)
endif()

function(vp_fuzz_target name source)
  cmake_parse_arguments(ARG "" "" "LIBRARIES" ${ARGN})
  if(NOT VP_BUILD_FUZZERS)
    return()
  endif()
  add_executable(${name}_fuzz ${source})
  target_link_libraries(${name}_fuzz PRIVATE ${ARG_LIBRARIES} vajrapulse_warnings)
  target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzzers ${name}_fuzz)
endfunction()
