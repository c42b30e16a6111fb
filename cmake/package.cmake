# What `cmake --install` leaves behind, so that
#   find_package(VajraPulse 0.10 REQUIRED COMPONENTS http)
# gives VajraPulse::http and whatever it stands on. tests/consumer builds a project that way.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(VP_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/VajraPulse)

# Header-only libraries are used up when our archives are compiled; a consumer needs the others to link.
function(vp_split_libraries archives_out header_only_out)
  set(header_only ${ARGN})
  list(FILTER header_only INCLUDE REGEX "^(vp::fmt|CLI11::CLI11|nlohmann_json::nlohmann_json)$")
  set(archives ${ARGN})
  list(FILTER archives EXCLUDE REGEX "^(vp::fmt|CLI11::CLI11|nlohmann_json::nlohmann_json)$")
  set(${archives_out} ${archives} PARENT_SCOPE)
  set(${header_only_out} ${header_only} PARENT_SCOPE)
endfunction()

function(vp_install_module name)
  if(NOT VP_INSTALL)
    return()
  endif()
  install(TARGETS vajrapulse_${name} EXPORT VajraPulseTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/include)
    install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  endif()
endfunction()

function(vp_install_package)
  get_property(VP_COMPONENTS GLOBAL PROPERTY VP_MODULES)
  install(EXPORT VajraPulseTargets NAMESPACE VajraPulse:: DESTINATION ${VP_PACKAGE_DIR})
  configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/VajraPulseConfig.cmake.in
    ${PROJECT_BINARY_DIR}/VajraPulseConfig.cmake INSTALL_DESTINATION ${VP_PACKAGE_DIR})
  # 0.x: what a minor version promises, only that minor version keeps.
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/VajraPulseConfigVersion.cmake
    VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/VajraPulseConfig.cmake ${PROJECT_BINARY_DIR}/VajraPulseConfigVersion.cmake
    ${PROJECT_SOURCE_DIR}/cmake/third_party.cmake DESTINATION ${VP_PACKAGE_DIR})
  if(TARGET vajrapulse)
    install(PROGRAMS $<TARGET_FILE:vajrapulse> DESTINATION ${CMAKE_INSTALL_BINDIR})
    # CMake strips only with `cmake --install --strip`; the program that people run is small either way.
    install(CODE "execute_process(COMMAND \"${CMAKE_STRIP}\" \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/$<TARGET_FILE_NAME:vajrapulse>\")")
  endif()
endfunction()
