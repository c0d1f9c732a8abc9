/// The one error type. An error says what the problem is, why it is one, what to do, and where (file, line,
/// column) when a file is at fault. Texts are catalogue ids (English) with arguments; they are translated only
/// when shown (core/text.h).
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace hutong {

/// A text of the catalogue: English id with {} or {0} {1} places, and the arguments already written out.
struct Message {
    std::string id;
    std::vector<std::string> args;
};

/// Makes a message; `id` is what xgettext collects (keyword `msg`), so it must be a literal.
template <class... Args>
Message msg(std::string_view id, const Args&... args) {
    return Message{std::string(id), {fmt::format("{}", args)...}};
}

/// Exit codes of the program, one per kind of failure.
enum class ErrorKind : int {
    internal = 1,       ///< a broken promise of the program itself
    usage = 2,          ///< wrong command line
    missing_file = 3,   ///< a file that is needed is not there or cannot be read
    bad_scenario = 4,   ///< unknown key, wrong type, value out of range, unlawful decision
    bad_district = 5,   ///< the pack has problems
    bad_results = 6,    ///< a results file is broken, foreign, or of another version
    cannot_write = 7,   ///< target cannot be written, disk full
    too_large = 8,      ///< a limit of size is exceeded
    audit = 9,          ///< conservation was violated
    interrupted = 130,  ///< Ctrl-C
};

struct Place {
    std::string file;
    int line = 0;    ///< 1-based; 0 when unknown
    int column = 0;  ///< 1-based; 0 when unknown
};

class Error : public std::exception {
public:
    Error(ErrorKind kind, Message problem, Message why = {}, Message advice = {}, Place place = {});

    ErrorKind kind() const { return kind_; }
    const Message& problem() const { return problem_; }
    const Message& why() const { return why_; }
    const Message& advice() const { return advice_; }
    const Place& place() const { return place_; }
    /// English, on one line: "file:line:column: problem (why), what to do".
    const char* what() const noexcept override { return what_.c_str(); }

private:
    ErrorKind kind_;
    Message problem_, why_, advice_;
    Place place_;
    std::string what_;
};

/// Fills the places of `pattern` with the arguments of a message; a broken pattern is returned as it is.
std::string fill(std::string_view pattern, const std::vector<std::string>& args);

/// Checked in debug builds only: the contract between a function and its caller.
#ifdef NDEBUG
#define HUTONG_EXPECT(condition) ((void)0)
#else
[[noreturn]] void contract_broken(const char* condition, const char* file, int line);
#define HUTONG_EXPECT(condition) ((condition) ? (void)0 : ::hutong::contract_broken(#condition, __FILE__, __LINE__))
#endif

}  // namespace hutong
