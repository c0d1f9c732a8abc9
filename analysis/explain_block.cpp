// What the change of an indicator of one block is made of, the largest part first: booked causes of the population, flows
// of posts and businesses, single spaces for areas. Parts and rest add up to the change.
#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/explain.h"

namespace hutong {
namespace {

std::string_view cause_label(std::string_view cause) {
    constexpr std::pair<std::string_view, std::string_view> labels[] = {{"births", tr("Births")},
                                                                        {"deaths", tr("Deaths")},
                                                                        {"moves_in", tr("Moves in")},
                                                                        {"moves_out", tr("Moves out")},
                                                                        {"moves_within_in", tr("Moves within the district, arriving")},
                                                                        {"moves_within_out", tr("Moves within the district, leaving")},
                                                                        {"unbooked", tr("not booked to a cause")}};
    for (const auto& [name, label] : labels) {
        if (name == cause) return label;
    }
    return cause;
}

/// Indicators that are the sum of flows of the month, with their signs; what is left is told as the rest.
struct FlowPart {
    std::string_view indicator, flow;
    double sign;
};
constexpr FlowPart flow_parts[] = {{"filled_jobs", "hires_resident", 1}, {"filled_jobs", "hires_outside", 1},
                                   {"filled_jobs", "separations", -1},   {"jobs", "posts_opened", 1},
                                   {"jobs", "posts_closed", -1},         {"businesses", "business_entries", 1},
                                   {"businesses", "business_exits", -1}};

constexpr std::string_view direction_names[] = {"service", "green", "convenience", "high_end", "other"};

class BlockStory {
public:
    BlockStory(const Results& results, const SpaceRecord& record, std::size_t block, std::size_t replicate, const Text& text)
        : results_(results), record_(record), block_(block), replicate_(replicate), text_(text) {}

    BlockChange tell(const IndicatorInfo& indicator) {
        const auto values = column(indicator);
        change_.start = values.front();
        change_.end = values.back();
        change_.change = change_.end - change_.start;
        if (indicator.name == "population") {
            by_cause();
        } else if (indicator.name == "reused_area" || indicator.name.starts_with("opened_area.")) {
            by_opening(indicator.name);
        } else if (indicator.name == "vacated_area") {
            by_vacating();
        } else {
            by_flow(indicator.name);
        }
        std::stable_sort(change_.parts.begin(), change_.parts.end(),
                         [](const auto& a, const auto& b) { return std::abs(a.change) > std::abs(b.change); });
        change_.rest = change_.change;
        for (const auto& part : change_.parts) change_.rest -= part.change;
        return std::move(change_);
    }

private:
    std::vector<double> column(const IndicatorInfo& indicator) const {
        const auto all = results_.values(indicator, Level::block, replicate_);
        std::vector<double> values;
        for (std::size_t m = 0; m < results_.months.size(); ++m) values.push_back(all[m * results_.blocks.size() + block_]);
        return values;
    }

    void by_cause() {
        std::map<std::string, std::int64_t> sums;
        std::vector<std::string> order;
        for (const auto& row : record_.causes(block_)) {
            if (!sums.contains(row.cause)) order.push_back(row.cause);
            sums[row.cause] += row.change;
        }
        std::sort(order.begin(), order.end());
        for (const auto& cause : order) change_.parts.push_back({text_(cause_label(cause)), static_cast<double>(sums[cause])});
    }

    void by_flow(const std::string& name) {
        for (const FlowPart& part : flow_parts) {
            if (part.indicator != name) continue;
            const IndicatorInfo& flow = results_.indicator(part.flow);
            const auto values = column(flow);
            double sum = 0;
            for (std::size_t m = 1; m < values.size(); ++m) sum += part.sign * values[m];
            change_.parts.push_back({indicator_label(text_, flow.label, flow.kind_en, flow.kind_zh), sum});
        }
        if (!change_.parts.empty()) return;
        std::string known;
        for (const std::string& one : explained_indicators()) known += (known.empty() ? "" : ", ") + one;
        throw Error(ErrorKind::usage, msg("the causes of '{}' are not booked", name),
                    msg("it is no sum of things that happen in the block"), msg("choose one of {}, or compare two scenarios", known));
    }

    /// Every m2 in use is one space's; what a share gives to public use counts as service (P1).
    void by_opening(const std::string& name) {
        change_.by_space = true;
        const auto first = Month::parse(results_.months.front());
        constexpr double dm2_per_m2 = 100;
        for (const SpaceRow& space : record_.spaces) {
            if (space.block != block_ || space.opened.index == 0 || space.use == no_use || (first && space.opened <= *first)) continue;
            const std::string_view direction = direction_names[std::min<std::size_t>(record_.uses[space.use].direction, 4)];
            const double given = static_cast<double>(space.public_dm2) / dm2_per_m2;
            double area = space.area_m2;
            if (name != "reused_area") {
                const std::string_view wanted = std::string_view(name).substr(std::string_view("opened_area.").size());
                area = (direction == wanted ? space.area_m2 - given : 0) + (wanted == "service" ? given : 0);
            }
            if (area <= 0) continue;
            const bool zh = text_.language() == Language::chinese;
            const UseRow& use = record_.uses[space.use];
            change_.parts.push_back({text_(msg("{} ({}), {}", space.code, space.opened.text(), zh ? use.name_zh : use.name_en)), area});
        }
    }

    void by_vacating() {
        change_.by_space = true;
        const auto first = Month::parse(results_.months.front());
        for (const SpaceRow& space : record_.spaces) {
            if (space.block != block_ || space.stage == SpaceStage::occupied || (first && space.vacated <= *first)) continue;
            const bool zh = text_.language() == Language::chinese;
            change_.parts.push_back(
                {text_(msg("{} ({}), {}", space.code, space.vacated.text(), zh ? space.name_zh : space.name_en)), space.area_m2});
        }
    }

    const Results& results_;
    const SpaceRecord& record_;
    std::size_t block_, replicate_;
    const Text& text_;
    BlockChange change_;
};

}  // namespace

std::vector<std::string> explained_indicators() {
    std::vector<std::string> names{"population", "jobs", "filled_jobs", "businesses", "vacated_area", "reused_area"};
    for (const auto direction : direction_names) names.push_back("opened_area." + std::string(direction));
    return names;
}

BlockChange explain_block(const Results& results, const SpaceRecord& record, std::size_t block, const IndicatorInfo& indicator,
                          std::size_t replicate, const Text& text) {
    return BlockStory(results, record, block, replicate, text).tell(indicator);
}

}  // namespace hutong
