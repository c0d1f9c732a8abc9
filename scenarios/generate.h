/// The bundled district made from facts: `hutong district generate`. Deterministic: only exact_math, IEEE sums in a
/// fixed order and draws keyed by names (Purpose::generate), so that adding one thing leaves the others as they are.
/// What is made up and how is told in docs/district-pack.md and, table by table, in the pack's district.toml.
#pragma once

#include <cstdint>
#include <filesystem>

namespace hutong {

/// Reads the tables of `facts` and writes the whole pack (but for the catalogue: sectors, services, uses, rules,
/// history) into `out`, which is made if missing. The bundled pack is seed 1.
void generate_district(const std::filesystem::path& facts, const std::filesystem::path& out, std::uint64_t seed = 1);

}  // namespace hutong
