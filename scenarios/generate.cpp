#include "scenarios/generate.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/hash.h"
#include "scenarios/generate_draft.h"

namespace hutong {

void generate_district(const std::filesystem::path& facts, const std::filesystem::path& out, std::uint64_t seed) {
    generate::Draft draft(seed);
    generate::read_facts(draft, facts);
    generate::make_figures(draft);
    generate::make_blocks(draft);
    generate::make_network(draft);
    generate::make_population(draft);
    generate::make_dwellings(draft);
    generate::make_spaces(draft);
    generate::make_premises(draft);
    generate::make_facilities(draft);
    generate::write_pack(draft, out);
}

namespace generate {

std::uint64_t Chance::key(std::string_view name, std::uint64_t a, std::uint64_t b, std::uint64_t c) const {
    const std::uint64_t luck = luck_key(Hash{}.text(name).value(), a, b, c);
    const Word4 words = luck_.block(Purpose::generate, luck, Month{});
    return (static_cast<std::uint64_t>(words[1]) << 32) | words[0];
}

double Chance::uniform(std::string_view name, std::uint64_t a, std::uint64_t b, std::uint64_t c) const {
    return unit_open(static_cast<std::uint32_t>(key(name, a, b, c)));
}

std::vector<std::int64_t> split(std::int64_t total, const std::vector<double>& weights) {
    std::vector<std::int64_t> parts(weights.size(), 0);
    double sum = 0;
    for (double weight : weights) sum += weight;
    if (!(sum > 0) || total <= 0) return parts;
    std::vector<std::pair<double, std::size_t>> rest;
    std::int64_t given = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const double exact = static_cast<double>(total) * weights[i] / sum;
        parts[i] = static_cast<std::int64_t>(std::floor(exact));
        given += parts[i];
        if (weights[i] > 0) rest.push_back({static_cast<double>(parts[i]) - exact, i});
    }
    std::sort(rest.begin(), rest.end());
    for (std::size_t i = 0; given < total; i = (i + 1) % rest.size(), ++given) ++parts[rest[i].second];
    return parts;
}

const NamedFigure& Draft::figure(std::string_view name) const {
    for (const NamedFigure& one : figures) {
        if (one.name == name) return one;
    }
    throw Error(ErrorKind::internal, msg("the generator has no figure '{}'", name));
}

}  // namespace generate
}  // namespace hutong
