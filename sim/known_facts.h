/// What is published about the district's people, and a run held against it: totals that constants were fitted to, and what
/// was kept out of the fit. A fitted figure is never called a prediction, and what the start structure was cast back from
/// (ages and households of the census of 2020) is consistency, never validation.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.h"
#include "scenarios/district.h"
#include "sim/calibration.h"

namespace hutong {

/// Facts of the pack: figures.csv and the tables of its folder facts/. Throws Error(bad_district | missing_file) for what is not there.
class KnownFacts {
public:
    /// `folder` is the pack's; `scale` the fraction of the people simulated.
    KnownFacts(const District& district, const std::filesystem::path& folder, double scale)
        : district_(district), folder_(folder / "facts"), scale_(scale) {}

    /// Whether the pack has what hold_against_facts asks for; imported packs mostly have not.
    bool complete() const;
    double figure(std::string_view name) const;
    /// A number of people, as many as the scale simulates.
    double people(std::string_view name) const { return scale_ * figure(name); }
    /// Shares by age group of the census of 2020.
    std::array<double, census_ages> ages() const;
    /// Of facts/district_totals.csv; NaN where a year has none.
    double total(int year, std::string_view indicator) const;
    /// Sub-districts whose census population is sourced, not estimated.
    std::vector<std::pair<std::uint32_t, double>> sourced_subdistricts() const;

private:
    const District& district_;
    std::filesystem::path folder_;
    double scale_;
};

enum class FactKind : std::uint8_t { fitted, prediction, consistency };
std::string_view name_of(FactKind kind);  ///< "fitted", "prediction", "consistency"

/// One published figure and the run's.
struct HeldFact {
    enum class Form : std::uint8_t { persons, ratio, share };
    std::string what;
    FactKind kind = FactKind::prediction;
    Form form = Form::persons;
    double known = 0, model = 0;
    double error() const { return model / known - 1.0; }
};

/// The months whose snapshots are looked at.
bool holds_facts(Month month);

/// Year ends of 2017 to 2019 (fitted), then what was kept out; figures of months that were not seen are left out.
std::vector<HeldFact> hold_against_facts(const KnownFacts& facts, const District& district, const std::vector<Snapshot>& seen,
                                         const Text& text);

/// Sum of absolute differences of the age shares to the census, and how many groups are more than a tenth of themselves off.
struct AgesHeld {
    double sum = 0;
    int beyond = 0;
};
AgesHeld hold_ages(const std::array<double, census_ages>& known, const Snapshot& census);

}  // namespace hutong
