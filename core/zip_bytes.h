/// A ZIP archive of a few small files, stored without compression: what a document template needs.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hutong {

/// The archive's bytes; names are relative paths with '/'. The same files give the same bytes.
std::string zip_bytes(const std::vector<std::pair<std::string, std::string>>& files);

}  // namespace hutong
