# cmake -DMO=catalogue.mo -DOUT=catalogue.cpp -DNAME=catalogue_zh -P embed.cmake
# Writes the bytes of a compiled catalogue as a C++ array, so that the program needs no file at run time.
file(READ "${MO}" bytes HEX)
string(LENGTH "${bytes}" digits)
math(EXPR size "${digits} / 2")
string(REPEAT "." 64 line)
string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE "${OUT}" "// Written by po/embed.cmake from po/zh.po.\n#include <cstddef>\nnamespace hutong {\n"
  "extern const unsigned char ${NAME}[];\nextern const std::size_t ${NAME}_size;\n"
  "const unsigned char ${NAME}[] = {\n${bytes}\n};\nconst std::size_t ${NAME}_size = ${size};\n}  // namespace hutong\n")
