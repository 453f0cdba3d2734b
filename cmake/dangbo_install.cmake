# What is installed, for whom:
#   component runtime      libdangbo.so.<abi>, the dangbo command
#   component development  headers, libdangbo.so, static archives of the rooms, CMake package, dangbo.pc
# and what find_package(dangbo COMPONENTS …) offers:
#   c    dangbo::c, the shared C library; needs nothing else
#   cxx  dangbo::<room> and dangbo::dangbo, static archives without a binary promise; needs our outside libraries
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(dangbo_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/dangbo)
set(dangbo_package_components "")

# ---- c ----
if(TARGET dangbo_c)
  list(APPEND dangbo_package_components c)
  # The name of the alias inside the project is the name outside.
  set_target_properties(dangbo_c PROPERTIES EXPORT_NAME c)
  get_target_property(dangbo_c_header_sets dangbo_c HEADER_SETS)
  if(NOT dangbo_c_header_sets)
    message(FATAL_ERROR "dangbo_c must declare its headers: target_sources(dangbo_c PUBLIC FILE_SET HEADERS …)")
  endif()
  install(TARGETS dangbo_c EXPORT dangbo_c_targets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT development
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
  install(EXPORT dangbo_c_targets NAMESPACE dangbo:: DESTINATION ${dangbo_package_dir} COMPONENT development)

  # The way from dangbo.pc to the prefix, so that the tree can be moved.
  file(RELATIVE_PATH dangbo_prefix_from_pc
    ${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
  string(REGEX REPLACE "/$" "" dangbo_prefix_from_pc "${dangbo_prefix_from_pc}")
  configure_file(${PROJECT_SOURCE_DIR}/cmake/dangbo.pc.in ${PROJECT_BINARY_DIR}/dangbo.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/dangbo.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
endif()

# ---- cxx ----
get_property(dangbo_room_targets GLOBAL PROPERTY DANGBO_ROOMS)
if(dangbo_room_targets)
  list(APPEND dangbo_package_components cxx)
  if(TARGET dangbo::dangbo)
    get_target_property(dangbo_umbrella dangbo::dangbo ALIASED_TARGET)
    set_target_properties(${dangbo_umbrella} PROPERTIES EXPORT_NAME dangbo)
    list(APPEND dangbo_room_targets ${dangbo_umbrella})
  endif()
  list(REMOVE_DUPLICATES dangbo_room_targets)
  install(TARGETS ${dangbo_room_targets} EXPORT dangbo_cxx_targets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
  install(EXPORT dangbo_cxx_targets NAMESPACE dangbo:: DESTINATION ${dangbo_package_dir} COMPONENT development)
endif()

# ---- command ----
if(TARGET dangbo_cli)
  install(TARGETS dangbo_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime)
endif()

# ---- package ----
if(dangbo_package_components)
  configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/dangbo-config.cmake.in
    ${PROJECT_BINARY_DIR}/dangbo-config.cmake
    INSTALL_DESTINATION ${dangbo_package_dir}
    NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/dangbo-config-version.cmake
    COMPATIBILITY SameMajorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/dangbo-config.cmake ${PROJECT_BINARY_DIR}/dangbo-config-version.cmake
    DESTINATION ${dangbo_package_dir} COMPONENT development)
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/NOTICE
    DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT development)
endif()
