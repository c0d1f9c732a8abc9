# cmake --install: the program, its texts and scenarios, and the rooms as libraries: find_package(hutong) gives hutong::sim.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(hutong_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/hutong)
set(hutong_libraries hutong_flags)
foreach(room IN LISTS HUTONG_ROOMS)
  if(TARGET hutong_${room} AND NOT room STREQUAL "app")
    list(APPEND hutong_libraries hutong_${room})
    install(DIRECTORY ${room}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/hutong/${room} FILES_MATCHING PATTERN "*.h")
  endif()
endforeach()
install(TARGETS hutong RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS ${hutong_libraries} EXPORT hutong-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT hutong-targets NAMESPACE hutong:: DESTINATION ${hutong_package_dir})

configure_package_config_file(cmake/hutong-config.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/hutong-config.cmake
                              INSTALL_DESTINATION ${hutong_package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/hutong-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/hutong-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/hutong-config-version.cmake
        DESTINATION ${hutong_package_dir})

install(DIRECTORY scenarios/ DESTINATION ${CMAKE_INSTALL_DATADIR}/hutong/scenarios
        FILES_MATCHING PATTERN "*.toml" PATTERN "*.csv" PATTERN "*.gpkg" PATTERN "*.geojson")
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES README.md README.zh.md LICENSE CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
