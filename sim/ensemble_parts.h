/// Part files: what each finished simulation of many leaves in `<out>.parts/`, whole or not at all, until all are
/// merged into one results file in order. With them a run that was interrupted, or lost a rank, goes on where it was.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/archive.h"
#include "sim/results.h"

namespace hutong {

std::filesystem::path parts_folder(const std::filesystem::path& out);
std::filesystem::path part_file(const std::filesystem::path& folder, std::size_t index);

/// Writes one part: `key` says of which runs it is one, `lowest` which levels are kept. Throws Error(cannot_write).
void write_part(const std::filesystem::path& folder, std::size_t index, std::uint64_t key, Level lowest, Replicate replicate);

/// True when the part is there, whole, and of these runs.
bool part_is_good(const std::filesystem::path& folder, std::size_t index, std::uint64_t key);

/// The numbers of all part files in the folder, whatever runs they are of.
std::vector<std::size_t> parts_in(const std::filesystem::path& folder);

/// Parts first .. first + count - 1, mapped: the memory of the process does not grow with their number.
class Parts : public ReplicateSource {
public:
    /// Throws Error(missing_file) for a part that is not there, Error(bad_results) for a damaged one or one of other runs.
    Parts(const std::filesystem::path& folder, std::size_t first, std::size_t count, std::uint64_t key, const IndicatorSet& indicators,
          Level lowest = Level::block);

    std::size_t count() const override { return parts_.size(); }
    std::size_t rows() const override { return rows_; }
    std::uint32_t number(std::size_t replicate) const override { return parts_[replicate].number; }
    std::uint64_t state_hash(std::size_t replicate) const override { return parts_[replicate].state_hash; }
    std::span<const float> reals(std::size_t replicate, std::size_t indicator, Level level) const override;
    std::span<const std::int64_t> money(std::size_t replicate, std::size_t indicator, Level level) const override;
    std::vector<CauseRow> causes(std::size_t replicate) const override;
    std::vector<ProjectRow> projects(std::size_t replicate) const override;
    SpacesState spaces(std::size_t replicate) const override;
    /// [row * areas + area]; empty below the indicator's lowest level.
    std::vector<double> values(std::size_t replicate, std::size_t indicator, Level level) const;

private:
    struct Part {
        ArchiveReader file;
        std::uint32_t number = 0;
        std::uint64_t state_hash = 0;
    };
    std::size_t areas(Level level) const;
    std::size_t column_of(std::size_t indicator, Level level) const;

    const IndicatorSet* indicators_;
    Level lowest_;
    std::size_t rows_ = 0, first_column_ = 0;
    std::vector<Part> parts_;
};

}  // namespace hutong
