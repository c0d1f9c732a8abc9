# cmake -DIN=page.js -DOUT=page.cpp -DNAME=page_js -P embed.cmake
# Includes the bytes of a file through the assembler (fast also for megabytes), with their SHA-256 in base 64 as a
# Content-Security-Policy wants it.
file(SIZE "${IN}" size)
file(SHA256 "${IN}" hex)
set(alphabet ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
set(hash "")
foreach(at RANGE 0 63 3)  # three hexadecimal digits are two of base 64; 64 digits need two of padding
  string(SUBSTRING "${hex}00" ${at} 3 digits)
  math(EXPR value "0x${digits}")
  math(EXPR first "${value} >> 6")
  math(EXPR second "${value} & 63")
  string(SUBSTRING ${alphabet} ${first} 1 a)
  string(SUBSTRING ${alphabet} ${second} 1 b)
  string(APPEND hash "${a}${b}")
endforeach()
string(SUBSTRING "${hash}" 0 43 hash)
string(APPEND hash "=")
file(WRITE "${OUT}" "// Written by cmake/embed.cmake.
#include <cstddef>
asm(\".section .rodata\\n.balign 16\\n.global hutong_bytes_${NAME}\\nhutong_bytes_${NAME}:\\n.incbin \\\"${IN}\\\"\\n.byte 0\\n.previous\\n\");
extern \"C\" const unsigned char hutong_bytes_${NAME}[];
namespace hutong {
extern const unsigned char* const ${NAME};
extern const std::size_t ${NAME}_size;
extern const char* const ${NAME}_hash;
const unsigned char* const ${NAME} = hutong_bytes_${NAME};
const std::size_t ${NAME}_size = ${size};
const char* const ${NAME}_hash = \"${hash}\";
}  // namespace hutong
")
