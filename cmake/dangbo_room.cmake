# All compiler flags live in two interface targets that are never installed.
add_library(dangbo_warnings INTERFACE)
target_compile_options(dangbo_warnings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wpedantic;-Wconversion;-Wsign-conversion;-Wshadow;-Wold-style-cast;-Wdouble-promotion;-Wnon-virtual-dtor;-Werror>
  $<$<COMPILE_LANGUAGE:C>:-Wall;-Wextra;-Wpedantic;-Wconversion;-Wshadow;-Wstrict-prototypes;-Wmissing-prototypes;-Werror>)
# std::stable_sort of libstdc++ 12 calls its own deprecated std::get_temporary_buffer, which g++ overlooks in a header of
# the system and Clang does not. g++ still refuses what is deprecated in our own text.
target_compile_options(dangbo_warnings INTERFACE $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Wno-deprecated-declarations>)
target_compile_options(dangbo_warnings INTERFACE -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
# Boost::headers defines this for whoever links it; g++ takes a precompiled header only from a body with the same macros.
target_compile_definitions(dangbo_warnings INTERFACE BOOST_ALL_NO_LIB)

add_library(dangbo_sanitizers INTERFACE)
if(DANGBO_SANITIZE)
  target_compile_options(dangbo_sanitizers INTERFACE
    -fsanitize=${DANGBO_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(dangbo_sanitizers INTERFACE -fsanitize=${DANGBO_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND DANGBO_SANITIZE MATCHES "undefined")
    # A third of g++'s time went into these two: a null pointer stops under AddressSanitizer too, alignment is left to
    # the clang builds.
    target_compile_options(dangbo_sanitizers INTERFACE -fno-sanitize=null,alignment)
  endif()
endif()

# What every target of this project has in common.
function(dangbo_common target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES
    CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_link_libraries(${target} PRIVATE
    $<BUILD_INTERFACE:dangbo_warnings> $<BUILD_INTERFACE:dangbo_sanitizers>)
endfunction()

# One precompiled header for the bodies of all rooms, one for all tests.
function(dangbo_precompile target kind)
  if(NOT DANGBO_PRECOMPILE)
    return()
  endif()
  if(NOT TARGET dangbo_precompiled_${kind})
    file(WRITE ${PROJECT_BINARY_DIR}/precompiled_${kind}.cpp "")
    add_library(dangbo_precompiled_${kind} OBJECT ${PROJECT_BINARY_DIR}/precompiled_${kind}.cpp)
    dangbo_common(dangbo_precompiled_${kind})
    target_link_libraries(dangbo_precompiled_${kind} PRIVATE absl::status absl::statusor absl::flat_hash_map)
    target_precompile_headers(dangbo_precompiled_${kind} PRIVATE
      <algorithm> <cstdint> <map> <memory> <optional> <span> <string> <string_view> <vector>
      <absl/container/flat_hash_map.h> <absl/status/statusor.h>
      <boost/date_time/gregorian/gregorian_types.hpp>)
    if(kind STREQUAL "tests")
      set_target_properties(dangbo_precompiled_tests PROPERTIES POSITION_INDEPENDENT_CODE OFF)
      target_link_libraries(dangbo_precompiled_${kind} PRIVATE GTest::gtest)
      target_precompile_headers(dangbo_precompiled_${kind} PRIVATE <gtest/gtest.h>)
    endif()
  endif()
  target_precompile_headers(${target} REUSE_FROM dangbo_precompiled_${kind})
endfunction()

# dangbo_room(base HEADERS ids.hpp … SOURCES digest.cpp … USES absl::status … PRIVATE_USES OpenSSL::Crypto …)
# A room: headers under include/dangbo/<room>/, bodies beside the calling CMakeLists.txt. A header not named here does
# not exist: it is neither installed nor checked to compile alone. ALONE: bodies among SOURCES that are never compiled
# together with others, because a name of theirs is another's too; a room without ALONE is never joined.
function(dangbo_room room)
  cmake_parse_arguments(ARG "" "" "HEADERS;SOURCES;ALONE;USES;PRIVATE_USES" ${ARGN})
  set(target dangbo_${room})
  list(TRANSFORM ARG_HEADERS PREPEND ${PROJECT_SOURCE_DIR}/include/dangbo/${room}/)
  add_library(${target} STATIC ${ARG_SOURCES})
  add_library(dangbo::${room} ALIAS ${target})
  dangbo_common(${target})
  target_sources(${target} PUBLIC FILE_SET HEADERS
    BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${ARG_HEADERS})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${target} PUBLIC ${ARG_USES} PRIVATE ${ARG_PRIVATE_USES})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${room} VERIFY_INTERFACE_HEADER_SETS ${PROJECT_IS_TOP_LEVEL})
  dangbo_precompile(${target} src)
  if(DANGBO_JOIN AND ARG_ALONE)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 10)
    set_source_files_properties(${ARG_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endif()
  set_property(GLOBAL APPEND PROPERTY DANGBO_ROOMS ${target})
endfunction()

# dangbo_test(NAME unit_test SOURCES … USES … [LABELS …]): one GoogleTest binary, labelled with its room. A test of
# threads (label `threads`) is labelled `tsan` as well where ThreadSanitizer watches it.
function(dangbo_test)
  cmake_parse_arguments(ARG "" "NAME;ROOM;TIMEOUT" "SOURCES;USES;LABELS" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SOURCES})
  dangbo_common(${ARG_NAME})
  target_include_directories(${ARG_NAME} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${ARG_NAME} PRIVATE ${ARG_USES} GTest::gtest GTest::gtest_main)
  # A precompiled header serves only bodies compiled as it was: -fPIE is for programs, the header's target is none.
  set_target_properties(${ARG_NAME} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  dangbo_precompile(${ARG_NAME} tests)
  add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME})
  if(DANGBO_SANITIZE STREQUAL "thread" AND "threads" IN_LIST ARG_LABELS)
    list(APPEND ARG_LABELS tsan)
  endif()
  set_tests_properties(${ARG_NAME} PROPERTIES LABELS "${ARG_ROOM};unit;${ARG_LABELS}")
  if(ARG_TIMEOUT)
    set_tests_properties(${ARG_NAME} PROPERTIES TIMEOUT ${ARG_TIMEOUT})
  endif()
endfunction()
