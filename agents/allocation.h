/// What a use is worth in a space (G3, G4): shortfall covered, green, convenience, high-end jobs and tax, less cost
/// and assessed population effect. Central allocation takes the best over all spaces the district decides, under
/// budget, agenda and headroom; first come takes each space by itself in the order in which they empty.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "agents/model.h"
#include "agents/reach_index.h"
#include "agents/world.h"
#include "scenarios/rules.h"

namespace hutong {

/// The parts of a score, in points: 1 point = one resident's worth of one service. Newly served members of a smaller
/// target group weigh as much more as the group is smaller, so that every service's served share counts alike.
struct Score {
    double service = 0, green = 0, convenience = 0, high_end = 0, cost = 0, population = 0;
    double rules = 1;  ///< factor of the rules (C2, C3)
    double total = 0;
};

/// Scores uses against the World as it is; choices of one round are counted against each other. One object per month.
class Allocation {
public:
    Allocation(const Model& model, const World& world);

    /// The score of a use in a space now; `verdict` carries the rules that speak for it.
    Score score(std::uint32_t space, UseId use, const Verdict& verdict);

    /// The best lawful use of one space by the district's score that `budget_yuan` of district money can pay, or none.
    UseId best(std::uint32_t space, const std::vector<Verdict>& verdicts, std::int64_t headroom, std::int64_t budget_yuan);

    struct Choice {
        std::uint32_t space = 0;
        UseId use;
        double total = 0;       ///< score when it was chosen
        std::size_t index = 0;  ///< into the list of spaces
    };
    /// Central allocation over `spaces`: at most `most` choices whose district money adds up to at most `budget_yuan`. The
    /// best of three plans: greedy by score and greedy by score for money, both with lazy re-evaluation (what a choice
    /// covers is no longer short for the next), and first come, so that central allocation is never worse than that.
    std::vector<Choice> central(const std::vector<std::uint32_t>& spaces, std::int64_t budget_yuan, std::int64_t headroom,
                                std::size_t most);

    /// Residents of the service's target group within its distance who are not served now, at most what the capacity serves.
    double newly_served(ServiceId service, NodeId node, double capacity);

    /// Whether the use may be chosen now: lawful, under its ceiling (C3.4, C3.5), within headroom (C4.1), not the one refused last.
    bool open_to(std::uint32_t space, UseId use, const Verdict& verdict, std::int64_t headroom) const;
    /// Counts a choice: what it covers is covered, the m2 are the use's.
    void take(std::uint32_t space, UseId use);

private:
    struct Found {
        UseId use;
        double total = 0;
    };
    std::vector<Choice> greedy(const std::vector<std::uint32_t>& spaces, const std::vector<std::vector<Verdict>>& verdicts,
                               std::int64_t budget_yuan, std::int64_t headroom, std::size_t most, bool by_money);
    std::vector<Choice> first_come(const std::vector<std::uint32_t>& spaces, const std::vector<std::vector<Verdict>>& verdicts,
                                   std::int64_t budget_yuan, std::int64_t headroom, std::size_t most);
    void book(std::vector<Choice>& choices, const Choice& choice, std::int64_t& budget_yuan, class HeadroomLeft& room);
    Found find_best(std::uint32_t space, const std::vector<Verdict>& verdicts, std::int64_t headroom, std::int64_t budget_yuan);
    /// Members short of the service within its distance; kept until a choice changes it.
    double shortfall(ServiceId service, NodeId node);
    double points(ServiceId service, NodeId node, double capacity);

    const Model& model_;
    const World& world_;
    const Levers& levers_;
    double scale_;                     ///< people simulated per person
    std::unique_ptr<ReachIndex> own_;  ///< where services keep no reach lists yet (tests)
    const ReachIndex* reach_;
    std::vector<double> group_weight_;  ///< [group] residents per member
    std::vector<float> unserved_;       ///< [service * nodes + node] members not served and not yet covered by this round
    struct Known {
        double sum = 0;
        std::uint32_t version = 0;
    };
    std::vector<std::uint32_t> place_of_;    ///< [node] 1 + its place in known_, 0: none yet
    std::vector<Known> known_;               ///< [place * services + service]
    std::vector<std::uint32_t> version_;     ///< [service] raised whenever unserved_ changes
    std::vector<std::int64_t> use_dm2_;      ///< [block * uses + use] m2 chosen or open
    std::vector<std::int64_t> vacated_dm2_;  ///< [block] m2 vacated so far
};

/// The use of a space for `--neutral allocation`: any lawful one, by a keyed draw that looks at nothing.
UseId any_use(const Model& model, const World& world, std::uint32_t space, const std::vector<Verdict>& verdicts);

}  // namespace hutong
