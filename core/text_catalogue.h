/// The Chinese texts of the program as they are compiled in, for what must know every character that may be shown.
#pragma once

#include <string>
#include <vector>

namespace hutong {

/// Every translation of po/zh.po.
std::vector<std::string> chinese_texts_of_the_catalogue();

}  // namespace hutong
