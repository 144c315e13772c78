# What is installed: the libraries and the command line, no tests.
add_custom_target(program)
# What the unit tests need and no more: no command line, no fuzz replays.
add_custom_target(unit_tests)
add_custom_target(fuzz_targets)

# ringfort_precompile(<target> <owner> <header>...)
#
# Gives <target> the precompiled headers of <owner>, which compiles them. Only where
# RINGFORT_PRECOMPILE asks for it: the fuzz build goes without and so keeps every
# source honest about what it includes.
function(ringfort_precompile target owner)
  if(NOT RINGFORT_PRECOMPILE)
    return()
  endif()
  # The headers must see the same macros everywhere, and fmt brings one.
  target_link_libraries(${target} PRIVATE fmt::fmt)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # g++ 12 forgets which of them belong to the system and warns of its own library.
    target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
  if(target STREQUAL owner)
    target_precompile_headers(${target} PRIVATE ${ARGN})
  else()
    target_precompile_headers(${target} REUSE_FROM ${owner})
  endif()
endfunction()
set(RINGFORT_COMMON_HEADERS <algorithm> <array> <cstdint> <filesystem> <fstream> <functional> <map> <memory> <optional> <set>
    <span> <string> <string_view> <utility> <vector> <fmt/format.h>)

# ringfort_door(<name> <file>...)
#
# Tells these sources of the folder at hand that door <name> is open. No other source is
# told, so that a build with its doors shut takes all others from the compiler cache.
function(ringfort_door name)
  if(RINGFORT_WITH_${name})
    set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_DEFINITIONS RINGFORT_WITH_${name}=1)
  endif()
endfunction()

# ringfort_room(<folder> SOURCES ... [DEPENDS room...] [LIBRARIES lib...] [TESTS file...])
#
# Declares the room in <folder> (relative to src): one static library with
# explicit sources, the rooms it may see, and one test binary for the tests that
# lie beside its nouns. formats/pickle becomes target ringfort_formats_pickle and
# test binary formats_pickle_test; installed, ringfort::formats_pickle.
function(ringfort_room folder)
  cmake_parse_arguments(ROOM "" "" "SOURCES;DEPENDS;LIBRARIES;TESTS;TEST_DEPENDS" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  set(target ringfort_${name})
  set(link PUBLIC)
  if(ROOM_SOURCES)
    add_library(${target} STATIC ${ROOM_SOURCES})
  else()
    add_library(${target} INTERFACE)
    set(link INTERFACE)
  endif()
  target_compile_features(${target} ${link} cxx_std_20)
  target_include_directories(${target} ${link} $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
                             $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/ringfort>)
  target_link_libraries(${target} ${link} $<BUILD_INTERFACE:ringfort_options>)
  foreach(room ${ROOM_DEPENDS})
    string(REPLACE "/" "_" room ${room})
    target_link_libraries(${target} ${link} ringfort_${room})
  endforeach()
  target_link_libraries(${target} ${link} ${ROOM_LIBRARIES})
  if(ROOM_SOURCES)
    add_dependencies(program ${target})
    ringfort_precompile(${target} ringfort_base ${RINGFORT_COMMON_HEADERS})
  endif()
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  install(TARGETS ${target} EXPORT ringfort-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/ringfort)
  if(ROOM_TESTS AND RINGFORT_BUILD_TESTS)
    add_executable(${name}_test ${ROOM_TESTS})
    target_link_libraries(${name}_test PRIVATE ${target} GTest::gtest_main GTest::gmock)
    foreach(room ${ROOM_TEST_DEPENDS})
      string(REPLACE "/" "_" room ${room})
      target_link_libraries(${name}_test PRIVATE ringfort_${room})
    endforeach()
    target_compile_definitions(${name}_test PRIVATE RINGFORT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    # What ships is tested as it ships, and what is watched as it is watched; the tests
    # themselves need not be quick.
    if(RINGFORT_SANITIZE)
      target_compile_options(${name}_test PRIVATE -O0)
    else()
      target_compile_options(${name}_test PRIVATE $<$<CONFIG:Release>:-O0>)
    endif()
    ringfort_precompile(${name}_test base_test ${RINGFORT_COMMON_HEADERS} <gmock/gmock.h> <gtest/gtest.h>)
    add_dependencies(unit_tests ${name}_test)
    add_test(NAME ${name} COMMAND ${name}_test)
    set(seconds 300)
    if(RINGFORT_SANITIZE)
      set(seconds 900)
    endif()
    set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT ${seconds})
  endif()
endfunction()

# ringfort_fuzz(<name> <file> room...)
#
# A libFuzzer target fuzz_<name>. Without -fsanitize=fuzzer (any preset but
# `fuzz`) the same file is linked with a driver that replays the seeds, so that
# every seed and every old crash runs as a plain test.
function(ringfort_fuzz name file)
  set(target fuzz_${name})
  if(RINGFORT_FUZZ)
    add_executable(${target} ${file})
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    add_dependencies(fuzz_targets ${target})
  elseif(RINGFORT_BUILD_TESTS)
    add_executable(${target} ${file} ${PROJECT_SOURCE_DIR}/fuzz/replay_main.cc)
    add_test(NAME ${target} COMMAND ${target} ${PROJECT_SOURCE_DIR}/fuzz/corpus/${name})
    set_tests_properties(${target} PROPERTIES LABELS fuzz-replay TIMEOUT 300)
  else()
    return()
  endif()
  foreach(room ${ARGN})
    string(REPLACE "/" "_" room ${room})
    target_link_libraries(${target} PRIVATE ringfort_${room})
  endforeach()
  ringfort_precompile(${target} ringfort_base ${RINGFORT_COMMON_HEADERS})
endfunction()
