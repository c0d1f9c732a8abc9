/// Why a space became what it became, and what a change of a block is made of: told in plain words from the results file
/// alone (`hutong explain`). Lines of text in the reader's language; a line that begins with '#' is a heading.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/space_record.h"
#include "core/text.h"
#include "sim/hindcast.h"
#include "sim/results.h"

namespace hutong {

/// The story of one space: what was possible, what was excluded by which clause, who decided, how the residents voted,
/// what it cost, how long each stage took, what it changed nearby.
std::vector<std::string> explain_space(const Results& results, const SpaceRecord& record, std::size_t space, const Text& text);

/// What the change of an indicator of a block from the start to the end of the run is made of. `rest` is what no booked
/// cause explains: parts and rest add up to `change`.
struct BlockChange {
    struct Part {
        std::string label;
        double change = 0;
    };
    double start = 0, end = 0, change = 0, rest = 0;
    std::vector<Part> parts;
    bool by_space = false;  ///< the parts are spaces that opened or emptied
};
/// Throws Error(usage) for an indicator without booked causes.
BlockChange explain_block(const Results& results, const SpaceRecord& record, std::size_t block, const IndicatorInfo& indicator,
                          std::size_t replicate, const Text& text);
/// Indicators that explain_block knows the causes of.
std::vector<std::string> explained_indicators();

/// The hindcast (sim/hindcast) of a results file, and how many of its known uses the rules permit at all.
struct HistoryMatch {
    Hindcast hindcast;
    int lawful = 0;
};
HistoryMatch match_history(const SpaceRecord& record, Month last);

// Words of the pack's enumerators in plain language.
std::string_view category_label(std::uint8_t category);
std::string_view form_label(std::uint8_t form);
std::string_view owner_label(std::uint8_t owner);
std::string_view direction_label(std::uint8_t direction);
std::string_view stage_label(SpaceStage stage);

}  // namespace hutong
