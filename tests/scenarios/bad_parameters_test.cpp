// Bad parameters are refused at load, with the parameter's name.

#include <gtest/gtest.h>

#include <filesystem>

#include "scenarios/scenario.h"

namespace hutong {
namespace {

const std::filesystem::path baseline = std::filesystem::path(HUTONG_SOURCE_DIR) / "scenarios/baseline.toml";

/// The message with which a setting is refused; empty when it is taken.
std::string refusal(const std::string& set) {
    try {
        read_scenario(baseline, {set});
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

TEST(BadParameters, EveryNumberOutOfItsRangeIsRefusedByName) {
    std::size_t tried = 0;
    const auto hold = [&](const std::string& section, const std::vector<ParameterRow>& rows) {
        for (const ParameterRow& row : rows) {
            const bool whole = std::holds_alternative<std::int64_t>(row.value);
            if (!whole && !std::holds_alternative<double>(row.value)) continue;
            const Declaration& d = row.declaration;
            for (const double value : {d.low - 1, d.high + 1}) {
                const std::string refused =
                    refusal(section + row.path + "=" + (whole ? std::to_string(static_cast<std::int64_t>(value)) : std::to_string(value)));
                EXPECT_NE(refused.find(row.path), std::string::npos) << row.path << " = " << value << ": '" << refused << "'";
                ++tried;
            }
            const bool probability = d.unit == "share" && row.path.find("burden") == std::string::npos;
            if (probability) {
                EXPECT_LE(d.high, 1.0) << row.path;
            }
            if (d.unit == "1/yr") {
                EXPECT_GE(d.low, 0.0) << row.path;
            }
        }
    };
    hold("assumption.", list_parameters(Assumptions{}));
    EXPECT_GT(tried, 300U);
}

// Searches without a try, matches without a round, nests without a scale: nobody could choose anything.
TEST(BadParameters, EmptyChoiceSetsAreRefusedByName) {
    for (const std::string name : {"assumption.homes.search_tries", "assumption.homes.search_rounds", "assumption.homes.nest_scale",
                                   "assumption.labour.rounds", "assumption.labour.nest"}) {
        EXPECT_NE(refusal(name + "=0").find(name), std::string::npos) << name;
        EXPECT_EQ(refusal(name + "=1"), "") << name;
    }
}

TEST(Parameters, EachSaysWhereItsValueComesFrom) {
    std::size_t seen = 0;
    for (const auto& rows : {list_parameters(Assumptions{}, "assumption"), list_parameters(Levers{}, "policy")}) {
        for (const ParameterRow& row : rows) {
            EXPECT_FALSE(row.declaration.label.empty()) << row.path;
            EXPECT_TRUE(!row.declaration.source.empty() || !row.declaration.clause.empty()) << row.path << " has no source";
            ++seen;
        }
    }
    EXPECT_GT(seen, 300U);
}

TEST(BadParameters, MonthsAndSpansAreRefusedByName) {
    for (const std::string name : {"assumption.homes.campaign_from", "assumption.homes.campaign_until", "assumption.homes.later_from",
                                   "assumption.homes.surrender_from"})
        EXPECT_NE(refusal(name + "=someday").find(name), std::string::npos);
    EXPECT_NE(refusal("assumption.homes.arrival_to_age=20").find("arrival_to_age"), std::string::npos);
    EXPECT_NE(refusal("assumption.homes.campaign_until=2016-01").find("campaign_until"), std::string::npos);
    EXPECT_EQ(refusal("assumption.homes.later_from=2024-01"), "");
}

}  // namespace
}  // namespace hutong
