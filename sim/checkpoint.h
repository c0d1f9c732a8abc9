/// Checkpoints of one run: everything that its future and its results file depend on, at the end of a month. The last
/// two are kept, so that a process killed while it writes, or a disk that damages a file, costs no more than one.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/run.h"

namespace hutong {

std::filesystem::path checkpoint_folder(const std::filesystem::path& out);

/// Writes the state after `series.rows() - 1` months and removes all but the last two. `key` tells which run it is of
/// (scenario, district, version). Throws Error(cannot_write); the older ones are then untouched.
void write_checkpoint(const std::filesystem::path& folder, std::uint64_t key, World& world, Series& series, const RunCounts& counts);

struct Restored {
    World world;
    RunProgress progress;
    int months = 0;  ///< done
};
/// The newest checkpoint that is whole and of this run. What is damaged is passed over and told to `notice`; nothing when
/// there is none at all. Throws Error(bad_results) when there are checkpoints but none can be used.
std::optional<Restored> read_checkpoint(const std::filesystem::path& folder, std::uint64_t key, const IndicatorSet& indicators,
                                        const std::function<void(const Error&)>& notice);

/// Removes the checkpoints of a run that has ended, and the folder when nothing else is in it.
void remove_checkpoints(const std::filesystem::path& folder);

}  // namespace hutong
