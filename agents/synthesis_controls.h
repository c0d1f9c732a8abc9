/// The pack's control totals made ready for fitting: categories read into predicates, totals that disagree made to
/// agree once (and reported), tenure and dwelling type joined to classes of homes that exist.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agents/synthesis_pool.h"
#include "scenarios/district.h"

namespace hutong {

enum class ControlKind : std::uint8_t {
    household_size,
    tenure,
    dwelling_type,
    home,
    age_sex,
    registration,
    education,
    quarters,
    members,
    employed,
    households,
    population
};

/// One control that candidates can be counted by.
struct FitControl {
    ControlKind kind = ControlKind::population;
    std::string table, category;
    bool persons = false;
    bool independent = false;
    Status status = Status::derived;
    int low = 0, high = 0;        ///< ages or sizes, inclusive
    int sex = -1;                 ///< Sex, -1: both
    int code = 0;                 ///< registration, education, tenure, dwelling type, or type * tenures + tenure
    std::vector<double> given;    ///< as in the pack, by sub-district
    std::vector<double> targets;  ///< after reconciliation and scaling
};

/// What was made to agree, for the report. Figures of the whole district unless a sub-district is named.
struct Reconciliation {
    Message subject;
    double given = 0, used = 0;
    Message treatment;
    std::optional<std::size_t> subdistrict = {};  ///< where, when it is not the whole district
};

/// A household as controls see it.
struct HouseholdView {
    DwellingType type = DwellingType::apartment;
    Tenure tenure = Tenure::owned;
    bool collective = false;
    std::span<const CandidatePerson> members;
};

/// How many households or persons of this household the control counts. Employment is not known before placing: 0.
int count_in(const FitControl& control, const HouseholdView& household);

struct ControlPlan {
    std::vector<FitControl> fitted;    ///< what the weights are fitted to (homes joined)
    std::vector<FitControl> reported;  ///< the pack's own controls
    std::vector<Reconciliation> notes;
};

/// Stock of homes people can live in at the start, by sub-district and class.
struct HomeStock {
    std::vector<std::array<double, dwelling_types * tenures>> lettable;  ///< [sub-district]: neither held empty nor cleared
};
HomeStock home_stock(const District& district, Month start);
HomeShares home_shares(const HomeStock& stock);

/// `scale` as in RunSettings. Throws Error(bad_district) for a control the program does not understand.
ControlPlan plan_controls(const District& district, const HomeStock& stock, double scale);

inline int home_class(DwellingType type, Tenure tenure) { return static_cast<int>(type) * tenures + static_cast<int>(tenure); }

}  // namespace hutong
