# find_package(ringfort) gives the program as ringfort::ringfort and each room as a
# library: ringfort::application scans, ringfort::report writes. tests/package uses both.
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/ringfort)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/src/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/ringfort
        FILES_MATCHING PATTERN "*.h"
        PATTERN "*sample*" EXCLUDE PATTERN testdata EXCLUDE PATTERN cli EXCLUDE)
install(EXPORT ringfort-targets NAMESPACE ringfort:: DESTINATION ${package})
configure_package_config_file(cmake/ringfort-config.cmake.in ${PROJECT_BINARY_DIR}/ringfort-config.cmake
                              INSTALL_DESTINATION ${package} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/ringfort-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/ringfort-config.cmake ${PROJECT_BINARY_DIR}/ringfort-config-version.cmake
        DESTINATION ${package})
