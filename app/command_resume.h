/// `hutong resume`: goes on with a run from its newest checkpoint; and what `hutong run --checkpoint-every` keeps for it.
#pragma once

#include <filesystem>
#include <optional>

#include "app/command_run.h"
#include "sim/checkpoint.h"

namespace hutong {

/// The checkpoints of one run.
class Checkpoints {
public:
    /// Throws Error(usage) for more than one replicate. Writes down what was asked for, beside the checkpoints.
    Checkpoints(const RunRequest& request, const std::filesystem::path& out, const Session& session, const Text& text);
    /// The state to go on from; nothing when the run begins anew. Throws Error(missing_file) when there should be one.
    std::optional<Restored> restored(const IndicatorSet& indicators) const;
    /// Makes the run save its state. A disk that is full costs the checkpoint, not the run.
    void save_in(RunOptions& options) const;

private:
    const RunRequest& request_;
    const Text& text_;
    std::filesystem::path folder_;
    std::uint64_t key_ = 0;
};

/// Removes the checkpoints of a run that has ended.
void forget_request(const std::filesystem::path& out);

}  // namespace hutong
