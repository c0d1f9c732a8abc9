/// Results files of the tiny town for the tests of reports and exports, one space with a name that attacks every format.
#pragma once

#include <unistd.h>

#include "../agents/tiny_world.h"
#include "analysis/report_content.h"
#include "core/safe_file.h"
#include "sim/results.h"

namespace hutong {

inline constexpr const char* hostile_name = "\"'); drop table x; --<script>=1+1";

/// Two replicates of some months, written to a file that lives as long as the object.
class TinyResults {
public:
    explicit TinyResults(int months = 14, int replicates = 2, const std::string& name = "tiny", double enforcement = 1) {
        TinyWorld town(1, 1, tiny_town_drawing, with(enforcement));
        for (Space& space : town.district.spaces) space.name_en = space.name_zh = hostile_name;
        town.scenario.name = name;
        town.scenario.title_en = town.scenario.title_zh = name;
        town.scenario.text = canonical_text(town.scenario);
        town.scenario.hash = Hash().text(town.scenario.text).value();
        const IndicatorSet indicators(town.district);
        std::vector<Replicate> all;
        for (int r = 0; r < replicates; ++r) {
            const Model model{town.district, town.scenario, town.parallel, Luck(1, static_cast<std::uint32_t>(r)), {}};
            RunOutcome outcome =
                run(model, indicators, initial_world(model), {.months = months, .audit = false, .progress = {}, .cancelled = nullptr});
            all.push_back({static_cast<std::uint32_t>(r), outcome.state_hash, std::move(outcome.series), std::move(outcome.world.spaces)});
        }
        path_ = std::filesystem::temp_directory_path() / ("hutong_report_test_" + std::to_string(getpid()) + "_" + name + ".h5");
        write_safely(path_, build_results(town.model, indicators, all));
    }
    ~TinyResults() { std::filesystem::remove(path_); }
    TinyResults(const TinyResults&) = delete;
    TinyResults& operator=(const TinyResults&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    static Scenario with(double enforcement) {
        Scenario scenario;
        scenario.policy.change(Month{}, "control.enforcement", enforcement);
        return scenario;
    }
    std::filesystem::path path_;
};

}  // namespace hutong
