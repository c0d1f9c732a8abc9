# Options and flags that hold for every room.
option(HUTONG_TESTS "Build the tests" ON)
option(HUTONG_BENCHMARKS "Build the benchmarks" OFF)
option(HUTONG_VIEWER "Build the viewer (room viz: SFML, Dear ImGui; packages/viewer.txt)" ON)
option(HUTONG_STD_THREADS "core/parallel on std::thread instead of oneTBB (for the thread sanitizer)" OFF)
option(HUTONG_MPI "Spread replicates over processes with Boost.MPI (packages/mpi.txt)" OFF)
option(HUTONG_PCH "Read the headers that most files include once for each room; pointless with ccache" ON)
set(HUTONG_SANITIZE "" CACHE STRING "Sanitizers: empty, 'address,undefined' or 'thread'")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release or Debug" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(hutong_flags INTERFACE)
set_target_properties(hutong_flags PROPERTIES EXPORT_NAME flags)
target_compile_features(hutong_flags INTERFACE cxx_std_20)
# -ffp-contract=off: the same bits with and without fused multiply-add hardware (design.md, "Same bits everywhere").
# It goes to users of the library too, whose compiler sees the inline functions of our headers.
target_compile_options(hutong_flags INTERFACE -ffp-contract=off)
target_compile_options(hutong_flags INTERFACE
    $<BUILD_INTERFACE:-Wall> $<BUILD_INTERFACE:-Wextra> $<BUILD_INTERFACE:-Wshadow> $<BUILD_INTERFACE:-Wconversion>
    $<BUILD_INTERFACE:-Wno-sign-conversion> $<BUILD_INTERFACE:-Wno-psabi>
    $<BUILD_INTERFACE:-Wno-restrict>)  # GCC 12 sees overlaps in std::string that are not there (bug 105329)
target_include_directories(hutong_flags INTERFACE $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}> $<INSTALL_INTERFACE:include/hutong>)
if(HUTONG_SANITIZE)
  target_compile_options(hutong_flags INTERFACE -fsanitize=${HUTONG_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(hutong_flags INTERFACE -fsanitize=${HUTONG_SANITIZE})
endif()
