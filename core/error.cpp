#include "core/error.h"

#include <fmt/args.h>

namespace hutong {

std::string fill(std::string_view pattern, const std::vector<std::string>& args) {
    fmt::dynamic_format_arg_store<fmt::format_context> store;
    for (const auto& arg : args) store.push_back(arg);
    try {
        return fmt::vformat(pattern, store);
    } catch (const fmt::format_error&) {
        return std::string(pattern);
    }
}

Error::Error(ErrorKind kind, Message problem, Message why, Message advice, Place place)
    : kind_(kind), problem_(std::move(problem)), why_(std::move(why)), advice_(std::move(advice)), place_(std::move(place)) {
    if (!place_.file.empty()) {
        what_ = place_.file;
        if (place_.line > 0) what_.append(1, ':').append(std::to_string(place_.line));
        if (place_.column > 0) what_.append(1, ':').append(std::to_string(place_.column));
        what_ += ": ";
    }
    what_ += fill(problem_.id, problem_.args);
    if (!why_.id.empty()) what_ += " (" + fill(why_.id, why_.args) + ")";
    if (!advice_.id.empty()) what_ += ", " + fill(advice_.id, advice_.args);
}

#ifndef NDEBUG
void contract_broken(const char* condition, const char* file, int line) {
    throw Error(ErrorKind::internal, msg("contract broken: {}", condition), {}, {}, {file, line, 0});
}
#endif

}  // namespace hutong
