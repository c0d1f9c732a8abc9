# Options and flags that hold for every room.
option(HUTONG_TESTS "Build the tests" ON)
option(HUTONG_STD_THREADS "core/parallel on std::thread instead of oneTBB (for the thread sanitizer)" OFF)
set(HUTONG_SANITIZE "" CACHE STRING "Sanitizers: empty, 'address,undefined' or 'thread'")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(hutong_flags INTERFACE)
# -ffp-contract=off: the same bits with and without fused multiply-add hardware (design.md, "Same bits everywhere").
target_compile_options(hutong_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wno-psabi -ffp-contract=off)
target_include_directories(hutong_flags INTERFACE $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}> $<INSTALL_INTERFACE:include/hutong>)
if(HUTONG_SANITIZE)
  target_compile_options(hutong_flags INTERFACE -fsanitize=${HUTONG_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(hutong_flags INTERFACE -fsanitize=${HUTONG_SANITIZE})
endif()
